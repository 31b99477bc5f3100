import type { Clock, OrderStore } from './ports.ts';

/** What one request for orders may bring. */
const pageSize = 100;
/** Beyond so many orders with attention, people have other alarms to look at. */
const mostPages = 10;

/** For how many minutes the longest unknown outcome has waited for a person; 0: none does. One query, unless the list is long. */
export async function oldestUnknownMinutes({
  store,
  now,
}: Pick<Clock, 'now'> & { store: OrderStore }): Promise<number> {
  const time = now().getTime();
  let [oldest, after]: [number, string | null] = [time, null];
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await store.list({ index: 'byAttention', day: null, newestFirst: false }, pageSize, after);
    for (const { status, attention } of page.orders) {
      const isUnknown = status === 'unknown' || attention?.reason === 'outcome_unknown';
      if (attention && isUnknown) oldest = Math.min(oldest, Date.parse(attention.since));
    }
    after = page.last;
    if (after === null) break;
  }
  return Math.floor((time - oldest) / 60_000);
}
