/** What is added to an order besides sends: callbacks, bookings, decisions, acknowledgements, what due work writes down. */
import { attemptOf, callbackId, seenNow } from './facts.ts';
import { lapsedAnswer } from './lapse.ts';
import { newSend } from './new-order.ts';
import type { Booking, Callback, Decision, Order, Send, SettlementRequest, Step } from './order.ts';
import { type Caller, nextNumber, revise, withKey } from './revise.ts';
import { lapsesAt } from './stages.ts';
import { type Summary, summarize } from './summarize.ts';
import { listed } from './tables.ts';
import type { AttentionReason, HistoryEvent } from './words.ts';

/** Null: it is stored already. `at`: now; the callback itself says when it came in. */
export function addCallback(order: Order, callback: Callback, at: Date): Order | null {
  const id = callbackId(callback);
  if (order.callbacks.some(each => callbackId(each) === id)) return null;
  const callbacks = [...order.callbacks, callback];
  const { status, orderNumber } = callback;
  const isListed = Object.hasOwn(listed[order.method], status);
  const note = (after: Summary) => {
    const why = after.uncounted.find(({ groups }) => groups[0]?.[0] === id);
    if (why) return `not counted (${why.reason}): ${why.note}`;
    const isOther = orderNumber !== null && orderNumber !== after.orderNumber;
    return uncheckedNote(callback) ?? (isOther ? `order number ${orderNumber}` : null);
  };
  const event = `${order.method}_${isListed ? status.toLowerCase() : 'unlisted'}` as HistoryEvent;
  const change = { at, source: 'callback', event, code: isListed ? callback.code : status, note } as const;
  return revise(order, change, { callbacks });
}

function uncheckedNote({ amountYen, ipCode }: Callback): string | null {
  const absent = [...(amountYen === null ? ['amount'] : []), ...(ipCode === 'absent' ? ['IP code'] : [])];
  return absent.length === 0 ? null : `unchecked, not in the callback: ${absent.join(', ')}`;
}

/** Books a settlement in our own schedule; nothing is sent before its day. */
export function book(
  order: Order,
  orderNumber: string | null,
  settlement: SettlementRequest,
  caller: Caller,
  at: Date,
): Order {
  const time = at.toISOString();
  const step: Booking = { kind: 'booking', number: nextNumber(order), at: time, seen: [], orderNumber, settlement };
  const keys = withKey(order.keys, caller, time, step.number);
  const change = { at, source: 'api', event: 'book', actor: caller.actor, note: `for ${settlement.on}` } as const;
  return revise(order, change, { steps: [...order.steps, step], keys });
}

/** Withdraws a booking of our own schedule: the gateway knows nothing of it. */
export function withdrawBooking(order: Order, orderNumber: string | null, caller: Caller, at: Date): Order {
  const time = at.toISOString();
  const done = {
    at: time,
    kind: 'done',
    orderNumber: null,
    bookedOn: null,
    elsewhere: false,
    testsAccepted: false,
    cvs: null,
  } as const;
  const send = newSend(nextNumber(order), 'withdraw', time);
  const step: Send = { ...send, orderNumber, claim: null, seen: seenNow(order), answer: done };
  const keys = withKey(order.keys, caller, time, step.number);
  return revise(
    order,
    { at, source: 'api', event: 'withdraw', actor: caller.actor },
    { steps: [...order.steps, step], keys },
  );
}

/** An operator's decision. */
export function decide(
  order: Order,
  decision: Pick<Decision, 'outcome' | 'orderNumber' | 'amountYen'>,
  caller: Caller,
  note: string,
  at: Date,
): Order {
  const base = { number: nextNumber(order), at: at.toISOString(), seen: seenNow(order) };
  const keys = withKey(order.keys, caller, base.at, base.number);
  const change = { at, source: 'operator', event: decision.outcome, note, actor: caller.actor } as const;
  return revise(order, change, { steps: [...order.steps, { kind: 'decision', ...base, ...decision }], keys });
}

export function acknowledge(order: Order, reasons: AttentionReason[], caller: Caller, note: string, at: Date): Order {
  const base = { number: nextNumber(order), at: at.toISOString(), seen: seenNow(order) };
  const keys = withKey(order.keys, caller, base.at, base.number);
  const change = { at, source: 'operator', event: 'acknowledged', note, actor: caller.actor } as const;
  return revise(order, change, { steps: [...order.steps, { kind: 'acknowledgement', ...base, reasons }], keys });
}

/** Due work: a settlement needs attention, or a booking of ours ends because its last day is past. */
export function noteDue(
  order: Order,
  event: 'settlement_due' | 'booking_ended',
  orderNumber: string | null,
  day: string,
  at: Date,
): Order {
  const step = { ...dueNote(order, orderNumber, day, null), kind: event } as Step;
  return revise(order, { at, source: 'schedule', event, note: day }, { steps: [...order.steps, step] });
}

/**
 * The invocation that held the claim is dead: whether it charged is known to the gateway alone, unless it was still
 * enrolling. Or the payer did not come back in time. Null: it may be alive, or a callback ended the send.
 */
export function giveUp(order: Order, at: Date): Order | null {
  const attempt = attemptOf(order);
  if (!attempt || summarize(order).open?.number !== attempt.number || at.toISOString() < lapsesAt(attempt)) return null;
  const answer = lapsedAnswer(attempt, at.toISOString());
  const steps = order.steps.map(step => (step === attempt ? { ...attempt, claim: null, answer } : step));
  const event = answer.kind === 'expired' ? 'expired' : 'claim_stale';
  return revise(order, { at, source: 'schedule', event }, { steps });
}

/** The order as of `now`: what due work will write down about an attempt that has lapsed counts already. */
export function asOf(order: Order, now: Date): Order {
  const attempt = attemptOf(order);
  const lapsed = attempt && !attempt.answer ? lapsesAt(attempt) : null;
  if (lapsed === null || now.toISOString() < lapsed) return order;
  const given = giveUp(order, new Date(lapsed));
  return given ? { ...given, version: order.version, updatedAt: order.updatedAt } : order;
}

export const dueNote = (order: Order, orderNumber: string | null, day: string, code: string | null): Step => ({
  kind: 'settlement_due',
  number: nextNumber(order),
  at: order.updatedAt,
  seen: [],
  orderNumber,
  day,
  code,
});
