/** When an order may be deleted from the table (setting `orderRetentionDays`): some time after it is closed. */
import type { Order } from './order.ts';
import { summarize } from './summarize.ts';
import type { Status } from './words.ts';

/** Nothing is expected of the payer, the gateway or the shop any more. */
const closed: readonly Status[] = [
  'not_processed',
  'declined',
  'registered',
  'settle_failed',
  'paid',
  'cancelled',
  'expired',
  'reversed',
  'paid_after_cancel',
  'reversed_after_cancel',
];

/** Seconds since 1970, as DynamoDB's time to live takes it; null: not closed, or something needs attention. */
export function expiresAtSeconds(order: Order, retentionDays: number | null): number | null {
  const { shown, others, attention, open, dueAt } = summarize(order);
  const isClosed = [shown, ...others].every(({ status }) => closed.includes(status));
  if (retentionDays === null || !isClosed || attention.length > 0 || open || dueAt) return null;
  return Math.floor(Date.parse(order.updatedAt) / 1000) + retentionDays * 86_400;
}
