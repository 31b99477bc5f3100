/**
 * A card charge with EMV 3-D Secure, until the payer's browser takes over (three-d-secure.md, 7.5). card-completion.ts
 * goes on from there.
 *
 *   1 PutItem   sending, enrolling               the race is decided here
 *   2 EnrolReq  once
 *   3 PutItem   awaiting_customer, the session   if the claim is still ours
 *
 * No payment has been asked for, so whatever goes wrong here ends in `not_processed`.
 */
import { enrolled, waiting } from '../domain/authentication.ts';
import { asOf } from '../domain/changes.ts';
import { attemptOf } from '../domain/facts.ts';
import type { Masked } from '../domain/masked.ts';
import type { Order } from '../domain/order.ts';
import { type CardEnrolment, cardEnrolment, type EnrolmentOutcome } from '../zeus/operations/card-enrolment.ts';
import { unsupported } from './authentication-failures.ts';
import { claimNew, record } from './engine.ts';
import { isTooLateToPay, payOnce } from './pay-once.ts';
import type { Submitted } from './replay.ts';
import { type CardDeps, type ChargeRequest, cardDraft, sendRegistering } from './token-charge.ts';
import { change } from './write.ts';

export interface AuthenticationDeps extends CardDeps {
  key: Masked;
  /** Whether cards outside 3-D Secure (a brand, an issuer) are refused or charged all the same. */
  threeDSecureOutside: 'refuse' | 'charge';
}

export interface AuthenticationRequest extends ChargeRequest {
  /** How a stored card is looked up; null: a new card, kept where `cardId` is given. */
  lookUp: CardEnrolment['lookUp'];
  tokenKey: Masked | null;
  cardId: string | null;
  cardholderName: Masked | null;
}

/** A card outside 3-D Secure may still be charged in this call, so its enrolment must not take the whole time. */
const enrolmentTimeoutMs = { refuse: 75_000, charge: 20_000 };

/** Opens a 3-D Secure session for a charge or a registration; moves no money, unless a card outside it is charged. */
export async function authenticateCard(deps: AuthenticationDeps, request: AuthenticationRequest): Promise<Submitted> {
  const calledAt = deps.now();
  const { lookUp, cardId, phone } = request;
  const operation = lookUp === null ? 'authenticated_charge' : 'authenticated_recurring_charge';
  const draft = cardDraft(deps, operation, request);
  const claimed = await claimNew(deps, draft);
  if (claimed.kind !== 'claimed') return claimed;
  const wire = { ...request, ipCode: deps.ipCode, key: deps.key, orderId: draft.orderId };
  const send = () => cardEnrolment(deps.send, wire, enrolmentTimeoutMs[deps.threeDSecureOutside]);
  const isRegistration = lookUp === null && cardId !== null;
  const outcome = await (isRegistration ? sendRegistering(deps, cardId, phone, send) : send());
  const order = await storeEnrolment(deps, claimed.order, outcome, calledAt);
  return { kind: 'answered', order, replayed: false };
}

async function storeEnrolment(
  deps: AuthenticationDeps,
  order: Order,
  outcome: EnrolmentOutcome,
  calledAt: Date,
): Promise<Order> {
  const step = attemptOf(order);
  if (!step?.claim) throw new Error(`Order ${order.orderId} has no claim.`);
  const { id } = step.claim;
  switch (outcome.kind) {
    case 'enrolled': {
      const { xid, iframeUrl } = outcome;
      return (await change(deps, order, each => enrolled(each, id, { xid, iframeUrl }, deps.now()))).order;
    }
    case 'outside': {
      const { xid, code } = outcome;
      if (deps.threeDSecureOutside === 'charge' && xid !== null) {
        if (!isTooLateToPay(deps, calledAt)) return payOnce(deps, order, step, xid, { kind: 'outside', code });
        return record(deps, order, { ...deps, step, bySchedule: false }, tooLate);
      }
      const refusal = { kind: 'refused', failure: { ...unsupported, code }, orderNumber: null, truth: null } as const;
      return record(deps, order, { ...deps, step, bySchedule: false }, refusal);
    }
    case 'refused':
    case 'not_processed':
      return record(deps, order, { ...deps, step, bySchedule: false }, outcome);
  }
}

/** The card is not to blame, so the order must not end as declined. */
const tooLate = {
  kind: 'not_processed',
  reason: 'too_late',
  code: null,
  message: 'The enrolment took too long for a payment request in the same call',
} as const;

/** The arguments of the vendor's `setPareqParams`, but for termUrl. */
export interface BrowserStep {
  md: string;
  paReq: 'PaReq';
  threeDSMethod: '2';
  iframeUrl: string;
}

/** What the payer's browser needs; null: the order waits for no browser, or a completion has begun. */
export function browserStepOf(order: Order, now: Date): BrowserStep | null {
  const attempt = waiting(asOf(order, now));
  const session = attempt?.attempts === 1 ? attempt.authentication?.session : null;
  return session ? { md: session.xid, paReq: 'PaReq', threeDSMethod: '2', iframeUrl: session.iframeUrl } : null;
}
