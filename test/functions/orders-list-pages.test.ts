/** Pages and cursors of the list of orders. */
import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { fromItem, isOrderItem } from '../../shared/aws/items.ts';
import { cardActions } from '../support/card-actions.ts';
import { startLocal } from '../support/local.ts';
import { orderList } from '../support/order-list.ts';
import { noonText } from '../support/orders.ts';
import { clearTable, readersOf } from '../support/table.ts';

const local = await startLocal();
const { client } = cardActions(local);
const { add, list } = orderList(local);
beforeEach(() => clearTable(client));

/** Follows the cursors to the end. */
async function walk(query: string): Promise<{ ids: string[]; pages: number[] }> {
  const [ids, pages]: [string[], number[]] = [[], []];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { status, body } = await list(`${query}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    assert.equal(status, 200);
    ids.push(...body.orders.map((order: { orderId: string }) => order.orderId));
    pages.push(body.orders.length);
    cursor = body.cursor;
  }
  return { ids, pages };
}

test('50 a page, each order once, also where many have one time', async () => {
  const all: string[] = [];
  for (let i = 0; i < 120; i += 1)
    all.push(await add('card', 'paid', { reference: 'A-4', cardId: 'C1', attention: true }, Math.floor(i / 40)));
  const stored = (await readersOf(client).items()).filter(isOrderItem).map(fromItem);
  const createdAt = new Map(stored.map(order => [order.orderId, order.createdAt]));
  const queries = [
    'date=2026-11-20',
    'date=2026-11-20&status=paid',
    'date=2026-11-20&reference=A-4',
    'attention=true',
    'attention=true&date=2026-11-20',
    'from=2026-11-01&to=2026-11-30',
    'date=2026-11-20&gatewayOrderNumber=N1',
    'from=2026-11-20&to=2026-11-20&cardId=C1',
  ];
  for (const query of queries) {
    const { ids, pages } = await walk(query);
    assert.deepEqual([ids.toSorted(), pages], [all.toSorted(), [50, 50, 20]], query);
    const times = ids.map(id => createdAt.get(id) ?? '');
    assert.deepEqual(times, query === 'attention=true' ? times.toSorted() : times.toSorted().reverse(), query);
  }
});

test('exactly 50, and exactly 100: the last page says that it is the last', async () => {
  let made = 0;
  for (const [size, pages] of [
    [50, [50]],
    [100, [50, 50]],
  ] as const) {
    for (; made < size; made += 1) await add('card', 'paid', {}, 0);
    assert.deepEqual((await walk('date=2026-11-20')).pages, pages);
  }
});

test('matches that lie far apart are all found over the pages', async () => {
  const wanted: string[] = [];
  for (let i = 0; i < 130; i += 1) {
    const orderId = await add('card', i % 60 === 0 ? 'cancelled' : 'paid', { attention: true });
    if (i % 60 === 0) wanted.push(orderId);
  }
  assert.deepEqual((await walk('attention=true&status=cancelled')).ids, wanted);
});

test('orders made while one pages on come on no later page, and none is met twice', async () => {
  const all: string[] = [];
  for (let i = 0; i < 60; i += 1) all.push(await add('card', 'paid', {}, i));
  const first = await list('date=2026-11-20');
  await add('card', 'paid', {}, 100);
  const second = await list(`date=2026-11-20&cursor=${encodeURIComponent(first.body.cursor)}`);
  const ids = [...first.body.orders, ...second.body.orders].map((order: { orderId: string }) => order.orderId);
  assert.deepEqual(ids, all.toReversed());
});

test('a cursor is opaque, and 400 under any other filters', async () => {
  for (let i = 0; i < 51; i += 1) await add('card', 'paid', { reference: 'A-5', attention: true }, i);
  const { body } = await list('date=2026-11-20&status=paid');
  assert.match(body.cursor, /^[A-Za-z0-9_-]+$/);
  const others = [
    'date=2026-11-20',
    'status=paid',
    'date=2026-11-21&status=paid',
    'date=2026-11-20&status=cancelled',
    'date=2026-11-20&status=paid&attention=true',
    'date=2026-11-20&status=paid&reference=A-5',
    'date=2026-11-20&status=paid&gatewayOrderNumber=N1',
    'date=2026-11-20&status=paid&cardId=C1',
    'from=2026-11-20&to=2026-11-20&status=paid',
    'from=2026-11-20&status=paid',
    'attention=true',
  ];
  for (const query of others) {
    const { status, body: answer } = await list(`${query}&cursor=${body.cursor}`);
    assert.deepEqual([status, answer.code, answer.errors[0].field], [400, 'invalid_request', 'cursor'], query);
  }
  const swapped = await list(`status=paid&cursor=${body.cursor}&date=2026-11-20`);
  assert.deepEqual([swapped.status, swapped.body.orders.length], [200, 1]);
});

test('what is no cursor of ours is 400', async () => {
  for (const cursor of ['', 'x', 'W10', 'e30', 'bnVsbA', '%00', 'a'.repeat(5000)]) {
    const { status, body } = await list(`date=2026-11-20&cursor=${cursor}`);
    assert.deepEqual([status, body.errors?.[0]?.field], [400, 'cursor'], cursor);
  }
});

test('a list of today goes on with its day after midnight', async () => {
  mock.timers.enable({ apis: ['Date'], now: new Date('2026-11-20T14:59:59.000Z') });
  try {
    for (let i = 0; i < 51; i += 1) await add('card', 'paid', {}, i);
    const first = await list('');
    assert.deepEqual([first.body.orders.length, typeof first.body.cursor], [50, 'string']);
    mock.timers.setTime(Date.parse('2026-11-20T15:00:01.000Z'));
    await add('card', 'paid', { createdAt: '2026-11-20T15:00:00.500Z' });
    const second = await list(`cursor=${encodeURIComponent(first.body.cursor)}`);
    assert.deepEqual([second.status, second.body.orders.length, second.body.cursor], [200, 1, null]);
    assert.equal(second.body.orders[0].createdAt, noonText);
  } finally {
    mock.timers.reset();
  }
});
