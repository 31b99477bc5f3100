import { emptyOrder, entryOf, type Method, type Order, type Pending, type Status } from '../../shared/domain/order.ts';
import type { Failure } from '../../shared/domain/outcome.ts';
import type { Clock } from '../../shared/orders/ports.ts';
import type { Notice } from '../../shared/zeus/callbacks/callback.ts';

/** A Friday noon in Tokyo. */
export const noon = new Date('2026-11-20T03:00:00.000Z');
export const noonText = noon.toISOString();

/** 32 characters, as every order's id. */
export const idOf = (name: string): string => name.padEnd(32, '0').slice(0, 32);

const blocks = {
  card: { card: { cardId: null, last4: null, brand: null, installments: '01' } },
  carrier: { carrier: { type: 'docomo', settlement: null, settleBy: null } },
  cvs: { cvs: { store: 'lawson', paymentNumbers: [], payBy: null, redirectUrl: null } },
} satisfies Record<Method, Partial<Order>>;

const operations = { card: 'token_charge', carrier: 'carrier_order', cvs: 'cvs_order' } as const;

/** An order of ours over 8,000 yen, `sending` where nothing else is said. */
export function anOrder(method: Method, changes: Partial<Order> = {}): Order {
  const status = changes.status ?? 'sending';
  return {
    ...emptyOrder,
    orderId: idOf('order'),
    method,
    operation: operations[method],
    status,
    amountYen: 8000,
    reference: null,
    test: false,
    ...blocks[method],
    createdAt: noonText,
    updatedAt: noonText,
    history: [{ ...entryOf('api', operations[method], status, noonText), from: null }],
    request: 'request',
    version: 1,
    ...changes,
  };
}

const details: Record<Method, Pick<Notice, 'card' | 'carrier' | 'cvs'>> = {
  card: { card: { last4: '1111', brand: 'visa', installments: '01' }, carrier: null, cvs: null },
  carrier: { card: null, carrier: { type: 'docomo' }, cvs: null },
  cvs: { card: null, carrier: null, cvs: { store: 'lawson', paymentNumbers: [], payBy: null } },
};

/** A call of the gateway about `anOrder`, matching in everything. */
export function aNotice(service: Method, status: string, changes: Partial<Notice> = {}): Notice {
  return {
    service,
    status,
    orderId: idOf('order'),
    orderNumber: 'N1',
    ipCode: '2019000001',
    amountYen: 8000,
    code: null,
    codeMeaning: null,
    ...details[service],
    ...changes,
  };
}

/** A clock that stands still, but for `sleep`, which moves it at once. */
export function standingClock(start: Date = noon): Clock & { slept: number[]; set(time: Date): void } {
  let time = start.getTime();
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(time),
    set: to => {
      time = to.getTime();
    },
    async sleep(milliseconds) {
      slept.push(milliseconds);
      time += milliseconds;
    },
  };
}

/** Statuses that no success has led to: the gateway's number, where there is one, is not bound yet. */
const withoutNumber: readonly Status[] = ['sending', 'not_processed', 'unknown', 'declined'];
const booked: readonly Status[] = ['settle_scheduled', 'settling', 'settle_failed'];

/** An order that has come to `status` in a usual way. */
export function placed(method: Method, status: Status, changes: Partial<Order> = {}): Order {
  const hasNumber = !withoutNumber.includes(status) && !(method === 'carrier' && status === 'awaiting_customer');
  const settlement = booked.includes(status) ? { on: '2026-12-01', amountYen: 8000, by: 'schedule' as const } : null;
  return anOrder(method, {
    status,
    ...(hasNumber && { orderNumber: 'N1', numberBound: true, gatewayStatus: '--' }),
    ...(method === 'carrier' && { carrier: { type: 'docomo', settlement, settleBy: hasNumber ? '2027-01-09' : null } }),
    ...(method === 'cvs' &&
      hasNumber && {
        cvs: { ...blocks.cvs.cvs, paymentNumbers: [{ label: 'answered', value: '1' }], payBy: '2026-11-30' },
      }),
    ...(status === 'declined' && { failure: failureWith('refused') }),
    ...(status === 'not_processed' && { failure: failureWith('connection_failed') }),
    ...(status === 'unknown' && { attention: { reason: 'outcome_unknown', since: noonText } }),
    ...(status === 'sending' && { claim: { id: 'claim', at: noonText }, dueAt: '2026-11-20T03:02:00.000Z' }),
    ...(status === 'paid' && { paidAt: noonText }),
    ...changes,
  });
}

/** A cancel of a paid order that was sent, and its answer lost. */
export const openCancel: Pending = {
  operation: 'cancel',
  key: 'key',
  before: { status: 'paid', settlement: null, retryAt: null },
  lost: true,
};

export const failureWith = (reason: Failure['reason']): Failure => ({
  reason,
  code: null,
  parameter: null,
  message: 'stored before',
  payerMessage: null,
});
