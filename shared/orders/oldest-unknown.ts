import { attentionOf } from '../domain/present.ts';
import { summarize } from '../domain/summarize.ts';
import type { Clock, OrderStore } from './ports.ts';

/** What one request for orders may bring. */
const pageSize = 100;
/** Beyond so many orders with attention, other alarms have rung. */
const mostPages = 10;

/** For how many minutes the longest unknown outcome has stood; 0: there is none. One query, unless the list is long. */
export async function oldestUnknownMinutes({
  store,
  now,
}: Pick<Clock, 'now'> & { store: OrderStore }): Promise<number> {
  const time = now().getTime();
  let [oldest, after]: [number, string | null] = [time, null];
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await store.list({ index: 'byAttention', days: null, newestFirst: false }, pageSize, after);
    for (const order of page.orders) {
      const unknown = attentionOf(order, summarize(order).attention).find(({ reason }) => reason === 'outcome_unknown');
      if (unknown) oldest = Math.min(oldest, Date.parse(unknown.since));
    }
    after = page.last;
    if (after === null) break;
  }
  return Math.floor((time - oldest) / 60_000);
}
