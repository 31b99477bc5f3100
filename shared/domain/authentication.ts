/**
 * EMV 3-D Secure on a card attempt (three-d-secure.md, section 7): it enrols the card, waits for the payer's browser, then
 * asks for the payment once. Enrolling and waiting move no money; from stage `pay` on the attempt is like any charge.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { attemptOf, seenNow } from './facts.ts';
import type { Answer, Order, Send } from './order.ts';
import type { Failure, Outcome } from './outcome.ts';
import { type Caller, type Change, revise, withKey } from './revise.ts';
import type { Authentication } from './stages.ts';
import { summarize } from './summarize.ts';

/** Binds the gateway's session to the order; from then on it waits for the payer. Null: the claim is not ours any more. */
export function enrolled(
  order: Order,
  claimId: string,
  session: NonNullable<Authentication['session']>,
  at: Date,
): Order | null {
  const attempt = attemptOf(order);
  if (!attempt?.authentication || attempt.answer || attempt.claim?.id !== claimId) return null;
  const authentication = { ...attempt.authentication, stage: 'wait', session } as const;
  return withAttempt(order, { at, source: 'gateway', event: 'enrolled' }, { ...attempt, authentication, claim: null });
}

/** Claims a waiting order for a completion. */
export function beginCompletion(order: Order, claimId: string, caller: Caller, at: Date): Order {
  const attempt = waiting(order);
  if (!attempt) throw new Error(`Order ${order.orderId} does not wait for a payer.`);
  const claim = { id: claimId, at: at.toISOString() };
  const next = { ...attempt, claim, attempts: attempt.attempts + 1 };
  return withAttempt(order, { at, source: 'api', event: 'authenticate', actor: caller.actor }, next, caller);
}

/**
 * The point of no return: the invocation that stored this sends the one payment request of the session, which leaves the order here.
 * Null: the claim is not ours any more, or the order is not one to be paid any more.
 */
export function beginPayment(
  order: Order,
  claimId: string,
  result: NonNullable<Authentication['result']>,
  at: Date,
): Order | null {
  const attempt = attemptOf(order);
  const { status } = summarize(order);
  const isOpen = status === 'awaiting_customer' || (status === 'sending' && attempt?.authentication?.stage === 'enrol');
  if (!attempt || !isOpen || attempt.answer || attempt.claim?.id !== claimId) return null;
  const authentication = { stage: 'pay', session: null, result } as const;
  const claim = { id: claimId, at: at.toISOString() };
  const next = { ...attempt, authentication, claim, seen: seenNow(order) };
  return withAttempt(order, { at, source: 'gateway', event: 'authenticate_done', code: result.code }, next);
}

/** The gateway did not say whether the payer was authenticated: the order waits on. Null: the claim is not ours any more. */
export function waitOn(
  order: Order,
  claimId: string,
  outcome: Extract<Outcome, { kind: 'not_processed' | 'unknown' }>,
  at: Date,
): Order | null {
  const attempt = waiting(order);
  if (attempt?.claim?.id !== claimId) return null;
  const code = outcome.kind === 'not_processed' ? outcome.code : null;
  const change = { at, source: 'gateway', event: `authenticate_${outcome.kind}`, code, note: outcome.message } as const;
  return withAttempt(order, change, { ...attempt, claim: null });
}

/** What the payer's browser brought can end an order that waits, never pay it. Nothing was sent. */
export function endByBrowser(
  order: Order,
  kind: 'refused' | 'not_processed',
  failure: Failure,
  caller: Caller,
  at: Date,
): Order {
  const attempt = waiting(order);
  if (!attempt) throw new Error(`Order ${order.orderId} does not wait for a payer.`);
  const answer: Answer = { at: at.toISOString(), kind, failure, orderNumber: null };
  const change = { at, source: 'api', event: kind, note: failure.message, actor: caller.actor } as const;
  return withAttempt(order, change, { ...attempt, claim: null, answer }, caller);
}

/** The attempt of an order that waits for the payer. */
export function waiting(order: Order): Send | null {
  const attempt = attemptOf(order);
  return attempt?.authentication?.stage === 'wait' && summarize(order).status === 'awaiting_customer' ? attempt : null;
}

/** Whether the session that a browser names is the attempt's own; takes as long for any other. */
export function isSession({ authentication }: Send, md: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(authentication?.session?.xid ?? ''), hash(md));
}

/** Replaces the attempt. `caller`: its key is noted. */
function withAttempt(order: Order, change: Change, attempt: Send, caller: Caller | null = null): Order {
  const steps = order.steps.map(each => (each.number === attempt.number ? attempt : each));
  return revise(order, change, { steps, keys: withKey(order.keys, caller, change.at.toISOString(), attempt.number) });
}
