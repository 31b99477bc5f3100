import { digest } from '../domain/identity.ts';
import { asOf, type Order, present } from '../domain/order.ts';

/** What the merchant's own systems are told of an order (contract 5). */
export interface OrderEvent {
  type: 'order.status_changed' | 'order.attention_raised' | 'order.attention_cleared';
  orderId: string;
  /** When the order changed. */
  at: Date;
  detail: { eventId: string; order: Record<string, unknown>; from: string | null; to: string };
}

/**
 * What one change of an order is worth telling; `before` null: the order is new. Equal however often it is asked. One reason for
 * attention that takes the place of another is raised, and nothing is cleared. Throws where `after` is no order.
 */
export function eventsOf(before: Order | null, after: Order): OrderEvent[] {
  const [was, is] = [before && asWritten(before), asWritten(after)];
  const at = new Date(after.updatedAt);
  if (Number.isNaN(at.getTime())) throw new Error('An order that does not say when it changed.');
  const order = present(after, at);
  const event = (type: OrderEvent['type'], from: string | null): OrderEvent => ({
    type,
    orderId: after.orderId,
    at,
    detail: { eventId: digest(`${after.orderId}\n${after.version}\n${type}`), order, from, to: is.status },
  });
  const isRaised = is.attention !== null && is.attention.reason !== was?.attention?.reason;
  const isCleared = is.attention === null && !!was?.attention;
  return [
    ...(was?.status === is.status ? [] : [event('order.status_changed', was?.status ?? null)]),
    ...(isRaised ? [event('order.attention_raised', is.status)] : []),
    ...(isCleared ? [event('order.attention_cleared', is.status)] : []),
  ];
}

/** As a reader saw it when it was written: a claim that had gone stale by then is an unknown outcome. */
const asWritten = (order: Order): Order => asOf(order, new Date(order.updatedAt));
