import type { Action, ActionField } from './actions.ts';
import { dayFromNow } from './format.ts';
import { say } from './language.ts';
import type { Order } from './order-shape.ts';
import { statusWord } from './words.ts';

/** What an operator may decide, by method. */
const outcomesOf: Record<Order['method'], readonly string[]> = {
  card: ['paid', 'declined', 'cancelled'],
  carrier: ['authorized', 'paid', 'settle_failed', 'declined', 'cancelled'],
  cvs: ['paid', 'received', 'declined', 'cancelled', 'expired', 'awaiting_customer'],
};

/** Statuses in which something is open. */
const open = ['unknown', 'settling', 'cancelling', 'awaiting_customer', 'received'];
/** Payments that the shop refunded by hand. */
const refundable = ['cancel_failed', 'money_after_cancel', 'duplicate_payment'];

export function resolutions(order: Order): Action[] {
  const outcomes = outcomesFor(order);
  if (outcomes.length === 0) return [];
  // Nothing is chosen beforehand: a decision is about money.
  const choice: [string, string] = ['', say(['選択してください', 'Please choose'])];
  const options = outcomes.map((outcome): [string, string] => [outcome, outcomeWord(outcome)]);
  const optional = { type: 'text', value: '', required: false } as const;
  const fields: ActionField[] = [
    { ...optional, name: 'outcome', label: ['結果', 'Outcome'], required: true, options: [choice, ...options] },
    { ...optional, name: 'gatewayOrderNumber', label: ['ゲートウェイの番号', 'Gateway’s number'] },
    ...(outcomes.includes('paid')
      ? [{ ...optional, name: 'amount', label: ['実際の支払額', 'Amount really paid'], type: 'number' } as ActionField]
      : []),
    { ...optional, name: 'note', label: ['理由', 'Why'], required: true },
  ];
  const path = `/orders/${order.orderId}/resolution`;
  return [{ id: 'resolve', label: ['結果を決める', 'Record the outcome'], method: 'POST', path, fields }];
}

function outcomesFor({ method, status, attention, carrier }: Order): string[] {
  const reasons = attention.map(({ reason }) => reason);
  const isBookedThere = status === 'settle_scheduled' && carrier?.settlement?.by === 'gateway';
  const isLapsed = status === 'authorized' && (carrier?.settleBy ?? '') < dayFromNow(0);
  const isOpen = open.includes(status) || isBookedThere || isLapsed || reasons.includes('outcome_unknown');
  const refunded = !isOpen && reasons.some(reason => refundable.includes(reason)) ? ['cancelled'] : [];
  const seen = reasons.some(reason => reason !== 'outcome_unknown') ? ['acknowledged'] : [];
  return [...(isOpen ? outcomesOf[method] : refunded), ...seen];
}

const outcomeWord = (outcome: string): string =>
  outcome === 'acknowledged'
    ? say(['確認済みにする（状態は変わりません）', 'Acknowledge, the status stays'])
    : statusWord(outcome);
