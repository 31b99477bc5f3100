/** Events: at least once, one for each change, none without, and together what the API shows (contract 5). */
import { isDeepStrictEqual } from 'node:util';
import type { OrderEvent } from '../../shared/orders/events.ts';
import type { Index } from './judge-index.ts';
import type { Verdict } from './judge-rules.ts';
import type { ShownOrder, Version } from './judge-views.ts';

type Told = Pick<OrderEvent, 'type'> & { from: string | null; to: string; reason: string; order: ShownOrder };

export function judgeEvents({ history }: Index, versions: ReadonlyMap<string, Version[]>, verdict: Verdict): void {
  const byOrder = new Map<string, Map<string, OrderEvent>>();
  for (const entry of history) {
    if (entry.kind !== 'published') continue;
    const { orderId, detail } = entry.event;
    const known = byOrder.get(orderId) ?? new Map<string, OrderEvent>();
    byOrder.set(orderId, known);
    const before = known.get(detail.eventId);
    if (before && !isDeepStrictEqual(before.detail, detail))
      verdict.found.push(`one eventId for two changes: ${orderId}`);
    known.set(detail.eventId, entry.event);
  }
  for (const [orderId, shown] of versions) {
    const events = [...(byOrder.get(orderId)?.values() ?? [])].map(told).sort(inOrder);
    judgeOrder(orderId, events, shown, verdict);
  }
}

const told = ({ type, detail: { from, to, reason, order } }: OrderEvent): Told => ({
  type,
  from,
  to,
  reason: reason ?? '',
  order: order as unknown as ShownOrder,
});

const isStatus = ({ type }: Told): boolean => type === 'order.status_changed';

/** Of one version its status first. */
const inOrder = (a: Told, b: Told): number =>
  a.order.version - b.order.version || Number(isStatus(b)) - Number(isStatus(a));

/** Two readers' clocks may differ, so either of two may have been shown first. */
const lapses = [
  ['sending', 'not_processed'],
  ['awaiting_customer', 'expired'],
  ['sending', 'unknown'],
];

function judgeOrder(orderId: string, events: Told[], versions: readonly Version[], { found, used }: Verdict): void {
  let status: string | null = null;
  const standing = new Set<string>();
  let next = 0;
  for (const { version, shown } of versions) {
    for (; (events[next]?.order.version ?? Number.POSITIVE_INFINITY) <= version; next += 1) {
      const event = events[next];
      if (!event) break;
      if (isStatus(event)) {
        if (event.from !== status) found.push(`an event is missing: ${orderId} from ${event.from}, told ${status}`);
        if (event.from === event.to) found.push(`an event without a change: ${orderId} ${event.to}`);
        status = event.to;
      } else judgeAttention(orderId, event, standing, status, found);
      if (event.order.status !== event.to)
        found.push(`an event says ${event.to} of an order that is ${event.order.status}`);
    }
    for (const order of shown) {
      const reasons = order.attention.map(({ reason }) => reason);
      const isTold = order.status === status && new Set(reasons).symmetricDifference(standing).size === 0;
      if (isTold) continue;
      const isStale = status === 'sending' && order.status === 'unknown' && reasons.includes('outcome_unknown');
      const isLapsed =
        order.operation.startsWith('authenticated') &&
        lapses.some(each => each.includes(order.status) && each.includes(status ?? ''));
      if (isStale) used['a stale claim is shown as unknown'] += 1;
      else if (isLapsed) used['3-D Secure whose time is over is shown so'] += 1;
      else
        found.push(
          `not told: ${orderId} version ${version} is ${order.status} ${reasons}, events say ${status} ${[...standing]}`,
        );
    }
  }
}

function judgeAttention(
  orderId: string,
  { type, from, to, reason, order }: Told,
  standing: Set<string>,
  status: string | null,
  found: string[],
): void {
  const isRaised = type === 'order.attention_raised';
  if (standing.has(reason) === isRaised) found.push(`${reason} told twice: ${orderId} version ${order.version}`);
  if (from !== to || to !== status) found.push(`an event of attention from ${from} to ${to}: ${orderId} is ${status}`);
  if (order.attention.some(each => each.reason === reason) !== isRaised)
    found.push(`an event says ${type} ${reason}, its order does not: ${orderId}`);
  if (isRaised) standing.add(reason);
  else standing.delete(reason);
}
