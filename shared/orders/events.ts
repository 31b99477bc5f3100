import { digest } from './identity.ts';
import { type Order, present } from './order.ts';

/** What the merchant's own systems are told of an order (contract 5). */
export interface OrderEvent {
  type: 'order.status_changed' | 'order.attention_raised' | 'order.attention_cleared';
  detail: { eventId: string; order: Record<string, unknown>; from: string | null; to: string };
}

/** What one change of an order is worth telling; `before` null: the order is new. Equal however often it is asked. */
export function eventsOf(before: Order | null, after: Order): OrderEvent[] {
  const order = present(after, new Date(after.updatedAt));
  const event = (type: OrderEvent['type'], from: string | null): OrderEvent => ({
    type,
    detail: { eventId: digest(`${after.orderId}\n${after.version}\n${type}`), order, from, to: after.status },
  });
  const [was, is] = [before?.attention ?? null, after.attention];
  const isRaised = is !== null && (was?.reason !== is.reason || was.since !== is.since);
  return [
    ...(before?.status === after.status ? [] : [event('order.status_changed', before?.status ?? null)]),
    ...(isRaised ? [event('order.attention_raised', after.status)] : []),
    ...(was !== null && is === null ? [event('order.attention_cleared', after.status)] : []),
  ];
}
