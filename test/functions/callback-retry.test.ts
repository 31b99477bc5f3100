/** Callbacks that waited in the queue are stored as those that did not; those that still cannot be stored wait on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SQSBatchResponse } from 'aws-lambda';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import type { Order } from '../../shared/domain/order.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import { toMessage } from '../../shared/lambda/callback.ts';
import type { ReceivedCallback } from '../../shared/zeus/callbacks/callback.ts';
import { invoke, startLocal } from '../support/local.ts';
import { aCallback, anOrder, aReceived, idOf, reasonsOf, statusOf, usual } from '../support/orders.ts';
import { dynamoOf, tableName } from '../support/table.ts';

const { engine, lines } = await startLocal();
const store = ordersTable(dynamoOf(engine.endpoint), tableName);

const cameInAt = new Date('2026-11-20T14:59:59.000Z');
const retry = async (bodies: string[]) => {
  const Records = bodies.map((body, i) => ({
    messageId: `m${i}`,
    body,
    attributes: { SentTimestamp: String(cameInAt.getTime()), ApproximateReceiveCount: '1' },
  }));
  const { batchItemFailures } = (await invoke('callback-retry', { Records })) as SQSBatchResponse;
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
};
async function waiting(name: string, changes: Partial<ReceivedCallback> = {}) {
  const orderId = idOf(name);
  await store.create({ ...usual.card.unknown(), orderId });
  return { orderId, message: toMessage(aReceived('card', 'OK', { orderId, orderNumber: name, ...changes })) };
}
const find = async (orderId: string) => (await store.find(orderId)) as Order;

test('a callback that waited is stored with the time it came in, and logged as one that did not wait', async () => {
  const { orderId, message } = await waiting('waited');
  const before = lines.length;
  const start = new Date().toISOString();
  assert.deepEqual(await retry([message]), []);
  const order = await find(orderId);
  const at = cameInAt.toISOString();
  assert.deepEqual(order.callbacks, [aCallback('card', 'OK', { orderNumber: 'waited', at })]);
  assert.deepEqual([statusOf(order), summarize(order).paid], ['paid', { amountYen: 8000, at }]);
  assert.ok(order.updatedAt >= start, 'updatedAt is the time of the write');
  assert.ok((order.history.at(-1)?.at ?? '') >= start);
  assert.deepEqual(lines.slice(before), [
    { event: 'callback', service: 'card', orderId, effect: 'stored', code: null },
    { event: 'order', orderId, status: 'paid', operation: 'token_charge' },
  ]);
});

test('updatedAt never goes back, whatever is stored late', async () => {
  const { orderId, message } = await waiting('later');
  const order = await find(orderId);
  const future = new Date(Date.now() + 3_600_000).toISOString();
  await store.replace({ ...order, updatedAt: future, version: order.version + 1 });
  await retry([message]);
  assert.deepEqual([(await find(orderId)).updatedAt, (await find(orderId)).version], [future, order.version + 2]);
});

test('a message that comes twice changes nothing the second time', async () => {
  const { orderId, message } = await waiting('twice');
  await retry([message]);
  const once = await find(orderId);
  assert.deepEqual(await retry([message]), []);
  assert.deepEqual(await retry([message, message]), []);
  assert.deepEqual([statusOf(once), await find(orderId)], ['paid', once]);
});

test('of a batch, only what failed comes again', async () => {
  const [good, other] = [await waiting('good'), await waiting('other')];
  assert.deepEqual(await retry([good.message, 'no message', other.message, '{}']), ['m1', 'm3']);
  for (const { orderId } of [good, other]) assert.equal(statusOf(await find(orderId)), 'paid');
});

test('an amount that was no number is a mismatch after the queue as before it', async () => {
  const { orderId, message } = await waiting('no-number', { amountYen: 'invalid' });
  await retry([message]);
  const order = await find(orderId);
  assert.deepEqual([statusOf(order), reasonsOf(order)], ['unknown', ['outcome_unknown', 'amount_mismatch']]);
});

test('the 50 days to settle count from the day the order was made, not from the callback', async () => {
  const orderId = idOf('carrier');
  await store.create(anOrder('carrier', { orderId }));
  await retry([toMessage(aReceived('carrier', '03', { orderId, ipCode: '2019000002' }))]);
  assert.equal(summarize(await find(orderId)).carrier?.settleBy, '2027-01-09');
});
