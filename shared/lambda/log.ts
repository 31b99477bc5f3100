/**
 * One JSON line an event. The type is the allow-list: nothing of the payer, no token, no key has a field here.
 * The metric filters count by `event` and `reason`.
 */
export interface LogLine {
  event: 'request' | 'callback' | 'callback_refused' | 'callback_unreadable' | 'callback_not_stored' | 'attention' | 'error';
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
  /** An error's class and, for errors of ours, where it was thrown; never its message, which may quote input. */
  error?: string;
  stack?: string;
}

export const log = (line: LogLine): void => console.info(line);
