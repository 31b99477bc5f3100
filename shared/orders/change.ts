import { addDays, startOfDay } from '../domain/days.ts';
import {
  type AttentionReason,
  after,
  claimSeconds,
  entryOf,
  type HistoryEntry,
  type Order,
  type Status,
  withFrom,
} from '../domain/order.ts';

export interface Change {
  at: Date;
  source: HistoryEntry['source'];
  event: string;
  /** Absent: the status stays. */
  to?: Status;
  code?: string | null;
  note?: string | null;
  attention?: AttentionReason | null;
  /** What else becomes known with it. */
  fill?: Partial<Order>;
}

const historyLimit = 100;
/** Statuses in which the gateway's word is still out. */
const open: readonly Status[] = ['sending', 'unknown', 'settling', 'cancelling'];
/** A step into one of these moved money, or the promise of it. */
const moneySteps: readonly Status[] = [
  'paid',
  'registered',
  'authorized',
  'received',
  'cancelled',
  'reversed',
  'settle_failed',
  'received_after_cancel',
  'paid_after_cancel',
  'reversed_after_cancel',
];
/** How long before `settleBy` a person is told of an order nobody has settled. */
const settlementNoticeDays = 5;

/** The order's next version. Pure: nothing is stored by it. */
export function change(order: Order, { at, source, event, to = order.status, fill, ...more }: Change): Order {
  const time = at.toISOString();
  const moved = to !== order.status;
  const next: Order = {
    ...order,
    ...(moved && { pending: null, failure: null, retryAt: null }),
    ...(to === 'paid' && { paidAt: order.paidAt ?? time }),
    ...fill,
    status: to,
    history: append(order.history, { ...entryOf(source, event, to, time, more), from: order.status }),
    updatedAt: time,
    version: order.version + 1,
  };
  next.attention = attentionOf(next, more.attention ?? null, time);
  next.dueAt = dueAtOf(next);
  return next;
}

/** `outcome_unknown` goes when the outcome comes; any other first reason stays until a person clears it. */
function attentionOf(next: Order, raised: AttentionReason | null, since: string): Order['attention'] {
  const isOpen = open.includes(next.status) || next.pending !== null;
  const kept = next.attention?.reason === 'outcome_unknown' && !isOpen ? null : next.attention;
  return kept ?? (raised && { reason: raised, since });
}

/** When due work must look at the order next; null when nothing is due. */
export function dueAtOf(order: Order): string | null {
  if (order.claim && (order.status === 'sending' || order.pending)) {
    return after(new Date(order.claim.at), claimSeconds);
  }
  if (order.pending) return order.updatedAt;
  const { settlement, settleBy } = order.carrier ?? { settlement: null, settleBy: null };
  if (order.status === 'settle_scheduled' && settlement?.by === 'schedule') {
    return order.retryAt ?? startOfDay(settlement.on).toISOString();
  }
  const mayLapse = order.status === 'authorized' || order.status === 'settle_scheduled';
  if (!mayLapse || !settleBy || order.history.some(entry => entry.event === 'settlement_due')) return null;
  return settlementNoticeAt(settleBy);
}

/** When a person is to be told that the order's last day comes near. */
export const settlementNoticeAt = (settleBy: string): string =>
  startOfDay(addDays(settleBy, -settlementNoticeDays)).toISOString();

const isEqual = (a: HistoryEntry | undefined, b: HistoryEntry): boolean =>
  a !== undefined &&
  a.source === b.source &&
  a.event === b.event &&
  a.to === b.to &&
  b.from === b.to &&
  a.code === b.code &&
  a.note === b.note;

function append(history: HistoryEntry[], entry: HistoryEntry): HistoryEntry[] {
  const last = history.at(-1);
  if (last && isEqual(last, entry)) return [...history.slice(0, -1), { ...last, count: last.count + 1 }];
  const all = withFrom([...history, entry]);
  if (all.length <= historyLimit) return all;
  const isMoney = (each: HistoryEntry) => each.from !== each.to && moneySteps.includes(each.to);
  const dropped = all.findIndex((each, index) => index > 0 && index < all.length - 1 && !isMoney(each));
  return all.filter((_, index) => index !== dropped);
}
