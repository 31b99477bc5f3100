/** What settings make of a callback is stored with it (contract 1.5 and 2), and what is left of one whose order expired. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { keyOf } from '../../shared/aws/items.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import type { Callback } from '../../shared/domain/order.ts';
import { type CallbackDeps, storeCallback } from '../../shared/orders/callbacks.ts';
import type { ReceivedCallback } from '../../shared/zeus/callbacks/callback.ts';
import { anOrder, aReceived, idOf, noon, reasonsOf, standingClock, statusOf, usual } from '../support/orders.ts';
import { startTable, tableName } from '../support/table.ts';

const { dynamo, store, itemOf } = await startTable();
const deps = { ...standingClock(), store, deploymentId: 'test', ipCode: '2019000001' };
let count = 0;

/** The callback as it is stored in an order of its own. */
async function stored(settings: Partial<CallbackDeps>, changes: Partial<ReceivedCallback> = {}): Promise<Callback> {
  const orderId = idOf(`settings-${++count}-`);
  await store.create(anOrder('carrier', { orderId }));
  await storeCallback({ ...deps, ...settings }, aReceived('carrier', '07', { orderId, ...changes }), noon);
  const found = (await store.find(orderId))?.callbacks[0];
  return found ?? assert.fail('not stored');
}

test('whether test payments were accepted when it came in', async () => {
  assert.equal((await stored({})).testsAccepted, false);
  assert.equal((await stored({ testsAccepted: true })).testsAccepted, true);
  assert.equal((await stored({}, { testId: true })).testId, true);
});

test('strict: what it lacks, and nothing otherwise', async () => {
  const rows: [changes: Partial<ReceivedCallback>, lacks: Callback['lacks']][] = [
    [{}, []],
    [{ amountYen: null }, ['amount']],
    [{ ipCode: null }, ['ipCode']],
    [{ orderNumber: null }, ['orderNumber']],
    [{ isNameless: true }, ['name']],
    [
      { amountYen: null, ipCode: null, orderNumber: null, isNameless: true },
      ['amount', 'ipCode', 'orderNumber', 'name'],
    ],
    [{ amountYen: 'invalid', ipCode: 'unreadable' }, []],
  ];
  for (const [changes, lacks] of rows) {
    assert.deepEqual((await stored({ strictCallbacks: true }, changes)).lacks, lacks);
    assert.deepEqual((await stored({}, changes)).lacks, []);
  }
});

test('a closed order carries when it expires, and a callback that comes after that is an external order', async () => {
  const retaining = ordersTable(dynamo, tableName, 90);
  const orderId = idOf('expired');
  const paid = (await retaining.create({ ...usual.card.paid(), orderId })).stored ?? assert.fail('not stored');
  assert.equal((await itemOf(orderId))?.expiresAtSeconds, Math.floor(Date.parse(paid.updatedAt) / 1000) + 90 * 86_400);
  const contradicted = await storeCallback({ ...deps, store: retaining }, aReceived('card', 'NG', { orderId }), noon);
  assert.deepEqual(
    [reasonsOf(contradicted.order), (await itemOf(orderId))?.expiresAtSeconds],
    [['contradiction'], undefined],
  );

  await dynamo.send(new DeleteCommand({ TableName: tableName, Key: keyOf(orderId) }));
  const { order } = await storeCallback(deps, aReceived('card', 'OK', { orderId, orderNumber: 'LATE-1' }), noon);
  assert.notEqual(order.orderId, orderId);
  assert.deepEqual([order.operation, statusOf(order), reasonsOf(order)], ['external', 'paid', ['unmatched']]);
});
