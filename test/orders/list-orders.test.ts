/** Which index a list is read from, what is filtered after it, and when reading ends: with a store that is asked only. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from '../../shared/domain/order.ts';
import { listOrders, type OrderFilter } from '../../shared/orders/list-orders.ts';
import type { ListPage, OrderList, OrderStore } from '../../shared/orders/ports.ts';
import {
  aCallback,
  anOrder,
  idOf,
  noon,
  seconds,
  standingClock,
  statusOf,
  told,
  usual,
  withCallbacks,
} from '../support/orders.ts';

const days = { from: '2026-11-18', to: '2026-11-20' };
const nothing: OrderFilter = {
  days,
  status: null,
  attention: false,
  reference: null,
  gatewayOrderNumber: null,
  cardId: null,
};

/** A store that answers the pages it is given, one after the other, and keeps what it was asked. */
function asked(pages: ListPage[], now = noon) {
  const calls: { list: OrderList; limit: number; after: string | null }[] = [];
  const list: OrderStore['list'] = async (each, limit, after) => {
    calls.push({ list: each, limit, after });
    return pages.shift() ?? { orders: [], last: null };
  };
  return { calls, deps: { ...standingClock(now), store: { list } as OrderStore } };
}
const many = (count: number, order: Order = usual.card.paid()): Order[] =>
  Array.from({ length: count }, (_, i) => ({ ...order, orderId: idOf(`${i}-`) }));
const unlisted = () => told(usual.card.paid(), 'XX');

const common = { days, newestFirst: true };
const every = { days: null, newestFirst: false };
const indexes: [filter: Partial<OrderFilter>, list: OrderList][] = [
  [{}, { ...common, index: 'byMonth' }],
  [{ status: 'paid' }, { ...common, index: 'byStatus', statuses: ['paid'] }],
  [{ status: 'sending' }, { ...common, index: 'byStatus', statuses: ['sending'] }],
  [{ status: 'unknown' }, { ...common, index: 'byStatus', statuses: ['unknown', 'sending'] }],
  [{ reference: 'A' }, { ...common, index: 'byReference', value: 'A' }],
  [{ gatewayOrderNumber: 'N1' }, { ...common, index: 'byOrderNumber', value: 'N1' }],
  [{ cardId: 'C1' }, { ...common, index: 'byCard', value: 'C1' }],
  [
    { reference: 'A', status: 'paid' },
    { ...common, index: 'byReference', value: 'A' },
  ],
  [
    { cardId: 'C1', status: 'unknown' },
    { ...common, index: 'byCard', value: 'C1' },
  ],
  [{ attention: true }, { ...common, index: 'byAttention' }],
  [
    { attention: true, days: null },
    { ...every, index: 'byAttention' },
  ],
  [
    { attention: true, days: null, status: 'paid' },
    { ...every, index: 'byAttention' },
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
  const { calls, deps } = asked([
    { orders: [...many(20, unlisted()), ...many(30)], last: 'a' },
    { orders: many(30, unlisted()), last: 'b' },
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

test('an index may lag behind: every filter is judged on the order as it stands', async () => {
  const draft = { reference: 'A', card: { cardId: 'C1', installments: '01' } };
  const order = withCallbacks(anOrder('card', draft), [
    aCallback('card', 'OK'),
    aCallback('card', 'NG', { orderNumber: 'N2' }),
  ]);
  const cases: [filter: Partial<OrderFilter>, isFound: boolean][] = [
    [{ status: 'paid' }, true],
    [{ status: 'declined' }, false],
    [{ reference: 'A' }, true],
    [{ reference: 'B' }, false],
    [{ gatewayOrderNumber: 'N1' }, true],
    [{ gatewayOrderNumber: 'N2' }, true],
    [{ gatewayOrderNumber: 'N3' }, false],
    [{ cardId: 'C1' }, true],
    [{ cardId: 'C' }, false],
    [{ attention: true }, true],
    [{ status: 'paid', cardId: 'C2' }, false],
  ];
  for (const [filter, isFound] of cases) {
    const { deps } = asked([{ orders: [order], last: null }]);
    const page = await listOrders(deps, { ...nothing, ...filter }, null);
    assert.deepEqual(page, { orders: isFound ? [order] : [], after: null }, JSON.stringify(filter));
  }
});

test('a stale claim is unknown here as everywhere, with attention; a fresh one is not', async () => {
  const sending = anOrder('card');
  const cases: [filter: Partial<OrderFilter>, now: Date, found: number][] = [
    [{ status: 'unknown' }, seconds(119), 0],
    [{ status: 'unknown' }, seconds(120), 1],
    [{ status: 'sending' }, seconds(119), 1],
    [{ status: 'sending' }, seconds(120), 0],
  ];
  for (const [filter, now, found] of cases) {
    const { deps } = asked([{ orders: [sending], last: null }], now);
    const { orders } = await listOrders(deps, { ...nothing, ...filter }, null);
    assert.deepEqual(orders.map(statusOf), Array(found).fill('sending'), JSON.stringify([filter, now]));
  }
});

test('days that end before they begin hold no orders: nothing is read', async () => {
  const { calls, deps } = asked([]);
  const backwards = { from: '2026-11-21', to: '2026-11-20' };
  assert.deepEqual(await listOrders(deps, { ...nothing, days: backwards }, null), { orders: [], after: null });
  assert.deepEqual(calls, []);
  await listOrders(deps, { ...nothing, days: { from: '2026-11-20', to: '2026-11-20' } }, null);
  assert.equal(calls.length, 1);
});
