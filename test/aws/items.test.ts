import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../local/simulator/gateway.ts';
import { indexes, shardCount } from '../../shared/aws/indexes.ts';
import { fromItem, isOrderItem, orderIdIn, shardOf, toItem, toPointer } from '../../shared/aws/items.ts';
import { digest } from '../../shared/domain/identity.ts';
import type { Order } from '../../shared/domain/order.ts';
import { present } from '../../shared/domain/present.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import { anyOrder } from '../support/any-order.ts';
import { itemBytes } from '../support/item-bytes.ts';
import {
  aCallback,
  anOrder,
  answered,
  noon,
  seconds,
  succeeded,
  told,
  usual,
  withCallbacks,
} from '../support/orders.ts';

/** As the document client would hand it out after storing it. */
const reread = (order: Order): Order => fromItem(JSON.parse(JSON.stringify(toItem(order))));
const usualOrders = (['card', 'carrier', 'cvs'] as const).flatMap(method =>
  Object.entries(usual[method]).map(([status, make]) => ({ what: `${method} ${status}`, order: make() })),
);

test('an order of any facts comes back from its item as it went in', () => {
  for (let seed = 1; seed <= 2000; seed += 1) {
    const order = anyOrder(seededRandom(seed));
    assert.deepEqual(reread(order), order, `seed ${seed}`);
  }
});

test('usual orders come back too, in every status', () => {
  for (const { what, order } of usualOrders) assert.deepEqual(reread(order), order, what);
});

test('a block without a value reads as no block, and the order says the same', () => {
  const card = { last4: null, brand: null, installments: null };
  const cvs = { store: null, paymentNumbers: [], payBy: null };
  const answer = { paymentNumbers: [], payBy: null, redirectUrl: null };
  const orders = [
    withCallbacks(anOrder('card'), [aCallback('card', 'OK', { card })]),
    withCallbacks(answered(anOrder('cvs'), succeeded({ cvs: answer })), [aCallback('cvs', '01', { cvs })]),
  ];
  for (const order of orders) assert.deepEqual(present(reread(order), noon), present(order, noon));
});

test('amount 0 is a value; what is null, false or empty takes no attribute', () => {
  const item = toItem(anOrder('carrier', { amountYen: 0 }));
  assert.deepEqual(Object.keys(item).toSorted(), [
    'amountYen',
    'carrier',
    'createdSort',
    'history',
    'method',
    'monthShard',
    'operation',
    'pk',
    'request',
    'shard',
    'statusShard',
    'updatedAt',
    'version',
    'writeId',
  ]);
  assert.deepEqual(Object.keys((item.history as object[])[0] ?? {}), ['at', 'source', 'event', 'to', 'actor']);
});

test('the attributes for the indexes are what summarize() says', () => {
  const random = Array.from({ length: 300 }, (_, seed) => ({
    what: `seed ${seed}`,
    order: anyOrder(seededRandom(seed)),
  }));
  for (const { what, order } of [...usualOrders, ...random]) {
    const { status, attention, dueAt } = summarize(order);
    const { statusShard, attentionShard, dueAt: due, orderNumber, cardId, reference } = toItem(order);
    const shard = shardOf(order.orderId);
    assert.deepEqual(
      { statusShard, attentionShard, due, orderNumber, cardId, reference },
      {
        statusShard: `${status}#${shard}`,
        attentionShard: attention.length > 0 ? shard : undefined,
        due: dueAt ?? undefined,
        orderNumber: order.numbers[0]?.number,
        cardId: order.card?.cardId ?? undefined,
        reference: order.reference ?? undefined,
      },
      what,
    );
  }
});

const isIn = (order: Order): string[] => {
  const item = toItem(order);
  return indexes.filter(({ partitionKey, sortKey }) => item[partitionKey] && item[sortKey]).map(({ name }) => name);
};

test('an order is in an index of reference, number, card, attention or due time only where it has such', () => {
  assert.deepEqual(isIn(anOrder('carrier')), ['byMonth', 'byStatus']);
  assert.deepEqual(isIn(anOrder('card')), ['byMonth', 'byStatus', 'byDue']);
  assert.deepEqual(isIn(usual.card.unknown()), ['byMonth', 'byStatus', 'byAttention']);
  assert.deepEqual(isIn(usual.card.paid()), ['byMonth', 'byStatus', 'byOrderNumber']);
  assert.deepEqual(isIn(usual.card.cancelling()), ['byMonth', 'byStatus', 'byOrderNumber', 'byAttention', 'byDue']);
  const named = anOrder('card', { reference: 'A-1', card: { cardId: 'C1', installments: '01' } });
  assert.deepEqual(isIn(told(named, 'XX')), [
    'byMonth',
    'byStatus',
    'byReference',
    'byOrderNumber',
    'byCard',
    'byAttention',
    'byDue',
  ]);
});

test('index keys are the month in JST, the status and the time of creation; the ID is read from the last', () => {
  const order = anOrder('card', {}, new Date('2026-11-30T15:00:00.000Z'));
  const { pk, monthShard, statusShard, createdSort } = toItem(order);
  const shard = shardOf(order.orderId);
  assert.deepEqual(
    { pk, monthShard, statusShard, createdSort },
    {
      pk: `order#${order.orderId}`,
      monthShard: `2026-12#${shard}`,
      statusShard: `sending#${shard}`,
      createdSort: `2026-11-30T15:00:00.000Z#${order.orderId}`,
    },
  );
  assert.equal(orderIdIn(String(createdSort)), order.orderId);
});

test('a pointer is in the index of numbers alone, under the order that it points to, and is no order', () => {
  const order = usual.card.paid();
  const pointer = toPointer(order, 'N2');
  assert.deepEqual(pointer, {
    pk: `number#N2#${order.orderId}`,
    orderNumber: 'N2',
    createdSort: toItem(order).createdSort,
  });
  assert.deepEqual([isOrderItem(pointer), isOrderItem(toItem(order))], [false, true]);
});

test('a usual paid card order stays below 1 KB: beyond it a write costs double', () => {
  const draft = {
    orderId: digest('order'),
    request: digest('request'),
    reference: '20261120-000123',
    actor: 'shop-server',
    card: { cardId: 'customer-000123', installments: '01' },
  };
  const orderNumber = '11.111.11.11-000-222-333';
  const paid = withCallbacks(
    answered(anOrder('card', draft), succeeded({ orderNumber }), seconds(2)),
    [aCallback('card', 'OK', { orderNumber, at: seconds(3).toISOString() })],
    seconds(3),
  );
  assert.equal(summarize(paid).status, 'paid');
  const bytes = itemBytes(toItem(paid));
  assert.ok(bytes < 1024, `${bytes} bytes`);
});

test('every write has an ID of its own', () => {
  const order = anOrder('card');
  assert.match(String(toItem(order).writeId), /^[A-Za-z0-9_-]{12}$/);
  assert.notEqual(toItem(order).writeId, toItem(order).writeId);
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
