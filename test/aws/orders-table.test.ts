/** The conditions of every write, on a real engine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import {
  aCallback,
  anOrder,
  answered,
  idOf,
  lost,
  refused,
  succeeded,
  told,
  usual,
  withCallbacks,
} from '../support/orders.ts';
import { brokenStore, interceptedBy, startTable, tableName } from '../support/table.ts';

const { store, dynamo, items } = await startTable();

let count = 0;
const fresh = (): Order => anOrder('card', { orderId: idOf(`order-${++count}-`) });
async function kept(order = fresh()): Promise<Order> {
  const written = await store.create(order);
  assert.ok(written.stored);
  return written.stored;
}

test('an order is created once; the second finds the first', async () => {
  const order = fresh();
  assert.deepEqual(await store.create(order), { stored: order });
  assert.deepEqual(await store.create({ ...order, amountYen: 1 }), { stored: null, existing: order });
  assert.deepEqual(await store.find(order.orderId), order);
});

test('of 20 creations at once one wins, and the others find the winner', async () => {
  const { orderId } = fresh();
  const orders = Array.from({ length: 20 }, (_, i) => anOrder('card', { orderId, request: `request ${i}` }));
  const written = await Promise.all(orders.map(order => store.create(order)));
  const winners = written.flatMap(each => (each.stored ? [each.stored] : []));
  assert.equal(winners.length, 1);
  for (const each of written) assert.deepEqual(each.stored ?? each.existing, winners[0]);
});

test('the next version replaces the one before it and no other', async () => {
  const order = await kept();
  const [next, rival] = [answered(order, lost), answered(order, refused)];
  assert.deepEqual(await store.replace(next), { stored: next });
  assert.deepEqual(await store.replace(rival), { stored: null, existing: next });
  assert.deepEqual(await store.replace({ ...order, version: 4 }), { stored: null, existing: next });
  assert.deepEqual(await store.find(order.orderId), next);
});

test('of 20 replacements at once one wins, and the others find it', async () => {
  const order = await kept();
  const written = await Promise.all(Array.from({ length: 20 }, (_, i) => store.replace(told(order, `X${i}`))));
  const winners = written.flatMap(each => (each.stored ? [each.stored] : []));
  assert.equal(winners.length, 1);
  for (const each of written) assert.deepEqual(each.stored ?? each.existing, winners[0]);
});

test('nothing is replaced that is not there, and nothing comes to be by it', async () => {
  const order = answered(fresh(), lost);
  assert.deepEqual(await store.replace(order), { stored: null, existing: null });
  assert.equal(await store.find(order.orderId), null);
});

test('an order is read as it was last written', async () => {
  const order = await kept();
  const paid = answered(order, succeeded({ orderNumber: 'N1' }));
  await store.replace(paid);
  assert.deepEqual(await store.find(order.orderId), paid);
  assert.equal(await store.find(idOf('none')), null);
});

/** The store, and the keys of what it puts, in their order. */
function watched(): { puts: string[]; store: OrderStore } {
  const puts: string[] = [];
  const watching = interceptedBy(dynamo, (command, send) => {
    if (command instanceof PutCommand) puts.push(String(command.input.Item?.pk).split('#').slice(0, 2).join('#'));
    return send();
  });
  return { puts, store: ordersTable(watching, tableName) };
}

test('a further gateway number takes a pointer, written before the order, once', async () => {
  const order = await kept(anOrder('carrier', { orderId: idOf('numbers') }));
  const { puts, store: through } = watched();
  const called = (known: Order, orderNumber: string, status: string) =>
    withCallbacks(known, [aCallback('carrier', status, { orderNumber })]);
  const first = called(order, 'N1', '02');
  const second = called(first, 'N2', '03');
  const again = called(second, 'N2', '07');
  for (const next of [first, second, again]) assert.ok((await through.replace(next)).stored);
  const own = `order#${order.orderId}`;
  assert.deepEqual(puts, [own, 'number#N2', own, own]);
  const pointers = (await items()).filter(({ pk }) => String(pk).startsWith('number#'));
  assert.deepEqual(pointers, [
    { pk: `number#N2#${order.orderId}`, orderNumber: 'N2', createdSort: `${order.createdAt}#${order.orderId}` },
  ]);
});

test('an order whose write loses leaves a pointer that finds it, and nothing wrong', async () => {
  const order = await kept(anOrder('carrier', { orderId: idOf('loser') }));
  const first = withCallbacks(order, [aCallback('carrier', '02')]);
  const winner = withCallbacks(first, [aCallback('carrier', 'XX')]);
  const loser = withCallbacks(first, [aCallback('carrier', '03', { orderNumber: 'N-lost' })]);
  await store.replace(first);
  await store.replace(winner);
  assert.deepEqual(await store.replace(loser), { stored: null, existing: winner });
  const list = { index: 'byOrderNumber', value: 'N-lost', days: null, newestFirst: true } as const;
  assert.deepEqual((await store.list(list, 50, null)).orders, [winner]);
});

test('an engine that does not answer makes every request throw', async () => {
  const broken = brokenStore();
  const order = usual.card.paid();
  for (const request of [broken.create(order), broken.replace(order), broken.find(order.orderId)]) {
    await assert.rejects(request, { code: 'ECONNREFUSED' });
  }
});
