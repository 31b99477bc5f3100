/** Which index a list is read from, what is filtered after it, and when reading ends: with a store that is asked only. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from '../../shared/domain/order.ts';
import { listOrders, type OrderFilter } from '../../shared/orders/list-orders.ts';
import type { ListPage, OrderList, OrderStore } from '../../shared/orders/ports.ts';
import { idOf, noon, placed, standingClock } from '../support/orders.ts';

const nothing: OrderFilter = { date: '2026-11-20', status: null, attention: false, reference: null };
const raised = { reason: 'contradiction', since: noon.toISOString() } as const;
const later = new Date(noon.getTime() + 120_000);

/** A store that answers the pages it is given, one after the other, and keeps what it was asked. */
function asked(pages: ListPage[], now = noon) {
  const calls: { list: OrderList; limit: number; after: string | null }[] = [];
  const list: OrderStore['list'] = async (each, limit, after) => {
    calls.push({ list: each, limit, after });
    return pages.shift() ?? { orders: [], last: null };
  };
  return { calls, deps: { ...standingClock(now), store: { list } as OrderStore } };
}
const many = (count: number, changes: Partial<Order> = {}) =>
  Array.from({ length: count }, (_, i) => placed('card', 'paid', { orderId: idOf(`${i}-`), ...changes }));

const day = { day: '2026-11-20', newestFirst: true };
const indexes: [filter: Partial<OrderFilter>, list: OrderList][] = [
  [{}, { ...day, index: 'byDay' }],
  [{ status: 'paid' }, { ...day, index: 'byStatus', statuses: ['paid'] }],
  [{ status: 'sending' }, { ...day, index: 'byStatus', statuses: ['sending'] }],
  [{ status: 'unknown' }, { ...day, index: 'byStatus', statuses: ['unknown', 'sending'] }],
  [{ reference: 'A' }, { ...day, index: 'byReference', reference: 'A' }],
  [
    { reference: 'A', status: 'paid' },
    { ...day, index: 'byReference', reference: 'A' },
  ],
  [{ attention: true }, { ...day, index: 'byAttention' }],
  [
    { attention: true, date: null },
    { day: null, newestFirst: false, index: 'byAttention' },
  ],
  [
    { attention: true, date: null, status: 'paid', reference: 'A' },
    { day: null, newestFirst: false, index: 'byAttention' },
  ],
];
for (const [filter, list] of indexes) {
  test(`${JSON.stringify(filter)} is read from ${list.index}`, async () => {
    const { calls, deps } = asked([]);
    await listOrders(deps, { ...nothing, ...filter }, null);
    assert.deepEqual(calls, [{ list, limit: 50, after: null }]);
  });
}

test('a full page is one read, and says where the next goes on', async () => {
  const { calls, deps } = asked([{ orders: many(50), last: 'here' }]);
  const page = await listOrders(deps, nothing, 'before');
  assert.deepEqual([page.orders.length, page.after, calls.map(({ after }) => after)], [50, 'here', ['before']]);
});

test('what the other filters leave out is read for again, for what is missing alone', async () => {
  const mixed = [...many(20, { attention: raised }), ...many(30)];
  const { calls, deps } = asked([
    { orders: mixed, last: 'a' },
    { orders: many(30, { attention: raised }), last: 'b' },
  ]);
  const page = await listOrders(deps, { ...nothing, attention: true }, null);
  assert.deepEqual([page.orders.length, page.after], [50, 'b']);
  assert.deepEqual(
    calls.map(({ limit, after }) => [limit, after]),
    [
      [50, null],
      [30, 'a'],
    ],
  );
});

test('reading ends with the index, and after ten reads, with a cursor to go on', async () => {
  const ended = asked([
    { orders: many(3), last: 'a' },
    { orders: [], last: null },
  ]);
  assert.equal((await listOrders(ended.deps, { ...nothing, status: 'cancelled' }, null)).after, null);
  assert.equal(ended.calls.length, 2);
  const endless = asked(Array.from({ length: 20 }, (_, i) => ({ orders: many(50), last: `p${i}` })));
  const page = await listOrders(endless.deps, { ...nothing, status: 'cancelled' }, null);
  assert.deepEqual([page, endless.calls.length], [{ orders: [], after: 'p9' }, 10]);
});

test('an index may lag behind: an order that has moved since is judged as it stands', async () => {
  const { deps } = asked([
    { orders: [placed('card', 'cancelled'), placed('card', 'paid', { reference: 'B' })], last: null },
  ]);
  assert.deepEqual(await listOrders(deps, { ...nothing, status: 'paid', reference: 'A' }, null), {
    orders: [],
    after: null,
  });
});

test('a stale claim is unknown here as everywhere, and a fresh one is not', async () => {
  const sending = placed('card', 'sending');
  for (const [status, now, found] of [
    ['unknown', noon, 0],
    ['unknown', later, 1],
    ['sending', noon, 1],
    ['sending', later, 0],
  ] as const) {
    const { deps } = asked([{ orders: [sending], last: null }], now);
    const { orders } = await listOrders(deps, { ...nothing, status }, null);
    assert.deepEqual(
      orders.map(order => order.status),
      Array(found).fill(status),
      `${status} at ${now.toISOString()}`,
    );
  }
});
