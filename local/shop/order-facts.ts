import { facts, h } from './dom.ts';
import { dateTime, yen } from './format.ts';
import { isEnglish, say } from './language.ts';
import type { Order } from './order-shape.ts';
import { statusWord, toneOf, word } from './words.ts';

export const statusPill = (status: string): HTMLElement =>
  h('span', { className: `pill ${toneOf(status)}`, data: { status } }, statusWord(status));

/** What the shop knows of an order, at one look. */
export function orderFacts(order: Order): Node[] {
  const { attention, failure, gateway, card, carrier, cvs } = order;
  const settlement = carrier?.settlement;
  const booked = settlement && `${settlement.on} ${yen(settlement.amount)} (${settlement.by})`;
  return [
    h('p', {}, statusPill(order.status), ' ', h('strong', { className: 'price' }, yen(order.amount))),
    ...(attention ? [h('p', { className: 'attention' }, `⚠ ${word(attention.reason)}`)] : []),
    ...(failure ? [h('p', { className: 'failure' }, failureText(failure))] : []),
    facts([
      [
        say(['方法', 'Method']),
        [order.method, carrier?.type, cvs?.store]
          .map(each => each && word(each))
          .filter(Boolean)
          .join(' / '),
      ],
      [say(['店舗の注文番号', 'Shop’s number']), order.reference],
      [say(['注文ID', 'Order ID']), h('code', {}, order.orderId)],
      [say(['ゲートウェイの番号', 'Gateway’s number']), gateway.orderNumber && h('code', {}, gateway.orderNumber)],
      [say(['ゲートウェイの状態', 'Gateway’s status']), gateway.status],
      [say(['カード', 'Card']), card?.last4 ? `${card.brand ?? ''} **** ${card.last4}` : null],
      [say(['カードID', 'Card ID']), card?.cardId ?? null],
      [say(['実売上', 'Settlement']), booked ?? null],
      [say(['実売上の期限', 'Settle by']), carrier?.settleBy ?? null],
      ...(cvs?.paymentNumbers ?? []).map(({ label, value }) => [label, value] as const),
      [say(['支払期限', 'Pay by']), cvs?.payBy ?? null],
      [say(['受付', 'Made']), dateTime(order.createdAt)],
    ]),
  ];
}

function failureText({ code, message, payerMessage }: NonNullable<Order['failure']>): string {
  const text = isEnglish() ? message : (payerMessage ?? message);
  return code ? `${text} (${code})` : text;
}
