import assert from 'node:assert/strict';
import type { Order } from '../../shared/domain/order.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Draft, Submitted } from '../../shared/orders/new-order.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import { type Findings, submitOnce } from '../../shared/orders/submit-once.ts';
import { failureWith, idOf, placed, standingClock } from './orders.ts';

export type Answer = Outcome<Findings>;

export const done: Answer = { kind: 'done', orderNumber: 'N1' };
export const refused: Answer = { kind: 'refused', failure: failureWith('refused'), orderNumber: 'N1', truth: null };
export const notSent: Answer = {
  kind: 'not_processed',
  reason: 'connection_failed',
  code: null,
  message: 'no connection',
};
export const maintenance: Answer = { kind: 'not_processed', reason: 'maintenance', code: null, message: 'maintenance' };
export const lost: Answer = { kind: 'unknown', message: 'lost' };

let count = 0;
/** A card's order under an id of its own. */
export function draft(changes: Partial<Draft> = {}): Draft {
  count += 1;
  const { method, operation, amountYen, reference, test, request, card } = placed('card', 'sending');
  return { orderId: idOf(`order-${count}-`), method, operation, amountYen, reference, test, request, card, ...changes };
}

/** What is submitted, with a gateway that counts; `during` runs while the request is out. */
export function answering(
  store: OrderStore,
  answer: Answer,
  during: (order: Draft) => Promise<unknown> = async () => {},
) {
  const sent: string[] = [];
  const submit = (order: Draft, through: OrderStore = store, clock = standingClock()): Promise<Submitted> =>
    submitOnce({ ...clock, store: through }, order, async () => {
      sent.push(order.orderId);
      await during(order);
      return answer;
    });
  return { sent, submit };
}

export function orderOf(submitted: Submitted): Order {
  assert.equal(submitted.kind, 'answered');
  return (submitted as { order: Order }).order;
}
