import { asOf, isFresh, type Order } from '../domain/order.ts';
import type { Failure, Outcome } from '../domain/outcome.ts';
import { change } from './change.ts';
import { type Draft, newOrder, type Submitted } from './new-order.ts';
import { persist } from './persist.ts';
import type { Clock, OrderStore } from './ports.ts';
import { effectOf, findRow } from './transitions.ts';

export interface SubmitDeps extends Clock {
  store: OrderStore;
}

/** A success's own findings, beside the gateway's order number. */
export type Findings = { orderNumber: string | null } & Partial<Pick<Order, 'cvs'>>;

/**
 * Sends an order to the gateway at most once, whatever crashes, repeats or arrives late.
 *
 *   1 PutItem   the order as `sending` under a fresh claim, if there is none     the race is decided here
 *   2 POST      once
 *   3 PutItem   the outcome, if nothing has changed the order since              else: merged with what did
 *
 * A crash between 1 and 3 leaves `sending`, which reads as `unknown` after 120 s and is never sent again.
 * Only `not_processed` is: it proves that nothing happened.
 */
export async function submitOnce(
  deps: SubmitDeps,
  draft: Draft,
  send: () => Promise<Outcome<Findings>>,
): Promise<Submitted> {
  const claimed = await claim(deps, newOrder(draft, 'sending', deps.now()));
  if (claimed.kind !== 'claimed') return claimed;
  const outcome = await send();
  return { kind: 'answered', order: await record(deps, claimed.order, outcome), replayed: false };
}

type Claimed = { kind: 'claimed'; order: Order } | Submitted;

async function claim(deps: SubmitDeps, order: Order): Promise<Claimed> {
  const written = await deps.store.create(order);
  if (written.stored) return { kind: 'claimed', order: written.stored };
  if (!written.existing) throw new Error(`Order ${order.orderId} both exists and does not.`);
  return claimAgain(deps, order, written.existing);
}

/** What a request meets whose key has made an order before. */
async function claimAgain(deps: SubmitDeps, order: Order, existing: Order): Promise<Claimed> {
  if (existing.request !== order.request) return { kind: 'key_reused' };
  const now = deps.now();
  // The client repeats a write whose answer was lost, and may find its own claim in its way.
  if (existing.status === 'sending' && existing.claim?.id === order.claim?.id)
    return { kind: 'claimed', order: existing };
  if (existing.status === 'sending' && isFresh(existing.claim, now)) return { kind: 'in_progress' };
  if (existing.status !== 'not_processed') return { kind: 'answered', order: asOf(existing, now), replayed: true };
  const next = change(existing, {
    at: now,
    source: 'api',
    event: existing.operation,
    to: 'sending',
    fill: { claim: order.claim },
  });
  const written = await deps.store.replace(next);
  if (written.stored) return { kind: 'claimed', order: written.stored };
  if (!written.existing) throw new Error(`Order ${order.orderId} is gone.`);
  return claimAgain(deps, order, written.existing);
}

/** Stores how the send ended; a callback that was faster is merged with, never overwritten. */
async function record(deps: SubmitDeps, claimed: Order, outcome: Outcome<Findings>): Promise<Order> {
  let order = claimed;
  for (;;) {
    const next = withOutcome(order, outcome, deps.now());
    const written = await persist(deps, () => deps.store.replace(next));
    if (written.stored) return written.stored;
    if (!written.existing) throw new Error(`Order ${order.orderId} is gone.`);
    order = written.existing;
    // Another attempt holds the order: that can only follow an outcome of ours that is stored.
    if (order.claim?.id !== claimed.claim?.id) return order;
  }
}

/** The order once the answer is known: an explicit answer moves it as the callback of the same meaning does. Pure. */
export function withOutcome(order: Order, outcome: Outcome<Findings>, at: Date): Order {
  const event = eventOf(order, outcome);
  const row = findRow(order.method, event);
  if (!row) throw new Error(`No transition for ${event} of a ${order.method} order.`);
  const said = { at, source: 'gateway' as const, event: outcome.kind, ...explanation(outcome) };
  const fill = { claim: null, ...findings(order, outcome) };
  const listed = effectOf(row, order.status);
  const isOther = listed.kind !== 'move' && isOtherNumber(order, outcome);
  const effect = isOther ? ({ kind: 'contradiction' } as const) : listed;
  switch (effect.kind) {
    case 'move': {
      const to = row.to === 'paid' && order.amountYen === 0 ? 'registered' : effect.to;
      const failure = failureOf(outcome);
      return change(order, { ...said, to, attention: effect.attention, fill: { ...fill, failure } });
    }
    case 'repeat':
    case 'late':
      return change(order, { ...said, fill });
    case 'contradiction':
    case 'not_allowed':
      return change(order, {
        ...said,
        attention: 'contradiction',
        note: `contradicts ${order.status}`,
        fill: { claim: null },
      });
  }
}

function eventOf({ method }: Order, outcome: Outcome<Findings>): string {
  switch (outcome.kind) {
    case 'done':
      return method === 'card' ? 'card_ok' : 'cvs_01';
    case 'refused':
      return method === 'card' ? 'card_ng' : 'cvs_02';
    case 'not_processed':
      return 'not_processed';
    case 'unknown':
      return 'no_answer';
  }
}

/** An answer that breaks off within the number is of the order whose callback brought the whole of it. */
const isOtherNumber = (order: Order, outcome: Outcome<Findings>): boolean =>
  outcome.kind === 'done' &&
  outcome.orderNumber !== null &&
  order.orderNumber !== null &&
  !order.orderNumber.startsWith(outcome.orderNumber);

function explanation(outcome: Outcome<Findings>): { code: string | null; note: string | null } {
  switch (outcome.kind) {
    case 'done':
      return { code: null, note: null };
    case 'refused':
      return { code: outcome.failure.code, note: outcome.failure.message };
    case 'not_processed':
      return { code: outcome.code, note: outcome.message };
    case 'unknown':
      return { code: null, note: outcome.message };
  }
}

/** What the answer knows and a faster callback may not have told. */
function findings(order: Order, outcome: Outcome<Findings>): Partial<Order> {
  if (outcome.kind === 'refused' && outcome.orderNumber) {
    return order.orderNumber ? {} : { orderNumber: outcome.orderNumber, gatewayStatus: order.gatewayStatus ?? 'NG' };
  }
  if (outcome.kind !== 'done') return {};
  return {
    orderNumber: order.numberBound ? order.orderNumber : (outcome.orderNumber ?? order.orderNumber),
    numberBound: order.numberBound || outcome.orderNumber !== null,
    gatewayStatus: order.gatewayStatus ?? (order.method === 'card' ? 'OK' : '01'),
    ...(outcome.cvs && order.cvs && { cvs: mergeCvs(order.cvs, outcome.cvs) }),
  };
}

type Cvs = NonNullable<Order['cvs']>;

const mergeCvs = (known: Cvs, answered: Cvs): Cvs => ({
  store: known.store,
  paymentNumbers: answered.paymentNumbers.length > 0 ? answered.paymentNumbers : known.paymentNumbers,
  payBy: answered.payBy ?? known.payBy,
  redirectUrl: answered.redirectUrl ?? known.redirectUrl,
});

function failureOf(outcome: Outcome<Findings>): Failure | null {
  if (outcome.kind === 'refused') return outcome.failure;
  if (outcome.kind !== 'not_processed') return null;
  return { reason: outcome.reason, code: outcome.code, parameter: null, message: outcome.message, payerMessage: null };
}
