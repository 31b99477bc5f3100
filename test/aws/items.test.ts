import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { indexes, shardCount } from '../../shared/aws/indexes.ts';
import { fromItem, shardOf, toItem } from '../../shared/aws/items.ts';
import { emptyOrder, type Order } from '../../shared/domain/order.ts';
import { statusesOf } from '../../shared/orders/transitions.ts';
import { anOrder, failureWith, noonText, placed } from '../support/orders.ts';

const full: Order = placed('carrier', 'settling', {
  reference: 'A-1 あ',
  failure: failureWith('refused'),
  attention: { reason: 'outcome_unknown', since: noonText },
  earlierNumbers: ['N0'],
  carrier: { type: 'au', settlement: { on: '2026-12-01', amountYen: 5000, by: 'schedule' }, settleBy: '2027-01-09' },
  paidAt: noonText,
  claim: { id: 'claim', at: noonText },
  pending: {
    operation: 'settle',
    key: 'k',
    before: { status: 'authorized', settlement: null, retryAt: null },
    lost: true,
  },
  keys: { k: { request: 'r', at: noonText, done: false } },
  seen: ['one', 'two'],
  dueAt: noonText,
  version: 7,
});

/** Of everything an empty order has, something else. */
const unusual: Order = {
  ...full,
  orderNumber: 'N1',
  numberBound: true,
  gatewayStatus: '03',
  card: { cardId: 'C1', last4: '1111', brand: 'visa', installments: '03' },
  cvs: { store: 'lawson', paymentNumbers: [{ label: 'l', value: '1' }], payBy: '2026-11-30', redirectUrl: 'https://a' },
  cancelledByOperator: true,
  retryAt: noonText,
};

test('an order comes back from its item as it went in', () => {
  assert.deepEqual(fromItem(toItem(full)), full);
  for (const method of ['card', 'carrier', 'cvs'] as const) {
    for (const status of statusesOf[method])
      assert.deepEqual(fromItem(toItem(placed(method, status))), placed(method, status));
  }
});

test('amount 0 is a value; every other value than an empty order has comes back', () => {
  const order = anOrder('card', { amountYen: 0, test: true, history: [] });
  assert.deepEqual(fromItem(toItem(order)), order);
  assert.deepEqual(
    Object.keys(emptyOrder).filter(name => !(name in toItem(unusual))),
    [],
  );
  assert.deepEqual(fromItem(toItem(unusual)), unusual);
});

test('what is absent takes no attribute', () => {
  const item = toItem(anOrder('card', { reference: null }));
  const absent = [
    'reference',
    'failure',
    'attention',
    'orderNumber',
    'gatewayStatus',
    'carrier',
    'cvs',
    'paidAt',
    'claim',
    'pending',
    'seen',
    'dueAt',
    'test',
    'numberBound',
    'earlierNumbers',
    'cancelledByOperator',
    'orderId',
    'createdAt',
  ];
  assert.deepEqual(
    absent.filter(name => name in item),
    [],
  );
  assert.deepEqual(Object.keys(item.card?.M ?? {}), ['installments']);
  assert.deepEqual(Object.keys(item.history?.L?.[0]?.M ?? {}), ['at', 'source', 'event', 'to', 'from']);
});

const isIn = (order: Order) => {
  const item = toItem(order);
  return indexes
    .filter(({ partitionKey, sortKey }) => item[partitionKey]?.S && item[sortKey]?.S)
    .map(index => index.name);
};

test('an order is in an index of reference, attention or due time only where it has such', () => {
  assert.deepEqual(isIn(full), ['byDay', 'byStatus', 'byReference', 'byAttention', 'byDue']);
  assert.deepEqual(isIn(anOrder('card')), ['byDay', 'byStatus']);
  assert.deepEqual(isIn(placed('card', 'sending')), ['byDay', 'byStatus', 'byDue']);
  assert.deepEqual(isIn(placed('card', 'unknown')), ['byDay', 'byStatus', 'byAttention']);
});

test('index keys say the day in JST, the status and the time of creation', () => {
  const order = { ...full, createdAt: '2026-11-20T15:00:00.000Z' };
  const { pk, dayShard, statusShard, createdSort } = unmarshall(toItem(order));
  assert.deepEqual(
    { pk, dayShard, createdSort },
    {
      pk: `order#${order.orderId}`,
      dayShard: `2026-11-21#${shardOf(order.orderId)}`,
      createdSort: `2026-11-20T15:00:00.000Z#${order.orderId}`,
    },
  );
  assert.match(statusShard, /settling/);
});

test('an order without a settlement is expected to bring its own amount', () => {
  assert.equal(toItem(placed('carrier', 'authorized')).expectedYen?.N, '8000');
});

test('every write has an id of its own', () => {
  assert.notEqual(toItem(full).writeId?.S, toItem(full).writeId?.S);
});

test('shards are few and about evenly used', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const used = [...alphabet].map(shardOf);
  assert.equal(new Set(used).size, shardCount);
  for (const shard of new Set(used)) {
    const share = used.filter(each => each === shard).length / used.length;
    assert.ok(Math.abs(share * shardCount - 1) < 0.15, `shard ${shard} takes ${share}`);
  }
});

test('items read one after another share nothing', () => {
  const [a, b] = [fromItem(toItem(anOrder('card'))), fromItem(toItem(anOrder('card')))];
  assert.notEqual(a.seen, b.seen);
  assert.deepEqual(emptyOrder.seen, []);
});
