import { dayFromNow } from './format.ts';
import { say, type Words } from './language.ts';
import type { Order } from './order-shape.ts';
import { resolutions } from './resolution-action.ts';

/** A request that the order's status allows, with the fields that the operator fills in. */
export interface Action {
  id: string;
  label: Words;
  note?: Words;
  method: 'POST' | 'DELETE';
  path: string;
  fields: ActionField[];
  body?: Record<string, unknown>;
}

export interface ActionField {
  name: string;
  label: Words;
  type: 'text' | 'date' | 'number';
  value: string;
  required: boolean;
  /** Makes it a select. */
  options?: [value: string, label: string][];
}

export function actionsOf(order: Order): Action[] {
  return [...cardActions(order), ...carrierActions(order), ...resolutions(order)];
}

function cardActions({ method, status, orderId, gateway, card }: Order): Action[] {
  if (method !== 'card') return [];
  const cancel: Action = {
    id: 'cancel',
    label: ['取り消す', 'Cancel the charge'],
    note: [
      'ゲートウェイは決済から10秒たたないと取り消せません。',
      'The gateway cancels 10 s after the charge at the earliest.',
    ],
    method: 'POST',
    path: `/card/charges/${orderId}/cancel`,
    fields: [],
  };
  const deletion: Action = {
    id: 'delete-card',
    label: ['登録済みカードを削除する', 'Delete the stored card'],
    method: 'POST',
    path: '/card/deletions',
    fields: [],
    body: { cardId: card?.cardId },
  };
  const mayCancel = ['paid', 'cancelling'].includes(status) && gateway.orderNumber !== null;
  return [
    ...(mayCancel ? [cancel] : []),
    ...(card?.cardId && ['paid', 'registered', 'cancelled'].includes(status) ? [deletion] : []),
  ];
}

function carrierActions({ method, status, orderId, amount, carrier, otherPayments }: Order): Action[] {
  if (method !== 'carrier') return [];
  const path = `/carrier/orders/${orderId}/settlement`;
  const money: ActionField = {
    name: 'amount',
    label: ['金額', 'Amount'],
    type: 'number',
    // A repeat asks for the same amount.
    value: String(carrier?.settlement?.amount ?? amount),
    required: true,
  };
  const day: ActionField = {
    name: 'on',
    label: ['実売上日', 'Day'],
    type: 'date',
    value: dayFromNow(1),
    required: true,
  };
  const by: ActionField = {
    name: 'by',
    label: ['予約先', 'Booked with'],
    type: 'text',
    value: 'schedule',
    required: true,
    options: [
      ['schedule', say(['定期処理', 'our schedule'])],
      ['gateway', say(['ゲートウェイ', 'the gateway'])],
    ],
  };
  const settle: Action = { id: 'settle', label: ['実売上にする', 'Settle now'], method: 'POST', path, fields: [money] };
  const book: Action = {
    id: 'book',
    label: ['実売上を予約する', 'Book the settlement'],
    method: 'POST',
    path,
    fields: [money, day, by],
  };
  const withdraw: Action = {
    id: 'withdraw',
    label: ['予約を取り下げる', 'Withdraw the booking'],
    method: 'DELETE',
    path,
    fields: [],
  };
  const giveBack: Action = {
    id: 'return',
    label: ['返品する', 'Return'],
    method: 'POST',
    path: `/carrier/orders/${orderId}/return`,
    fields: [],
  };
  const others = otherPayments
    .filter(other => ['authorized', 'settle_scheduled', 'paid'].includes(other.status))
    .map(
      ({ orderNumber }): Action => ({
        ...giveBack,
        id: `return-${orderNumber}`,
        label: [`別の支払い ${orderNumber} を返品する`, `Return the other payment ${orderNumber}`],
        body: { gatewayOrderNumber: orderNumber },
      }),
    );
  const possible: Record<string, Action[]> = {
    authorized: [settle, book, giveBack],
    settle_scheduled: [withdraw, giveBack],
    settling: [settle],
    paid: [giveBack],
    cancelling: [giveBack],
  };
  return [...(possible[status] ?? []), ...others];
}
