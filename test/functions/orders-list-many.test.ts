/** What a page costs does not depend on how many orders there are: counted over 5,000 of one day. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { toItem } from '../../shared/aws/items.ts';
import { digest } from '../../shared/domain/identity.ts';
import { cardActions } from '../support/card-actions.ts';
import { countDynamoDb, startLocal } from '../support/local.ts';
import { placed } from '../support/orders.ts';
import { tableName } from '../support/table.ts';

const local = await startLocal();
const { store, client } = cardActions(local);
const total = 5000;
const midnight = Date.parse('2026-11-19T15:00:00.000Z');
const raised = { reason: 'contradiction', since: '2026-11-20T03:00:00.000Z' } as const;

/** One every 17 s, of which each seventh is unknown and due, each fifth has attention, each hundredth one reference. */
const orders = Array.from({ length: total }, (_, i) =>
  placed('card', i % 7 === 0 ? 'unknown' : 'paid', {
    orderId: digest(`many ${i}`),
    createdAt: new Date(midnight + 17_000 * i).toISOString(),
    attention: i % 5 === 0 ? raised : null,
    reference: i % 100 === 0 ? 'A-1' : null,
    dueAt: '2026-11-20T00:00:00.000Z',
  }),
);
for (let i = 0; i < total; i += 200) {
  const batches = Array.from({ length: 8 }, (_, batch) => orders.slice(i + 25 * batch, i + 25 * batch + 25));
  await Promise.all(
    batches.map(batch => {
      const puts = batch.map(order => ({ PutRequest: { Item: toItem(order) } }));
      return client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: puts } }));
    }),
  );
}

/** Every page of the list, with its requests to DynamoDB. */
async function walk(query: string) {
  const [ids, costs]: [string[], Record<string, number>[]] = [[], []];
  let cursor: string | null = '';
  while (cursor !== null) {
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
const idsOf = (matches: (order: (typeof orders)[number]) => boolean) =>
  orders.filter(matches).map(order => order.orderId);

const lists: [query: string, ids: string[], queries: number][] = [
  ['date=2026-11-20', idsOf(() => true).reverse(), 4],
  ['date=2026-11-20&status=paid', idsOf(order => order.status === 'paid').reverse(), 4],
  ['date=2026-11-20&status=unknown', idsOf(order => order.status === 'unknown').reverse(), 8],
  ['date=2026-11-20&reference=A-1', idsOf(order => order.reference === 'A-1').reverse(), 1],
  ['attention=true', idsOf(order => order.attention !== null), 4],
  ['attention=true&date=2026-11-20', idsOf(order => order.attention !== null).reverse(), 4],
];
for (const [query, ids, queries] of lists) {
  test(`${query}: each of ${Math.ceil(ids.length / 50)} pages costs ${queries} Query and 1 BatchGetItem`, async () => {
    const { ids: found, costs } = await walk(query);
    assert.deepEqual(found, ids);
    assert.deepEqual(
      costs,
      Array.from({ length: Math.ceil(ids.length / 50) }, () => ({ Query: queries, BatchGetItem: 1 })),
    );
  });
}

test('a filter beside that of the index costs at most ten such reads a page', async () => {
  const { ids, costs } = await walk('attention=true&reference=A-1');
  assert.deepEqual(
    ids,
    idsOf(order => order.attention !== null && order.reference === 'A-1'),
  );
  for (const { Query = 0, BatchGetItem = 0 } of costs) {
    assert.ok(BatchGetItem <= 10 && Query === 4 * BatchGetItem, `${Query} and ${BatchGetItem}`);
  }
});

test('a day without orders costs four queries', async () => {
  const { ids, costs } = await walk('date=2026-11-21');
  assert.deepEqual([ids, costs], [[], [{ Query: 4 }]]);
});

test('all 5,000 that are due are found, over the pages of every shard', async () => {
  const found: string[] = [];
  const counts = await countDynamoDb(async () => {
    for await (const key of store.due(new Date('2026-11-20T00:00:00.000Z')))
      found.push('orderId' in key ? key.orderId : '');
  });
  assert.deepEqual(found.toSorted(), orders.map(order => order.orderId).toSorted());
  assert.ok((counts.Query ?? 0) >= 8 && (counts.Query ?? 0) <= 12, `${counts.Query} queries`);
  for await (const key of store.due(new Date('2026-11-19T23:59:59.999Z'))) assert.fail(JSON.stringify(key));
});
