/** Orders as facts, brought into a status by the changes that bring real ones there. */
import { addCallback, book, decide, giveUp } from '../../shared/domain/changes.ts';
import { attemptOf } from '../../shared/domain/facts.ts';
import { type Draft, newOrder } from '../../shared/domain/new-order.ts';
import type { Callback, Order } from '../../shared/domain/order.ts';
import type { Failure, Outcome } from '../../shared/domain/outcome.ts';
import type { Caller } from '../../shared/domain/revise.ts';
import { type Begun, beginSend, type Done, recordAnswer } from '../../shared/domain/sends.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import { listed } from '../../shared/domain/tables.ts';
import type { Method } from '../../shared/domain/words.ts';
import type { Clock } from '../../shared/orders/ports.ts';
import type { ReceivedCallback } from '../../shared/zeus/callbacks/callback.ts';

/** A Friday noon in Tokyo. */
export const noon = new Date('2026-11-20T03:00:00.000Z');
export const noonText = noon.toISOString();
export const seconds = (count: number) => new Date(noon.getTime() + 1000 * count);

/** 32 characters, as every order's ID. */
export const idOf = (name: string): string => name.padEnd(32, '0').slice(0, 32);

export const caller: Caller = { key: 'key', request: 'request', actor: 'test' };
/** The same request under another key. */
export const otherKey = (key: string): Caller => ({ ...caller, key });

const blocks = {
  card: { card: { cardId: null, installments: '01' } },
  carrier: { carrier: { type: 'docomo' } },
  cvs: { cvs: { store: 'lawson' } },
} satisfies Record<Method, Partial<Draft>>;

const operations = { card: 'token_charge', carrier: 'carrier_order', cvs: 'cvs_order' } as const;

/** An order of ours over 8,000 yen. */
export const draftOf = (method: Method, changes: Partial<Draft> = {}): Draft => ({
  orderId: idOf('order'),
  method,
  operation: operations[method],
  amountYen: 8000,
  reference: null,
  test: false,
  request: 'request',
  actor: 'test',
  ...blocks[method],
  ...changes,
});

/** As it was made at noon: card and store orders are `sending`, carrier orders `awaiting_customer`. */
export const anOrder = (method: Method, changes: Partial<Draft> = {}, at = noon): Order =>
  newOrder(draftOf(method, changes), method !== 'carrier', at);

const details: Record<Method, Pick<Callback, 'card' | 'carrier' | 'cvs'>> = {
  card: { card: { last4: '1111', brand: 'visa', installments: '01' }, carrier: null, cvs: null },
  carrier: { card: null, carrier: 'docomo', cvs: null },
  cvs: { card: null, carrier: null, cvs: { store: 'lawson', paymentNumbers: [], payBy: null } },
};

export const failureWith = (reason: Failure['reason']): Failure => ({
  reason,
  code: null,
  parameter: null,
  message: 'stored before',
  payerMessage: null,
});

/** What one callback said, matching `anOrder` in everything, under the number N1. */
export const aCallback = (method: Method, status: string, changes: Partial<Callback> = {}): Callback => ({
  orderNumber: 'N1',
  status,
  amountYen: 8000,
  ipCode: 'right',
  at: noonText,
  code: null,
  failure: ['NG', '02'].includes(status) ? failureWith('refused') : null,
  testId: false,
  testsAccepted: false,
  lacks: [],
  ...details[method],
  ...changes,
});

/** A callback as it was received, about `anOrder`. */
export const aReceived = (
  method: Method,
  status: string,
  changes: Partial<ReceivedCallback> = {},
): ReceivedCallback => {
  const { at: _, testsAccepted: __, lacks: ___, ...said } = aCallback(method, status);
  return { ...said, method, orderId: idOf('order'), ipCode: '2019000001', isNameless: false, ...changes };
};

/** The order with callbacks added in turn; equal ones are left out, as they are when stored. */
export const withCallbacks = (order: Order, callbacks: readonly Callback[], at = noon): Order =>
  callbacks.reduce((known, callback) => addCallback(known, callback, at) ?? known, order);

/** The order with callbacks of these statuses of one number. */
export const told = (order: Order, ...statuses: string[]): Order =>
  withCallbacks(
    order,
    statuses.map(status => aCallback(order.method, status)),
  );

export const succeeded = (done: Done = {}): Outcome<Done> => ({ kind: 'done', ...done });
export const refused: Outcome<Done> = {
  kind: 'refused',
  failure: failureWith('refused'),
  orderNumber: null,
  truth: null,
};
export const maintenance: Outcome<Done> = {
  kind: 'not_processed',
  reason: 'maintenance',
  code: null,
  message: 'maintenance',
};
export const notSent: Outcome<Done> = {
  kind: 'not_processed',
  reason: 'connection_failed',
  code: null,
  message: 'no connection',
};
export const lost: Outcome<Done> = { kind: 'unknown', message: 'lost' };

/** The order once its creating send, or the one that is open, was answered. */
export function answered(order: Order, outcome: Outcome<Done>, at = noon): Order {
  const step = summarize(order).open ?? attemptOf(order);
  const next = step && recordAnswer(order, { step, bySchedule: false, testsAccepted: false }, outcome, at);
  if (!next) throw new Error('There is no send that this answer could be of.');
  return next;
}

/** The order with an operation on N1 begun, not answered. */
export const begun = (
  order: Order,
  operation: Begun['operation'],
  settlement: Begun['settlement'] = null,
  at = noon,
): Order => beginSend(order, { operation, orderNumber: summarize(order).orderNumber, settlement }, caller, at);

export const settlementOn = (on: string, by: 'schedule' | 'gateway' = 'schedule', amountYen: number | null = null) => ({
  on,
  amountYen,
  by,
});

/** Orders in each status that a method has, in a usual way. */
export const usual = {
  card: {
    sending: (): Order => anOrder('card'),
    not_processed: (): Order => answered(anOrder('card'), notSent),
    unknown: (): Order => answered(anOrder('card'), lost),
    declined: (): Order => answered(anOrder('card'), refused),
    registered: (): Order =>
      answered(
        anOrder('card', { amountYen: 0, card: { cardId: 'C1', installments: '01' } }),
        succeeded({ orderNumber: 'N1' }),
      ),
    paid: (): Order => answered(anOrder('card'), succeeded({ orderNumber: 'N1' })),
    cancelling: (): Order => answered(begun(usual.card.paid(), 'cancel'), lost),
    cancelled: (): Order => answered(begun(usual.card.paid(), 'cancel'), succeeded()),
  },
  carrier: {
    awaiting_customer: (): Order => anOrder('carrier'),
    declined: (): Order => told(anOrder('carrier'), '02'),
    authorized: (): Order => told(anOrder('carrier'), '03'),
    settle_scheduled: (): Order => book(usual.carrier.authorized(), 'N1', settlementOn('2026-12-01'), caller, noon),
    settling: (): Order => answered(begun(usual.carrier.authorized(), 'settle', settlementOn('2026-11-20')), lost),
    settle_failed: (): Order => told(usual.carrier.authorized(), '06'),
    paid: (): Order => answered(begun(usual.carrier.authorized(), 'settle', settlementOn('2026-11-20')), succeeded()),
    cancelling: (): Order => answered(begun(usual.carrier.paid(), 'return'), lost),
    cancelled: (): Order => answered(begun(usual.carrier.paid(), 'return'), succeeded()),
  },
  cvs: {
    sending: (): Order => anOrder('cvs'),
    not_processed: (): Order => answered(anOrder('cvs'), notSent),
    unknown: (): Order => answered(anOrder('cvs'), lost),
    declined: (): Order => answered(anOrder('cvs'), refused),
    awaiting_customer: (): Order => answered(anOrder('cvs'), succeeded({ orderNumber: 'N1' })),
    received: (): Order => told(usual.cvs.awaiting_customer(), '04'),
    paid: (): Order => told(usual.cvs.received(), '05'),
    expired: (): Order => told(usual.cvs.awaiting_customer(), '03'),
    reversed: (): Order => told(usual.cvs.received(), '06'),
    cancelled: (): Order =>
      decide(
        usual.cvs.awaiting_customer(),
        { outcome: 'cancelled', orderNumber: 'N1', amountYen: null },
        caller,
        'x',
        noon,
      ),
    received_after_cancel: (): Order => told(usual.cvs.awaiting_customer(), '11'),
    paid_after_cancel: (): Order => told(usual.cvs.awaiting_customer(), '12'),
    reversed_after_cancel: (): Order => told(usual.cvs.awaiting_customer(), '13'),
  },
} satisfies Record<Method, Record<string, () => Order>>;

/** The order after its claim went stale. */
export const stale = (order: Order, at: Date): Order => giveUp(order, at) ?? order;

export const reasonsOf = (order: Order): string[] => summarize(order).attention.map(({ reason }) => reason);
export const statusOf = (order: Order): string => summarize(order).status;
export const listedStatuses = (method: Method): string[] => Object.keys(listed[method]);

/** As in the cloud, where nothing else is set. */
export const settings = { testsAccepted: false, strictCallbacks: false };

/** A clock that stands still, but for `sleep`, which moves it at once; and the settings, which use cases need beside it. */
export function standingClock(
  start: Date = noon,
): Clock & typeof settings & { slept: number[]; set(time: Date): void } {
  let time = start.getTime();
  const slept: number[] = [];
  return {
    ...settings,
    slept,
    now: () => new Date(time),
    set: to => {
      time = to.getTime();
    },
    async sleep(milliseconds) {
      slept.push(milliseconds);
      time += milliseconds;
    },
    within: (_milliseconds, work) => work,
  };
}
