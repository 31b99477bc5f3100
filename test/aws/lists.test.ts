/** Pages of orders and what is due, from the indexes of a real table. Pages over many orders: test/functions/orders-list-many. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { BatchGetItemCommandInput, BatchGetItemCommandOutput } from '@aws-sdk/client-dynamodb';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import { indexes, shardCount } from '../../shared/aws/indexes.ts';
import { shardOf } from '../../shared/aws/items.ts';
import type { DynamoDb } from '../../shared/aws/operations.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { digest } from '../../shared/domain/identity.ts';
import { Masked } from '../../shared/domain/masked.ts';
import type { Order, Status } from '../../shared/domain/order.ts';
import type { OrderList } from '../../shared/orders/ports.ts';
import { placed } from '../support/orders.ts';
import { brokenStore, clearTable, startTable, tableName } from '../support/table.ts';

const { store, client, dynamo } = await startTable();
beforeEach(() => clearTable(client));

const raised = { reason: 'contradiction', since: '2026-11-20T03:00:00.000Z' } as const;
const byDay: OrderList = { index: 'byDay', day: '2026-11-20', newestFirst: true };
let count = 0;
async function add(createdAt: string, changes: Partial<Order> = {}, status: Status = 'paid'): Promise<string> {
  const orderId = digest(`lists ${++count}`);
  assert.ok((await store.create(placed('card', status, { orderId, createdAt, ...changes }))).stored);
  return orderId;
}
const idsOf = async (list: OrderList, limit = 50, after: string | null = null) => {
  const page = await store.list(list, limit, after);
  return { ids: page.orders.map(order => order.orderId), last: page.last };
};
const at = (minute: number) => new Date(Date.parse('2026-11-20T03:00:00.000Z') + 60_000 * minute).toISOString();

test('every index is keys only, so that a list of a million costs what its keys cost', () => {
  assert.deepEqual(
    indexes.map(({ name, projection }) => [name, projection]),
    [
      ['byDay', 'KEYS_ONLY'],
      ['byStatus', 'KEYS_ONLY'],
      ['byReference', 'KEYS_ONLY'],
      ['byAttention', 'KEYS_ONLY'],
      ['byDue', 'KEYS_ONLY'],
    ],
  );
});

test('ids spread evenly over the shards', () => {
  const shards = Array.from({ length: 4000 }, (_, i) => shardOf(digest(`spread ${i}`)));
  assert.equal(new Set(shards).size, shardCount);
  for (const shard of new Set(shards)) {
    const share = shards.filter(each => each === shard).length;
    assert.ok(share > 800 && share < 1200, `${share} of 4,000 in shard ${shard}`);
  }
});

test('pages follow each other in both directions, each order once, whatever its shard', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 23; i += 1) ids.push(await add(at(Math.floor(i / 3)), { attention: raised, reference: 'A' }));
  const lists: OrderList[] = [
    byDay,
    { index: 'byStatus', statuses: ['paid'], day: '2026-11-20', newestFirst: true },
    { index: 'byReference', reference: 'A', day: '2026-11-20', newestFirst: true },
    { index: 'byAttention', day: '2026-11-20', newestFirst: true },
    { index: 'byAttention', day: null, newestFirst: false },
  ];
  for (const list of lists) {
    for (const limit of [1, 7, 22, 23, 24]) {
      const found: string[] = [];
      let after: string | null = null;
      let pages = 0;
      do {
        const page = await idsOf(list, limit, after);
        found.push(...page.ids);
        after = page.last;
        pages += 1;
      } while (after !== null);
      assert.deepEqual(
        [found.toSorted(), pages],
        [ids.toSorted(), Math.ceil(23 / limit)],
        `${list.index}, ${limit} a page`,
      );
      const minutes = found.map(id => Math.floor(ids.indexOf(id) / 3));
      assert.deepEqual(
        minutes,
        minutes.toSorted((a, b) => (list.newestFirst ? b - a : a - b)),
      );
    }
  }
});

test('several statuses are one list', async () => {
  const ids = [await add(at(0), {}, 'unknown'), await add(at(1), {}, 'sending'), await add(at(2), {}, 'unknown')];
  await add(at(3));
  const list: OrderList = { index: 'byStatus', statuses: ['unknown', 'sending'], day: '2026-11-20', newestFirst: true };
  assert.deepEqual(await idsOf(list), { ids: ids.toReversed(), last: null });
});

test('an order moves from list to list with its status and its attention', async () => {
  const orderId = await add(at(0), { attention: raised });
  const order = await store.find(orderId);
  assert.ok(order);
  await store.replace({ ...order, status: 'cancelled', attention: null, version: order.version + 1 });
  const of = async (status: Status) =>
    (await idsOf({ index: 'byStatus', statuses: [status], day: '2026-11-20', newestFirst: true })).ids;
  assert.deepEqual([await of('paid'), await of('cancelled')], [[], [orderId]]);
  assert.deepEqual((await idsOf({ index: 'byAttention', day: null, newestFirst: false })).ids, []);
});

test('an unread claim moves the order to the list of its new status, and into what is due', async () => {
  const orderId = await add(at(0));
  await store.claim({
    orderId,
    method: 'card',
    before: 'paid',
    to: 'cancelling',
    claim: { id: 'c', at: at(1) },
    pending: {
      operation: 'cancel',
      key: 'k',
      before: { status: 'paid', settlement: null, retryAt: null },
      lost: false,
    },
    request: 'r',
    entry: { at: at(1), source: 'api', event: 'cancel', to: 'cancelling', code: null, note: null, count: 1 },
    dueAt: at(3),
  });
  const list: OrderList = { index: 'byStatus', statuses: ['cancelling'], day: '2026-11-20', newestFirst: true };
  assert.deepEqual((await idsOf(list)).ids, [orderId]);
  assert.deepEqual(await due(at(3)), [{ orderId }]);
});

test('orders that the table is slow to hand out are asked for again, and keep their places', async () => {
  const ids = [await add(at(0)), await add(at(1)), await add(at(2)), await add(at(3))];
  let asked = 0;
  const slow: DynamoDb = async (operation, input) => {
    const answer = await dynamo(operation, input);
    if (operation !== 'BatchGetItem') return answer;
    asked += 1;
    const [first, ...rest] = (input as BatchGetItemCommandInput).RequestItems?.[tableName]?.Keys ?? [];
    if (rest.length === 0) return answer;
    const kept = (answer as BatchGetItemCommandOutput).Responses?.[tableName]?.filter(
      item => item.pk?.S === first?.pk?.S,
    );
    return { ...answer, Responses: { [tableName]: kept }, UnprocessedKeys: { [tableName]: { Keys: rest } } };
  };
  const page = await ordersTable(slow, tableName).list(byDay, 50, null);
  assert.deepEqual([page.orders.map(order => order.orderId), asked], [ids.toReversed(), 4]);
});

async function due(by: string) {
  const keys = [];
  for await (const key of store.due(new Date(by))) keys.push(key);
  return keys;
}

test('due is what has come to its time, orders and cards, the longest due of a shard first', async () => {
  const early = await add(at(0), { dueAt: at(5) });
  const sameShard = async (dueAt: string) => {
    for (;;) {
      const orderId = await add(at(0), {});
      const order = await store.find(orderId);
      assert.ok(order);
      if (shardOf(orderId) !== shardOf(early)) continue;
      await store.replace({ ...order, dueAt, version: order.version + 1 });
      return orderId;
    }
  };
  const [earlier, later] = [await sameShard(at(4)), await sameShard(at(6))];
  await cardsTable(dynamo, tableName).replace({
    cardId: 'card#1',
    phones: [],
    registrations: 0,
    keys: {},
    claim: null,
    deletion: { phones: [new Masked('0312345678')], keys: [] },
    dueAt: at(5),
    version: 1,
  });
  const found = await due(at(5));
  assert.deepEqual(
    found.filter(key => 'orderId' in key),
    [{ orderId: earlier }, { orderId: early }],
  );
  assert.deepEqual(
    found.filter(key => 'cardId' in key),
    [{ cardId: 'card#1' }],
  );
  assert.equal(
    (await due(at(6))).some(key => 'orderId' in key && key.orderId === later),
    true,
  );
  assert.deepEqual(await due(at(3)), []);
});

test('an engine that does not answer makes lists and due throw', async () => {
  await assert.rejects(brokenStore().list(byDay, 50, null));
  await assert.rejects(async () => {
    for await (const _ of brokenStore().due(new Date())) assert.fail('nothing can be due');
  });
});
