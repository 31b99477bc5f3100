/** GET /orders/{orderId} */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { externalOrderId, orderIdOf } from '../../shared/domain/identity.ts';
import { present } from '../../shared/domain/present.ts';
import { startLocal } from '../support/local.ts';
import { anOrder, idOf, noon, seconds, usual } from '../support/orders.ts';
import { dynamoOf, tableName } from '../support/table.ts';

const { engine, call, lines } = await startLocal();
const store = ordersTable(dynamoOf(engine.endpoint), tableName);

test('an order is read as it stands, without a key', async () => {
  const order = { ...usual.card.paid(), orderId: idOf('paid'), reference: 'A-1' };
  await store.create(order);
  const { status, headers, body } = await call('GET', `/orders/${idOf('paid')}`);
  assert.deepEqual([status, headers['content-type'], body], [200, 'application/json', present(order, noon)]);
});

test('a claim that went stale reads as unknown, and is left for due work to store', async () => {
  const order = anOrder('card', { orderId: idOf('stale') });
  await store.create(order);
  const { body } = await call('GET', `/orders/${order.orderId}`);
  const attention = [{ reason: 'outcome_unknown', since: seconds(120).toISOString(), note: null }];
  assert.deepEqual([body.status, body.attention], ['unknown', attention]);
  assert.deepEqual(await store.find(order.orderId), order);
});

test('an order that does not exist is 404, as is anything that is no order ID', async () => {
  const ids = [
    orderIdOf('test', 'none'),
    externalOrderId('test', 'card', 'N'),
    'x',
    '%2e%2e',
    'A'.repeat(33),
    'card%23CARD1',
    `${'A'.repeat(31)}%00`,
    '%FF',
  ];
  for (const orderId of ids) {
    const { status, headers, body } = await call('GET', `/orders/${orderId}`);
    assert.deepEqual(
      [status, headers['content-type'], body.code],
      [404, 'application/problem+json', 'order_not_found'],
      orderId,
    );
  }
});

test('a read is one line of log, of its status alone', async () => {
  const before = lines.length;
  await call('GET', `/orders/${idOf('paid')}`);
  assert.deepEqual(lines.slice(before), [{ event: 'request', operation: 'orders', httpStatus: 200 }]);
});
