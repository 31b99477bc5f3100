import type { Order } from '../orders/order.ts';

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
    | 'callback_not_stored'
    | 'order'
    | 'attention'
    | 'due_work'
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
  /** An error's class and place; never its message, which may quote input. */
  error?: string;
  stack?: string;
}

export const log = (line: LogLine): void => console.info(line);

/** What became of an order, and the attention that its newest change raised. */
export function logOrder({ orderId, status, operation, attention, updatedAt }: Order): void {
  log({ event: 'order', orderId, status, operation });
  if (attention?.since === updatedAt) log({ event: 'attention', orderId, status, reason: attention.reason });
}

export function logError(error: unknown): void {
  const { name, stack = '' } = error instanceof Error ? error : new Error();
  const place = stack
    .split('\n')
    .filter(line => line.trim().startsWith('at '))
    .slice(0, 5);
  log({ event: 'error', error: name, stack: place.join('\n') });
}
