/** Lists over several months, and by a gateway order number, the first or a further one of an order. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { digest } from '../../shared/domain/identity.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { OrderList } from '../../shared/orders/ports.ts';
import { aCallback, anOrder, noon, withCallbacks } from '../support/orders.ts';
import { clearTable, interceptedBy, startTable, tableName } from '../support/table.ts';

const { store, client, dynamo } = await startTable();
beforeEach(() => clearTable(client));

let count = 0;
async function add(made: Date): Promise<Order> {
  const order = anOrder('card', { orderId: digest(`ranges ${++count}`) }, made);
  assert.ok((await store.create(order)).stored);
  return order;
}
const ids = (orders: Order[]) => orders.map(({ orderId }) => orderId);
const idsOf = async (list: OrderList) => {
  const { orders, last } = await store.list(list, 50, null);
  return { ids: ids(orders), last };
};

test('a range over the ends of months and years finds each day in it and no other, whatever its shard', async () => {
  const days = ['2026-11-29', '2026-11-30', '2026-12-01', '2026-12-31', '2027-01-01', '2027-01-31', '2027-02-01'];
  const made: Order[] = [];
  for (const day of days) {
    for (const time of ['00:00:00.000', '12:00:00.000', '23:59:59.999']) {
      made.push(await add(new Date(`${day}T${time}+09:00`)));
    }
  }
  const of = async (from: string, to: string) =>
    (await idsOf({ index: 'byMonth', days: { from, to }, newestFirst: true })).ids;
  const expected = (from: string, to: string) =>
    made.filter((_, i) => (days[Math.floor(i / 3)] as string) >= from && (days[Math.floor(i / 3)] as string) <= to);
  for (const [i, from] of days.entries()) {
    for (const to of days.slice(i)) {
      assert.deepEqual(await of(from, to), ids(expected(from, to)).reverse(), `${from} to ${to}`);
    }
  }
  assert.deepEqual(await of('2026-12-02', '2026-12-30'), []);
});

test('a range asks the partitions of its months, and of no other', async () => {
  const asked: unknown[] = [];
  const watching = interceptedBy(dynamo, (command, send) => {
    if (command instanceof QueryCommand) asked.push(command.input.ExpressionAttributeValues?.[':partition']);
    return send();
  });
  const range = { from: '2026-11-30', to: '2027-01-01' };
  await ordersTable(watching, tableName).list({ index: 'byMonth', days: range, newestFirst: true }, 50, null);
  const shards = ['0', '1', '2', '3'];
  const months = ['2026-11', '2026-12', '2027-01'];
  assert.deepEqual(
    asked.toSorted(),
    months.flatMap(month => shards.map(shard => `${month}#${shard}`)),
  );
});

test('a month of 31 days is not skipped, whichever day the range begins at', async () => {
  const asked = new Set<string>();
  const watching = interceptedBy(dynamo, (command, send) => {
    if (command instanceof QueryCommand) asked.add(String(command.input.ExpressionAttributeValues?.[':partition']));
    return send();
  });
  const range = { from: '2027-01-31', to: '2027-04-30' };
  await ordersTable(watching, tableName).list({ index: 'byMonth', days: range, newestFirst: true }, 50, null);
  const months = [...new Set([...asked].map(partition => partition.slice(0, 7)))].toSorted();
  assert.deepEqual(months, ['2027-01', '2027-02', '2027-03', '2027-04']);
});

test('an order is found by each of its gateway numbers, once by each', async () => {
  const order = await add(noon);
  let next = order;
  for (const [orderNumber, status] of [
    ['N-first', 'NG'],
    ['N-second', 'OK'],
    ['N-third', 'NG'],
    ['N-second', 'XX'],
  ] as const) {
    next = withCallbacks(next, [aCallback('card', status, { orderNumber })]);
    assert.ok((await store.replace(next)).stored);
  }
  await add(noon);
  for (const value of ['N-first', 'N-second', 'N-third']) {
    const list: OrderList = { index: 'byOrderNumber', value, days: null, newestFirst: true };
    assert.deepEqual(await store.list(list, 50, null), { orders: [next], last: null }, value);
  }
  const other: OrderList = { index: 'byOrderNumber', value: 'N-', days: null, newestFirst: true };
  assert.deepEqual((await idsOf(other)).ids, []);
});
