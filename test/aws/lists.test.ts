/** Pages of orders and what is due, from the indexes of a real table. Pages over many orders: test/functions/orders-list-many. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { BatchGetCommand, type BatchGetCommandOutput } from '@aws-sdk/lib-dynamodb';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import { indexes, shardCount } from '../../shared/aws/indexes.ts';
import { shardOf } from '../../shared/aws/items.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { acknowledge } from '../../shared/domain/changes.ts';
import { digest } from '../../shared/domain/identity.ts';
import { Masked } from '../../shared/domain/masked.ts';
import type { Draft } from '../../shared/domain/new-order.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { Status } from '../../shared/domain/words.ts';
import type { OrderList } from '../../shared/orders/ports.ts';
import { anOrder, answered, caller, lost, succeeded, told } from '../support/orders.ts';
import { brokenStore, clearTable, interceptedBy, startTable, tableName } from '../support/table.ts';

const { store, client, dynamo } = await startTable();
beforeEach(() => clearTable(client));

const at = (minute: number) => new Date(Date.parse('2026-11-20T03:00:00.000Z') + 60_000 * minute);
const today = { from: '2026-11-20', to: '2026-11-20' };
const byMonth: OrderList = { index: 'byMonth', days: today, newestFirst: true };
const byStatus = (...statuses: Status[]): OrderList => ({
  index: 'byStatus',
  statuses,
  days: today,
  newestFirst: true,
});
const everyAttention: OrderList = { index: 'byAttention', days: null, newestFirst: false };

let count = 0;
const paid = (order: Order) => answered(order, succeeded({ orderNumber: order.orderId.slice(0, 8) }));
async function add(made: Date, bring: (order: Order) => Order = paid, draft: Partial<Draft> = {}): Promise<Order> {
  const order = bring(anOrder('card', { orderId: digest(`lists ${++count}`), ...draft }, made));
  assert.ok((await store.create(order)).stored);
  return order;
}
const ids = (orders: Order[]) => orders.map(({ orderId }) => orderId);
const idsOf = async (list: OrderList, limit = 50, after: string | null = null) => {
  const { orders, last } = await store.list(list, limit, after);
  return { ids: ids(orders), last };
};

test('every index is keys only, so that a list of a million costs what its keys cost', () => {
  const names = ['byMonth', 'byStatus', 'byReference', 'byOrderNumber', 'byCard', 'byAttention', 'byDue'];
  assert.deepEqual(
    indexes.map(({ name, projection }) => [name, projection]),
    names.map(name => [name, 'KEYS_ONLY']),
  );
});

test('IDs spread evenly over the shards', () => {
  const shards = Array.from({ length: 4000 }, (_, i) => shardOf(digest(`spread ${i}`)));
  assert.equal(new Set(shards).size, shardCount);
  for (const shard of new Set(shards)) {
    const share = shards.filter(each => each === shard).length;
    assert.ok(share > 800 && share < 1200, `${share} of 4,000 in shard ${shard}`);
  }
});

test('pages follow each other in both directions, each order once, whatever its shard', async () => {
  const draft = { reference: 'A', card: { cardId: 'C', installments: '01' } };
  const made: Order[] = [];
  for (let i = 0; i < 23; i += 1) {
    made.push(await add(at(Math.floor(i / 3)), order => told(order, 'OK', 'XX'), draft));
  }
  const all = ids(made);
  const lists: OrderList[] = [
    byMonth,
    byStatus('paid'),
    { index: 'byReference', value: 'A', days: today, newestFirst: true },
    { index: 'byOrderNumber', value: 'N1', days: today, newestFirst: true },
    { index: 'byCard', value: 'C', days: today, newestFirst: true },
    { index: 'byAttention', days: today, newestFirst: true },
    everyAttention,
  ];
  for (const list of lists) {
    for (const limit of [1, 7, 22, 23, 24]) {
      const found: string[] = [];
      let [after, pages]: [string | null, number] = [null, 0];
      do {
        const page = await idsOf(list, limit, after);
        found.push(...page.ids);
        after = page.last;
        pages += 1;
      } while (after !== null);
      const what = `${list.index}, ${limit} a page`;
      assert.deepEqual([found.toSorted(), pages], [all.toSorted(), Math.ceil(23 / limit)], what);
      const minutes = found.map(id => Math.floor(all.indexOf(id) / 3));
      const sorted = minutes.toSorted((a, b) => (list.newestFirst ? b - a : a - b));
      assert.deepEqual(minutes, sorted, what);
    }
  }
});

test('several statuses are one list', async () => {
  const made = [
    await add(at(0), order => answered(order, lost)),
    await add(at(1), order => order),
    await add(at(2), order => answered(order, lost)),
  ];
  await add(at(3));
  assert.deepEqual(await idsOf(byStatus('unknown', 'sending')), { ids: ids(made).reverse(), last: null });
});

test('an order moves from list to list with its status and its attention', async () => {
  const order = await add(at(0), each => told(each, 'XX'));
  const statuses = async () => [(await idsOf(byStatus('unknown'))).ids, (await idsOf(byStatus('paid'))).ids];
  const unknown = answered(order, lost);
  await store.replace(unknown);
  assert.deepEqual([...(await statuses()), (await idsOf(everyAttention)).ids], [[order.orderId], [], [order.orderId]]);
  const known = told(unknown, 'OK');
  await store.replace(known);
  assert.deepEqual([...(await statuses()), (await idsOf(everyAttention)).ids], [[], [order.orderId], [order.orderId]]);
  await store.replace(acknowledge(known, ['unlisted_status'], caller, 'seen', at(1)));
  assert.deepEqual([...(await statuses()), (await idsOf(everyAttention)).ids], [[], [order.orderId], []]);
});

test('orders that the table is slow to hand out are asked for again, and keep their places', async () => {
  const made = [await add(at(0)), await add(at(1)), await add(at(2)), await add(at(3))];
  let asked = 0;
  const slow = interceptedBy(dynamo, async (command, send) => {
    const answer = await send();
    if (!(command instanceof BatchGetCommand)) return answer;
    asked += 1;
    const [first, ...rest] = command.input.RequestItems?.[tableName]?.Keys ?? [];
    if (rest.length === 0) return answer;
    const kept = (answer as BatchGetCommandOutput).Responses?.[tableName]?.filter(({ pk }) => pk === first?.pk);
    return { Responses: { [tableName]: kept }, UnprocessedKeys: { [tableName]: { Keys: rest } } };
  });
  const page = await ordersTable(slow, tableName).list(byMonth, 50, null);
  assert.deepEqual([ids(page.orders), asked], [ids(made).reverse(), 4]);
});

async function due(by: Date) {
  const keys = [];
  for await (const key of store.due(by)) keys.push(key);
  return keys;
}

test('due is what has come to its time, orders and cards, the longest due of a shard first', async () => {
  // A claim is due 120 s after it was made.
  const sending = (minute: number) => add(at(minute), order => order);
  const early = await sending(3);
  const sameShard = async (minute: number): Promise<Order> => {
    for (;;) {
      const orderId = digest(`lists ${++count}`);
      if (shardOf(orderId) !== shardOf(early.orderId)) continue;
      const order = anOrder('card', { orderId }, at(minute));
      await store.create(order);
      return order;
    }
  };
  const [earlier, later] = [await sameShard(2), await sameShard(4)];
  await add(at(0));
  await cardsTable(dynamo, tableName).replace({
    cardId: 'card#1',
    phones: [],
    registrations: 0,
    keys: {},
    claim: null,
    deletion: { phones: [new Masked('0312345678')], keys: [], attempts: 1, registrations: 0 },
    dueAt: at(5).toISOString(),
    version: 1,
  });
  const found = await due(at(5));
  assert.deepEqual(
    found.filter(key => 'orderId' in key),
    [{ orderId: earlier.orderId }, { orderId: early.orderId }],
  );
  assert.deepEqual(
    found.filter(key => 'cardId' in key),
    [{ cardId: 'card#1' }],
  );
  assert.deepEqual(
    (await due(at(6))).filter(key => 'orderId' in key && key.orderId === later.orderId),
    [{ orderId: later.orderId }],
  );
  assert.deepEqual(await due(at(3)), []);
});

test('an engine that does not answer makes lists and due throw', async () => {
  await assert.rejects(brokenStore().list(byMonth, 50, null));
  await assert.rejects(async () => {
    for await (const _ of brokenStore().due(new Date())) assert.fail('nothing can be due');
  });
});
