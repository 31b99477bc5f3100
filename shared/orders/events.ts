import { asOf } from '../domain/changes.ts';
import { digest } from '../domain/identity.ts';
import type { Order } from '../domain/order.ts';
import { present } from '../domain/present.ts';
import { type Summary, summarize } from '../domain/summarize.ts';
import type { AttentionReason } from '../domain/words.ts';

/** What is published about an order (contract 5). */
export interface OrderEvent {
  type: 'order.status_changed' | 'order.attention_raised' | 'order.attention_cleared';
  orderId: string;
  /** When the order changed. */
  at: Date;
  detail: {
    eventId: string;
    order: Record<string, unknown>;
    from: string | null;
    to: string;
    reason?: AttentionReason;
  };
}

/** The events of one change of an order; `before` null: the order is new. Equal however often it is asked. */
export function eventsOf(before: Order | null, after: Order): OrderEvent[] {
  const at = new Date(after.updatedAt);
  if (Number.isNaN(at.getTime())) throw new Error('An order without the time of its change.');
  const [was, is] = [before && asWritten(before), asWritten(after)];
  const { history: _, ...order } = present(after, at);
  const event = (type: OrderEvent['type'], from: string | null, reason?: AttentionReason): OrderEvent => ({
    type,
    orderId: after.orderId,
    at,
    detail: {
      eventId: digest(`${after.orderId}\n${after.version}\n${type}${reason ? `\n${reason}` : ''}`),
      order,
      from,
      to: is.status,
      ...(reason && { reason }),
    },
  });
  const raised = reasonsOf(is).filter(reason => !reasonsOf(was).includes(reason));
  const cleared = reasonsOf(was).filter(reason => !reasonsOf(is).includes(reason));
  return [
    ...(was?.status === is.status ? [] : [event('order.status_changed', was?.status ?? null)]),
    ...raised.map(reason => event('order.attention_raised', is.status, reason)),
    ...cleared.map(reason => event('order.attention_cleared', is.status, reason)),
  ];
}

const reasonsOf = (summary: Summary | null): AttentionReason[] => summary?.attention.map(({ reason }) => reason) ?? [];

/** As a reader saw it when it was written: a claim that had gone stale by then is an unknown outcome. */
const asWritten = (order: Order): Summary => summarize(asOf(order, new Date(order.updatedAt)));
