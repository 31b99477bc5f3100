/** The bounded log of an order, for people; no rule reads it. */
import type { HistoryEvent, Status } from './words.ts';

export interface HistoryEntry {
  at: string;
  source: 'api' | 'gateway' | 'callback' | 'schedule' | 'operator';
  event: HistoryEvent;
  from: Status | null;
  to: Status;
  code: string | null;
  note: string | null;
  actor: string | null;
  count: number;
}

const limit = 100;

/** A step into one of these moved money, or the promise of it. */
const moneyStatuses: readonly Status[] = [
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

/** Equal consecutive entries, and those of repeats, become one with `count`; beyond the limit the oldest go, but never the first of a money event. */
export function append(history: HistoryEntry[], entry: HistoryEntry): HistoryEntry[] {
  // A repeat of ours leaves two entries, its request and its outcome: each counts with the one before it.
  const back = entry.source === 'callback' || entry.source === 'operator' ? [-1] : [-1, -2];
  const equal = back.find(place => isEqual(history.at(place), entry));
  const known = equal === undefined ? undefined : history.at(equal);
  if (known && equal !== undefined) return history.with(equal, { ...known, count: known.count + 1 });
  const all = [...history, entry];
  if (all.length <= limit) return all;
  const firstOfKind = new Set<string>();
  const kept = all.map(({ event, from, to }, i) => {
    const isFirst = moneyStatuses.includes(to) && from !== to && !firstOfKind.has(event);
    if (isFirst) firstOfKind.add(event);
    return isFirst || i === 0 || i === all.length - 1;
  });
  return all.toSpliced(kept.indexOf(false), 1);
}

const isEqual = (a: HistoryEntry | undefined, b: HistoryEntry): boolean =>
  a !== undefined &&
  b.from === b.to &&
  a.source === b.source &&
  a.event === b.event &&
  a.to === b.to &&
  a.code === b.code &&
  a.note === b.note &&
  a.actor === b.actor;
