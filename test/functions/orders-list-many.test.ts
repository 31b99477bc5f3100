/** What a page costs does not depend on how many orders there are: counted over 5,000 of one day. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyOf, toItem } from '../../shared/aws/items.ts';
import { digest } from '../../shared/domain/identity.ts';
import { cardActions } from '../support/card-actions.ts';
import { countDynamoDb, startLocal } from '../support/local.ts';
import { orderOf } from '../support/order-list.ts';
import { putItems } from '../support/table.ts';

const local = await startLocal();
const { store, client } = cardActions(local);
const total = 5000;
const midnight = Date.parse('2026-11-19T15:00:00.000Z');

/** One every 17 s, of which each seventh is unknown, each fifth has attention beside, each hundredth one reference. */
const made = Array.from({ length: total }, (_, i) => {
  const createdAt = new Date(midnight + 17_000 * i).toISOString();
  const listed = { createdAt, attention: i % 5 === 0, reference: i % 100 === 0 ? 'A-1' : null, cardId: `C${i % 50}` };
  return { i, order: orderOf('card', i % 7 === 0 ? 'unknown' : 'paid', listed, digest(`many ${i}`)) };
});
await putItems(
  client,
  made.map(({ order }) => toItem(order)),
);

/** The pages of the list, with their requests to DynamoDB. */
async function walk(query: string, most: number) {
  const [ids, costs]: [string[], Record<string, number>[]] = [[], []];
  let cursor: string | null = '';
  while (cursor !== null && costs.length < most) {
    costs.push(
      await countDynamoDb(async () => {
        const { body } = await local.call('GET', `/orders?${query}${cursor && `&cursor=${cursor}`}`);
        ids.push(...body.orders.map((order: { orderId: string }) => order.orderId));
        cursor = body.cursor;
      }),
    );
  }
  return { ids, costs };
}
const idsOf = (matches: (i: number) => boolean) => made.filter(({ i }) => matches(i)).map(({ order }) => order.orderId);
const hasAttention = (i: number) => i % 5 === 0 || i % 7 === 0;

/** `pages`: so many of them are read; null: all. */
const lists: [query: string, ids: string[], queries: number, pages: number | null][] = [
  ['date=2026-11-20', idsOf(() => true).reverse(), 4, null],
  ['from=2026-11-20&to=2026-11-30', idsOf(() => true).reverse(), 4, 3],
  ['from=2026-11-20&to=2027-01-31', idsOf(() => true).reverse(), 12, 3],
  ['date=2026-11-20&status=paid', idsOf(i => i % 7 !== 0).reverse(), 4, 3],
  ['date=2026-11-20&status=unknown', idsOf(i => i % 7 === 0).reverse(), 8, null],
  ['date=2026-11-20&reference=A-1', idsOf(i => i % 100 === 0).reverse(), 1, null],
  ['date=2026-11-20&cardId=C7', idsOf(i => i % 50 === 7).reverse(), 1, null],
  ['date=2026-11-20&gatewayOrderNumber=N1', idsOf(i => i % 7 !== 0 || i % 5 === 0).reverse(), 1, 3],
  ['attention=true', idsOf(hasAttention), 4, null],
  ['attention=true&date=2026-11-20', idsOf(hasAttention).reverse(), 4, 3],
];
for (const [query, ids, queries, pages] of lists) {
  const read = Math.min(pages ?? Infinity, Math.ceil(ids.length / 50));
  test(`${query}: each of ${read} pages costs ${queries} Query and 1 BatchGetItem`, async () => {
    const { ids: found, costs } = await walk(query, read + (pages === null ? 1 : 0));
    assert.deepEqual(found, ids.slice(0, 50 * read));
    assert.deepEqual(
      costs,
      Array.from({ length: read }, () => ({ Query: queries, BatchGetItem: 1 })),
    );
  });
}

test('a filter beside that of the index costs at most ten such reads a page', async () => {
  const { ids, costs } = await walk('attention=true&status=paid', Infinity);
  assert.deepEqual(
    ids,
    idsOf(i => i % 5 === 0 && i % 7 !== 0),
  );
  for (const { Query = 0, BatchGetItem = 0 } of costs) {
    assert.ok(BatchGetItem <= 10 && Query === 4 * BatchGetItem, `${Query} and ${BatchGetItem}`);
  }
});

test('a day without orders costs four queries', async () => {
  const { ids, costs } = await walk('date=2026-11-21', Infinity);
  assert.deepEqual([ids, costs], [[], [{ Query: 4 }]]);
});

test('all 1,600 that are due in one shard are found, over its pages', async () => {
  const ids = Array.from({ length: 1600 }, (_, i) => digest(`due ${i}`));
  await putItems(
    client,
    ids.map(id => ({ ...keyOf(id), shard: '2', dueAt: '2026-11-20T00:00:00.000Z' })),
  );
  const found: string[] = [];
  const counts = await countDynamoDb(async () => {
    for await (const key of store.due(new Date('2026-11-20T00:00:00.000Z')))
      found.push('orderId' in key ? key.orderId : '');
  });
  assert.deepEqual(found.toSorted(), ids.toSorted());
  assert.deepEqual(counts, { Query: 5 });
  for await (const key of store.due(new Date('2026-11-19T23:59:59.999Z'))) assert.fail(JSON.stringify(key));
});
