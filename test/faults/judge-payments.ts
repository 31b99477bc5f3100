/** Each order against the gateway's books, payment by payment (contract 1.4 to 1.6). */
import type { CarrierOrder, CarrierStatus, CvsOrder, CvsStatus, LedgerKind } from '../../local/simulator/state.ts';
import type { Case } from './evidence.ts';

export interface ShownPayment {
  orderNumber: string | null;
  status: string;
  paid: { amount: number | null } | null;
}

/** Every payment of an order, the one shown first. */
export const paymentsOf = ({ status, paid, gateway, otherPayments }: Case['order']): ShownPayment[] => [
  { orderNumber: gateway.orderNumber, status, paid },
  ...otherPayments,
];

function collect({ order }: Case) {
  const found: string[] = [];
  return { found, fault: (what: string) => found.push(`${what}: ${order.orderId} is ${order.status}`) };
}

export function judgeCard(the: Case): string[] {
  const { order, entries, numbers, isDecided, evidence } = the;
  const { status, amount, paid } = order;
  const { found, fault } = collect(the);
  const charges = entries.filter(({ kind }) => kind === 'charge' || kind === 'registration');
  const isCancelled = entries.some(({ kind }) => kind === 'cancel');
  if (charges.length > 1) fault('charged twice');
  if (charges.some(each => each.amount !== amount)) fault('charged another amount');
  if (status === 'unknown' && evidence.allArrived && numbers.length > 0) fault('unknown though its callback came');
  if (isDecided) return found;

  const isCharged = charges.length > 0;
  const expected = isCancelled ? 'cancelled' : amount === 0 ? 'registered' : 'paid';
  if (isCharged && isCancelled && status !== expected) fault('cancelled at the gateway only');
  if (isCharged && !isCancelled && status !== expected && status !== 'unknown') fault('charged');
  if (!isCharged && ['paid', 'registered', 'cancelled'].includes(status)) fault('never charged');
  if (status === 'paid' && paid?.amount !== amount) fault(`paid.amount ${paid?.amount}`);
  return found;
}

const carrierStatuses: Record<CarrierStatus, readonly string[]> = {
  accepted: ['awaiting_customer'],
  failed: ['declined'],
  authorized: ['authorized', 'settle_scheduled'],
  booked: ['settle_scheduled'],
  settling: ['settling'],
  // A return whose answer was lost stays open: 06 does not end it.
  settle_failed: ['settle_failed', 'cancelling'],
  settled: ['paid'],
  cancelled: ['cancelled'],
  cancel_failed: ['paid'],
  auth_cancelled: ['cancelled'],
  // What the payer authorized stands.
  auth_cancel_failed: ['authorized', 'settle_scheduled'],
};

export function judgeCarrier(the: Case): string[] {
  const { order, entries, isDecided, isTold, evidence } = the;
  const { found, fault } = collect(the);
  const numbers = the.numbers.filter(each => each.service === 'carrier');
  if (evidence.allArrived && numbers.filter(hadMoney).length > 1 && !isTold('duplicate_payment'))
    fault('paid for twice without attention');
  if (order.status === 'settle_scheduled' && order.carrier?.settlement?.by === 'schedule' && !isTold('settlement_due'))
    fault('never settled');
  if (isDecided) return found;
  const payments = paymentsOf(order);
  for (const number of numbers) {
    const payment = payments.find(({ orderNumber }) => orderNumber === number.orderNumber);
    const differs = (what: string) => fault(`${what}, ${number.orderNumber} ${number.status} at the gateway`);
    const status = payment?.status ?? 'awaiting_customer';
    if (evidence.allArrived && !carrierStatuses[number.status].includes(status)) differs(`shown as ${status}`);
    const isLostHere = payment && isLost(payment.status, number) && !isTold('contradiction');
    if (!evidence.allArrived && isLostHere) differs('an outcome is lost');
    const settled = entries.find(each => each.kind === 'settlement' && each.orderNumber === number.orderNumber);
    const isRight = payment?.paid?.amount === settled?.amount || isTold('settled_elsewhere');
    if (evidence.allArrived && settled && !isRight) differs(`paid.amount ${payment?.paid?.amount}`);
  }
  return found;
}

const hadMoney = ({ history }: CarrierOrder): boolean =>
  history.some(({ status }) => status === 'authorized' || status === 'settled');

/** Without callbacks: what we asked for ourselves, and the gateway did. A return that succeeds after 09 waits for 08 as a contradiction. */
function isLost(shown: string, { status }: CarrierOrder): boolean {
  if (status === 'settled' || status === 'cancel_failed') return shown === 'authorized' || shown === 'cancelled';
  if (status === 'cancelled' || status === 'auth_cancelled') return shown !== 'cancelled';
  return shown === 'cancelled' || (shown === 'paid' && status !== 'settle_failed');
}

/** What callbacks and answers tell; that a number was replaced, nothing tells. */
const cvsStatuses: Record<CvsStatus, readonly string[]> = {
  unpaid: ['awaiting_customer'],
  error: ['declined'],
  expired: ['expired', 'awaiting_customer'],
  received: ['received'],
  confirmed: ['paid'],
  reversed: ['reversed'],
  cancelled: ['awaiting_customer', 'expired'],
  received_after_cancel: ['received_after_cancel'],
  confirmed_after_cancel: ['paid_after_cancel'],
  reversed_after_cancel: ['reversed_after_cancel'],
};

export function judgeCvs(the: Case): string[] {
  const { order, entries, isDecided, isTold, evidence } = the;
  const { found, fault } = collect(the);
  const numbers = the.numbers.filter(each => each.service === 'cvs');
  const issued = numbers.filter(({ status }) => status !== 'error');
  const reissues = numbers.filter(({ replacedBy }) => replacedBy !== null).length;
  if (issued.length - reissues > 1) fault('ordered twice');
  if (evidence.allArrived && issued.some(isLateMoney) && !isTold('money_after_cancel'))
    fault('money after a cancel without attention');
  if (isDecided) return found;
  if (issued.length > 0 && ['declined', 'not_processed'].includes(order.status)) fault('ordered');
  if (!evidence.allArrived) return found;
  const payments = paymentsOf(order);
  for (const { orderNumber, status } of issued) {
    const shown = payments.find(each => each.orderNumber === orderNumber);
    const differs = (what: string) => fault(`${what}, ${orderNumber} ${status} at the gateway`);
    if (!cvsStatuses[status].includes(shown?.status ?? 'none')) differs(`shown as ${shown?.status ?? 'none'}`);
    const cash = entries.some(each => each.orderNumber === orderNumber && isCash(each.kind));
    if (cash && shown?.paid?.amount !== order.amount) differs(`paid.amount ${shown?.paid?.amount}`);
  }
  return found;
}

const isCash = (kind: LedgerKind): boolean => kind === 'cash_received' || kind === 'cash_confirmed';

const isLateMoney = ({ status }: CvsOrder): boolean =>
  status === 'received_after_cancel' || status === 'confirmed_after_cancel';
