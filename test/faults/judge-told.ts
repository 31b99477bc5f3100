/** What the functions told: `successok`, events, responses. */
import type { OrderEvent } from '../../shared/orders/events.ts';
import { type Case, isOpen, type ShownOrder } from './evidence.ts';
import { paymentsOf } from './judge-payments.ts';
import type { Delivery, Exchange } from './world.ts';

const afterCancel = ['received_after_cancel', 'paid_after_cancel', 'reversed_after_cancel'];
const any = null;

/** Where a payment may stand at rest once this callback was answered `successok` (contract 1.5). */
const mayStand: Record<Delivery['service'], Record<string, readonly string[] | null>> = {
  card: { OK: ['paid', 'registered', 'cancelled'], NG: any },
  carrier: {
    '02': any,
    '03': ['authorized', 'settle_scheduled', 'settle_failed', 'paid', 'cancelled'],
    '06': ['settle_failed', 'paid', 'cancelled'],
    '07': ['paid', 'cancelled'],
    '08': ['cancelled'],
    '09': ['paid', 'cancelled'],
  },
  cvs: {
    '01': ['awaiting_customer', 'expired', 'received', 'paid', 'reversed', ...afterCancel],
    '02': any,
    '03': ['expired', 'received', 'paid', 'reversed', ...afterCancel],
    '04': ['received', 'paid', 'reversed', ...afterCancel],
    '05': ['paid', ...afterCancel],
    '06': ['reversed', 'paid', ...afterCancel],
    '11': afterCancel,
    '12': ['paid_after_cancel'],
    '13': ['paid_after_cancel', 'reversed_after_cancel'],
  },
};

/** What was answered `successok` is in an order: its payment stands where the callback leads, or its fault is attended to. */
export function judgeDeliveries(cases: readonly Case[], deliveries: readonly Delivery[]): string[] {
  return deliveries
    .filter(({ isStored }) => isStored)
    .flatMap(delivery => {
      const { sendpoint, orderNumber, service, status, isWrong } = delivery;
      const the = cases.find(({ order }) => order.orderId === sendpoint) ?? cases.find(isExternal(orderNumber));
      const lost = (what: string) => [`successok, but ${what}: ${service} ${status} of ${orderNumber}`];
      if (!the) return lost('no order has it');
      if (isWrong) return the.isTold('amount_mismatch') ? [] : lost('no amount_mismatch');
      if (the.isDecided || isOpen(the.order)) return [];
      const payment = paymentsOf(the.order).find(each => each.orderNumber === orderNumber);
      if (!payment) return lost('its number is not shown');
      const expected = mayStand[service][status];
      return !expected || expected.includes(payment.status) ? [] : lost(`its payment is ${payment.status}`);
    });
}

const isExternal =
  (orderNumber: string) =>
  ({ order }: Case): boolean =>
    order.operation === 'external' && order.gateway.orderNumber === orderNumber;

/** Events come at least once, those of one order in their order, and add up to what the API shows. */
export function judgeEvents(orders: readonly ShownOrder[], events: readonly OrderEvent[]): string[] {
  const found: string[] = [];
  const byOrder = Map.groupBy(events, ({ orderId }) => orderId);
  for (const { orderId, status, attention } of orders) {
    let told: string | null = null;
    const standing = new Set<string>();
    const seen = new Set<string>();
    for (const { type, detail } of byOrder.get(orderId) ?? []) {
      if (seen.has(detail.eventId)) continue;
      seen.add(detail.eventId);
      if (type === 'order.attention_raised') standing.add(detail.reason ?? '');
      if (type === 'order.attention_cleared') standing.delete(detail.reason ?? '');
      if (type !== 'order.status_changed') continue;
      if (detail.from !== told) found.push(`an event is missing: ${orderId} from ${detail.from}, told ${told}`);
      told = detail.to;
    }
    if (told !== status) found.push(`events end at ${told}: ${orderId} is ${status}`);
    const reasons = attention.map(({ reason }) => reason);
    if (new Set(reasons).symmetricDifference(standing).size > 0)
      found.push(`events raise ${[...standing].sort()}: ${orderId} shows ${reasons.sort()}`);
  }
  return found;
}

const openStatuses = ['sending', 'unknown', 'settling', 'cancelling'];

/** Lost answers are attended to at once; decisions close what is open; acknowledgements clear all that they may (1.6, 1.7). */
export function judgeResponses(exchanges: readonly Exchange[]): string[] {
  return exchanges.flatMap(({ path, request, status, isReplayed, response }) => {
    const isOrder = typeof response?.orderId === 'string' && !isReplayed;
    if (!isOrder || !/\/(cancel|return|settlement|resolution)$/.test(path)) return [];
    const reasons = (response.attention as { reason: string }[]).map(({ reason }) => reason);
    const isUnknown = reasons.includes('outcome_unknown');
    if (status === 202 && !isUnknown) return [`a lost answer without attention: ${response.orderId}`];
    if (status !== 200 || !path.endsWith('/resolution')) return [];
    const what = `${request.outcome} leaves ${response.status} ${reasons}: ${response.orderId}`;
    // A decision about another payment than the one shown closes nothing of it.
    if ((request.gatewayOrderNumber ?? response.gateway.orderNumber) !== response.gateway.orderNumber) return [];
    const isLeftOpen = openStatuses.includes(response.status) || isUnknown;
    if (request.outcome !== 'acknowledged') return isLeftOpen ? [what] : [];
    return reasons.some(reason => reason !== 'outcome_unknown') ? [what] : [];
  });
}
