import { randomUUID } from 'node:crypto';
import { emptyOrder, entryOf, type Order, type Status } from '../domain/order.ts';
import { dueAtOf } from './change.ts';

/** What of an order the caller decides; the rest begins empty. */
export type Draft = Pick<Order, 'orderId' | 'method' | 'operation' | 'amountYen' | 'reference' | 'test' | 'request'> &
  Partial<Pick<Order, 'card' | 'carrier' | 'cvs'>>;

export type Submitted =
  | { kind: 'answered'; order: Order; replayed: boolean }
  | { kind: 'in_progress' }
  | { kind: 'key_reused' };

/** An order's first version; one that is `sending` is claimed by its maker. */
export function newOrder(draft: Draft, status: Status, at: Date): Order {
  const time = at.toISOString();
  const order: Order = {
    ...emptyOrder,
    ...draft,
    status,
    createdAt: time,
    updatedAt: time,
    history: [{ ...entryOf('api', draft.operation, status, time), from: null }],
    claim: status === 'sending' ? { id: randomUUID(), at: time } : null,
    version: 1,
  };
  return { ...order, dueAt: dueAtOf(order) };
}
