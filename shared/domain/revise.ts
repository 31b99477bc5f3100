/** The one way to a next version of an order: an edit of its facts, with what follows from it for history and lists. */
import { append, type HistoryEntry } from './history.ts';
import { isSend, keyLimit, type Order, type Step } from './order.ts';
import { type Summary, summarize, withSameFacts } from './summarize.ts';
import type { HistoryEvent } from './words.ts';

export interface Change {
  at: Date;
  source: HistoryEntry['source'];
  event: HistoryEvent;
  code?: string | null;
  /** A function where it depends on what the order then comes to. */
  note?: string | null | ((after: Summary) => string | null);
  actor?: string | null;
}

/** Whose call it is: digests of its key and of the request, and who made it. */
export interface Caller {
  key: string;
  request: string;
  actor: string | null;
}

/** The next version, with its entry in history. */
export function revise(order: Order, { at, source, event, ...more }: Change, edit: Partial<Order>): Order {
  const time = at.toISOString();
  // A queued callback, or a clock behind another's, must not turn time back.
  const updatedAt = time > order.updatedAt ? time : order.updatedAt;
  const next = { ...order, ...edit, updatedAt, version: order.version + 1 };
  const [before, after] = [summarize(order), summarize(next)];
  const steps = after.status === 'awaiting_customer' ? next.steps : next.steps.map(withoutSession);
  const { code = null, actor = null } = more;
  const note = typeof more.note === 'function' ? more.note(after) : (more.note ?? null);
  const entry = { at: time, source, event, from: before.status, to: after.status, code, note, actor, count: 1 };
  const history = append(order.history, entry);
  const rest = { history, numbers: numbersOf(next, after), attentionSince: since(order, after, updatedAt) };
  return withSameFacts({ ...next, ...rest, steps }, next);
}

/** Whoever knows the session can complete it at the gateway, so it is kept only while the payer's browser needs it. */
const withoutSession = (step: Step): Step =>
  isSend(step) && step.authentication?.session
    ? { ...step, authentication: { ...step.authentication, session: null } }
    : step;

export const since = ({ attentionSince }: Order, { attention }: Summary, at: string): Order['attentionSince'] =>
  Object.fromEntries(attention.map(({ reason }) => [reason, attentionSince[reason] ?? at]));

function numbersOf(order: Order, { orderNumber }: Summary): Order['numbers'] {
  const heard = [
    ...order.callbacks.map(({ orderNumber }) => orderNumber),
    ...order.steps.map(step => (isSend(step) && step.answer?.kind === 'done' ? step.answer.orderNumber : null)),
    ...order.steps.map(step => (step.kind === 'decision' ? step.orderNumber : null)),
    orderNumber,
  ];
  const fresh = [...new Set(heard)].flatMap(number =>
    number === null || order.numbers.some(each => each.number === number) ? [] : [{ number, version: order.version }],
  );
  return [...order.numbers, ...fresh];
}

/** Steps are numbered by the version that they begin with. */
export const nextNumber = ({ version }: Order): number => version + 1;

/** The last keys used on the order; `caller` null: our own schedule has none. */
export const withKey = (keys: Order['keys'], caller: Caller | null, at: string, step: number): Order['keys'] => {
  if (!caller) return keys;
  const all = Object.entries({ ...keys, [caller.key]: { request: caller.request, at, step } });
  return Object.fromEntries(all.toSorted(([, a], [, b]) => (a.at < b.at ? -1 : 1)).slice(-keyLimit));
};
