import { asOf } from '../domain/changes.ts';
import type { Order } from '../domain/order.ts';
import { summarize } from '../domain/summarize.ts';
import type { Status } from '../domain/words.ts';
import type { Clock, OrderList, OrderStore } from './ports.ts';

export interface OrderFilter {
  /** JST days of creation, both included; null: all days, which `attention` alone can be asked for. */
  days: { from: string; to: string } | null;
  status: Status | null;
  attention: boolean;
  reference: string | null;
  gatewayOrderNumber: string | null;
  cardId: string | null;
}

export interface OrdersPage {
  orders: Order[];
  after: string | null;
}

const pageSize = 50;
/** API Gateway waits for 30 s: a page that took longer ends early, and its cursor goes on. */
export const lastReadMs = 10_000;
/** Filters beside the index's own may leave pages empty; so many are read for one that is asked for. */
const mostReads = 10;

/** A page of orders: newest first of the days, or, with attention and no days, oldest first of all. */
export async function listOrders(
  deps: Clock & { store: OrderStore },
  filter: OrderFilter,
  after: string | null,
): Promise<OrdersPage> {
  const now = deps.now();
  // A day to come, until today: no index takes such a range.
  if (filter.days && filter.days.to < filter.days.from) return { orders: [], after: null };
  const found: Order[] = [];
  let last = after;
  for (let reads = 0; reads < mostReads; reads += 1) {
    const page = await deps.store.list(indexFor(filter), pageSize - found.length, last);
    found.push(...page.orders.filter(order => matches(asOf(order, now), filter)));
    last = page.last;
    const isLate = deps.now().getTime() - now.getTime() > lastReadMs;
    if (last === null || found.length === pageSize || isLate) break;
  }
  return { orders: found, after: last };
}

/** The index that narrows most. */
function indexFor({ days, status, attention, reference, gatewayOrderNumber, cardId }: OrderFilter): OrderList {
  if (attention || days === null) return { index: 'byAttention', days, newestFirst: days !== null };
  const common = { days, newestFirst: true };
  if (reference !== null) return { ...common, index: 'byReference', value: reference };
  if (gatewayOrderNumber !== null) return { ...common, index: 'byOrderNumber', value: gatewayOrderNumber };
  if (cardId !== null) return { ...common, index: 'byCard', value: cardId };
  if (status !== null) return { ...common, index: 'byStatus', statuses: storedAs(status) };
  return { ...common, index: 'byMonth' };
}

/** What has lapsed reads so before due work stores it so: a stale claim, 3-D Secure whose time is over. */
function storedAs(status: Status): Status[] {
  if (status === 'unknown' || status === 'not_processed') return [status, 'sending'];
  return status === 'expired' ? [status, 'awaiting_customer'] : [status];
}

function matches(order: Order, filter: OrderFilter): boolean {
  const summary = summarize(order);
  const { status, attention, reference, gatewayOrderNumber, cardId } = filter;
  return (
    (status === null || summary.status === status) &&
    (!attention || summary.attention.length > 0) &&
    (reference === null || order.reference === reference) &&
    (gatewayOrderNumber === null || order.numbers.some(({ number }) => number === gatewayOrderNumber)) &&
    (cardId === null || order.card?.cardId === cardId)
  );
}
