import { facts, h } from './dom.ts';
import { dateTime, money, yen } from './format.ts';
import { isEnglish, say } from './language.ts';
import type { Order, OtherPayment } from './order-shape.ts';
import { reasonWord, statusWord, toneOf, word } from './words.ts';

export const statusPill = (status: string): HTMLElement =>
  h('span', { className: `pill ${toneOf(status)}`, data: { status } }, statusWord(status));

/** What the shop knows of an order, at one look. */
export function orderFacts(order: Order): Node[] {
  const { attention, failure, paid, returned, otherPayments, gateway, card, carrier, cvs } = order;
  const settlement = carrier?.settlement;
  const booked = order.status === 'settle_scheduled' ? ` (${settlement?.by})` : '';
  const settled = settlement && `${settlement.on} ${yen(settlement.amount)}${booked}`;
  return [
    h('p', {}, statusPill(order.status), ' ', h('strong', { className: 'price' }, yen(order.amount))),
    ...attention.map(({ reason, note }) =>
      h(
        'p',
        { className: 'attention', data: { reason } },
        `⚠ ${reasonWord(reason)}`,
        h('small', {}, note ? ` ${note}` : ''),
      ),
    ),
    ...(failure ? [h('p', { className: 'failure' }, failureText(failure))] : []),
    facts([
      [
        say(['方法', 'Method']),
        [order.method, carrier?.type, cvs?.store]
          .map(each => each && word(each))
          .filter(Boolean)
          .join(' / '),
      ],
      [say(['支払額', 'Paid']), paid && `${money(paid)}（${dateTime(paid.at)}）`],
      [say(['返金額', 'Returned']), returned && `${money(returned)}（${dateTime(returned.at)}）`],
      ...otherPayments.map(each => [say(['別の支払い', 'Another payment']), otherPayment(each)] as const),
      [say(['店舗の注文番号', 'Shop’s number']), order.reference],
      [say(['注文ID', 'Order ID']), h('code', {}, order.orderId)],
      [say(['ゲートウェイの番号', 'Gateway’s number']), gateway.orderNumber && h('code', {}, gateway.orderNumber)],
      [say(['ゲートウェイの状態', 'Gateway’s status']), gateway.status],
      [say(['カード', 'Card']), card?.last4 ? `${card.brand ?? ''} **** ${card.last4}` : null],
      [say(['カードID', 'Card ID']), card?.cardId ?? null],
      [say(['本人認証', 'Authentication']), authenticationText(card?.authentication)],
      [say(['実売上', 'Settlement']), settled ?? null],
      [say(['実売上の期限', 'Settle by']), carrier?.settleBy ?? null],
      ...(cvs?.paymentNumbers ?? []).map(({ label, value }) => [label, value] as const),
      [say(['支払期限', 'Pay by']), cvs?.payBy ?? null],
      [say(['受付', 'Made']), dateTime(order.createdAt)],
      [say(['更新', 'Last change']), `${dateTime(order.updatedAt)} (version ${order.version})`],
    ]),
  ];
}

function otherPayment({ orderNumber, status, paid, returned }: OtherPayment): string {
  const amounts = [
    paid && say([`支払額 ${money(paid)}`, `paid ${money(paid)}`]),
    returned && say([`返金額 ${money(returned)}`, `returned ${money(returned)}`]),
  ];
  return [orderNumber, statusWord(status), ...amounts].filter(Boolean).join(' / ');
}

function authenticationText(authentication: NonNullable<Order['card']>['authentication']): string | null {
  if (!authentication) return null;
  const { state, code } = authentication;
  return code ? `${word(state)} (${code})` : word(state);
}

function failureText({ code, message, payerMessage }: NonNullable<Order['failure']>): string {
  const text = isEnglish() ? message : (payerMessage ?? message);
  return code ? `${text} (${code})` : text;
}
