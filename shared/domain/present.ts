/** The order as the merchant sees it (contract 1.3). */
import { asOf } from './changes.ts';
import type { Order } from './order.ts';
import type { Money, Payment } from './payment.ts';
import { type Summary, summarize } from './summarize.ts';

export function present(stored: Order, now: Date): Record<string, unknown> {
  const order = asOf(stored, now);
  const { status, amountYen, test, failure, paid, returned, others, orderNumber, gatewayStatus, ...more } =
    summarize(order);
  const { orderId, method, operation, reference, createdAt, updatedAt, version, history } = order;
  return {
    orderId,
    method,
    operation,
    status,
    amount: amountYen,
    currency: 'JPY',
    reference,
    test,
    failure,
    attention: attentionOf(order, more.attention),
    paid: presentMoney(paid),
    returned: presentMoney(returned),
    otherPayments: others.map(presentPayment),
    gateway: { orderNumber, status: gatewayStatus },
    ...(more.card && { card: more.card }),
    ...(more.carrier && { carrier: presentCarrier(more.carrier) }),
    ...(more.cvs && { cvs: more.cvs }),
    createdAt,
    updatedAt,
    version,
    history,
  };
}

/** Oldest first. */
export function attentionOf({ attentionSince, updatedAt }: Order, attention: Summary['attention']) {
  return attention
    .map(({ reason, note }) => ({ reason, since: attentionSince[reason] ?? updatedAt, note }))
    .toSorted((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
}

const presentMoney = (money: Money | null) => money && { amount: money.amountYen, at: money.at };

const presentPayment = ({ number, status, paid, returned }: Payment) => ({
  orderNumber: number,
  status,
  paid: presentMoney(paid),
  returned: presentMoney(returned),
});

function presentCarrier({ type, settlement, settleBy }: NonNullable<Summary['carrier']>) {
  const shown = settlement && { on: settlement.on, amount: settlement.amountYen, by: settlement.by };
  return { type, settlement: shown, settleBy };
}
