import { asOf, type Order, type Status } from '../domain/order.ts';
import type { Clock, OrderList, OrderStore } from './ports.ts';

export interface OrderFilter {
  /** JST day of creation; null: all days, which `attention` alone can be asked for. */
  date: string | null;
  status: Status | null;
  attention: boolean;
  reference: string | null;
}

export interface OrdersPage {
  orders: Order[];
  after: string | null;
}

const pageSize = 50;
/** Filters beside the index's own may leave pages empty; so many are read for one that is asked for. */
const mostReads = 10;

/** A page of orders: newest first of one day, or, with attention and no day, oldest first of all. */
export async function listOrders(
  deps: Clock & { store: OrderStore },
  filter: OrderFilter,
  after: string | null,
): Promise<OrdersPage> {
  const now = deps.now();
  const found: Order[] = [];
  let last = after;
  for (let reads = 0; reads < mostReads; reads += 1) {
    const page = await deps.store.list(indexFor(filter), pageSize - found.length, last);
    found.push(...page.orders.map(order => asOf(order, now)).filter(order => matches(order, filter)));
    last = page.last;
    if (last === null || found.length === pageSize) break;
  }
  return { orders: found, after: last };
}

/** The index that narrows most. */
function indexFor({ date, status, attention, reference }: OrderFilter): OrderList {
  if (attention || date === null) return { index: 'byAttention', day: date, newestFirst: date !== null };
  const common = { day: date, newestFirst: true };
  if (reference !== null) return { ...common, index: 'byReference', reference };
  if (status !== null) return { ...common, index: 'byStatus', statuses: storedAs(status) };
  return { ...common, index: 'byDay' };
}

/** A stale claim reads as `unknown` before due work stores it so. */
const storedAs = (status: Status): Status[] => (status === 'unknown' ? ['unknown', 'sending'] : [status]);

const matches = (order: Order, { status, attention, reference }: OrderFilter): boolean =>
  (status === null || order.status === status) &&
  (!attention || order.attention !== null) &&
  (reference === null || order.reference === reference);
