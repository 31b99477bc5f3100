import type { Order } from '../domain/order.ts';
import { attentionOf } from '../domain/present.ts';
import { summarize } from '../domain/summarize.ts';

/**
 * One JSON line an event. The type is the allow-list: nothing of the payer, no token, no key has a field here.
 * The metric filters count by `event` and `reason`.
 */
export interface LogLine {
  event:
    | 'request'
    | 'callback'
    | 'callback_refused'
    | 'callback_unreadable'
    | 'callback_queued'
    | 'callback_not_stored'
    | 'order'
    | 'attention'
    | 'due_work'
    | 'oldest_unknown'
    | 'publish'
    | 'error';
  operation?: string;
  httpStatus?: number;
  orderId?: string;
  status?: string;
  service?: string;
  /** What was said, in a fixed vocabulary of ours or the gateway's own code. */
  effect?: string;
  reason?: string;
  code?: string | null;
  missing?: string[];
  done?: number;
  failed?: number;
  left?: number;
  ageMinutes?: number;
  /** An error's class and place; never its message, which may quote input. */
  error?: string;
  stack?: string;
}

export const log = (line: LogLine): void => console.info(line);

/** An order's status, and the attention that its newest change raised. */
export function logOrder(order: Order): void {
  const { orderId, operation, updatedAt } = order;
  const { status, attention } = summarize(order);
  log({ event: 'order', orderId, status, operation });
  for (const { reason, since } of attentionOf(order, attention)) {
    if (since === updatedAt) log({ event: 'attention', orderId, status, reason });
  }
}

export function logError(error: unknown): void {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error();
  // The stack begins with the message, and a line of that may look like a place.
  const place = stack
    .split('\n')
    .slice(message.split('\n').length)
    .filter(line => line.startsWith('    at '))
    .slice(0, 5);
  log({ event: 'error', error: name, stack: place.join('\n') });
}
