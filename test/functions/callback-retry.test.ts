/** Calls that waited in the queue are applied as those that did not, and those that still cannot be wait on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SQSBatchResponse } from 'aws-lambda';
import { toMessage } from '../../shared/orders/keep-callback.ts';
import type { Notice } from '../../shared/zeus/callbacks/callback.ts';
import { invoke, startLocal } from '../support/local.ts';
import { aNotice, anOrder, idOf } from '../support/orders.ts';
import { dynamoOf, tableName } from '../support/table.ts';

const { engine, lines } = await startLocal();
const { ordersTable } = await import('../../shared/aws/orders-table.ts');
const store = ordersTable(dynamoOf(engine.endpoint), tableName);

const calledAt = new Date('2026-11-20T14:59:59.000Z');
const retry = async (bodies: string[]) => {
  const Records = bodies.map((body, i) => ({
    messageId: `m${i}`,
    body,
    attributes: { SentTimestamp: String(calledAt.getTime()), ApproximateReceiveCount: '1' },
  }));
  const { batchItemFailures } = (await invoke('callback-retry', { Records })) as SQSBatchResponse;
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
};
async function waiting(name: string, changes: Partial<Notice> = {}) {
  const orderId = idOf(name);
  await store.create(anOrder('card', { orderId, status: 'unknown' }));
  return { orderId, message: toMessage(aNotice('card', 'OK', { orderId, orderNumber: name, ...changes })) };
}

test('a call that waited moves its order, and says so in the same lines as one that did not', async () => {
  const { orderId, message } = await waiting('waited');
  const before = lines.length;
  assert.deepEqual(await retry([message]), []);
  const order = await store.find(orderId);
  assert.deepEqual(
    [order?.status, order?.orderNumber, order?.history.at(-1)?.at],
    ['paid', 'waited', calledAt.toISOString()],
  );
  assert.deepEqual(lines.slice(before), [
    { event: 'callback', service: 'card', orderId, effect: 'moved', code: null },
    { event: 'order', orderId, status: 'paid', operation: 'token_charge' },
  ]);
});

test('a message that comes twice changes nothing the second time', async () => {
  const { orderId, message } = await waiting('twice');
  await retry([message]);
  const version = (await store.find(orderId))?.version;
  assert.deepEqual(await retry([message]), []);
  assert.equal((await store.find(orderId))?.status, 'paid');
  await retry([message]);
  assert.ok(((await store.find(orderId))?.version ?? 0) <= (version ?? 0) + 1);
});

test('of a batch, only what failed comes again', async () => {
  const [good, other] = [await waiting('good'), await waiting('other')];
  assert.deepEqual(await retry([good.message, 'no message', other.message, '{}']), ['m1', 'm3']);
  for (const { orderId } of [good, other]) assert.equal((await store.find(orderId))?.status, 'paid');
});

test('an amount that was no number is a mismatch after the queue as before it', async () => {
  const { orderId, message } = await waiting('no-number', { amountYen: Number.NaN });
  await retry([message]);
  const order = await store.find(orderId);
  assert.deepEqual([order?.status, order?.attention?.reason], ['unknown', 'amount_mismatch']);
});

test('the 50 days to settle count from the call, not from the day it could be stored', async () => {
  const orderId = idOf('carrier');
  await store.create(anOrder('carrier', { orderId, status: 'awaiting_customer' }));
  await retry([toMessage(aNotice('carrier', '03', { orderId, ipCode: '2019000002' }))]);
  // A second before midnight in Tokyo.
  assert.equal((await store.find(orderId))?.carrier?.settleBy, '2027-01-09');
});
