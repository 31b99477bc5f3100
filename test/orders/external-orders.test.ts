/** Contract 1.5, last paragraph: callbacks about no order of ours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { externalOrderId } from '../../shared/domain/identity.ts';
import type { Order } from '../../shared/domain/order.ts';
import { present } from '../../shared/domain/present.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import { storeCallback } from '../../shared/orders/callbacks.ts';
import type { ReceivedCallback } from '../../shared/zeus/callbacks/callback.ts';
import { anOrder, aReceived, noonText as at, idOf, noon, standingClock, statusOf } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store, items } = await startTable();
const deps = { ...standingClock(), store, deploymentId: 'test', ipCode: '2019000001' };
const call = (...args: Parameters<typeof aReceived>) => storeCallback(deps, aReceived(...args), noon);
const of = (orderNumber: string | null, changes: Partial<ReceivedCallback> = {}) => ({
  orderId: null,
  orderNumber,
  ...changes,
});
const summary = (order: Order) => {
  const { status, attention, amountYen, orderNumber } = summarize(order);
  return [status, ...attention.map(({ reason }) => reason), amountYen, orderNumber];
};

test('an unknown sendpoint: an external order under the number, with the amount named, in the status of the table', async () => {
  const { order, isNew } = await call('card', 'OK', of('E1', { orderId: idOf('unknown'), amountYen: 500 }));
  assert.deepEqual([isNew, order.orderId], [true, externalOrderId('test', 'card', 'E1')]);
  const entry = { at, source: 'callback', code: null, note: null, actor: null, count: 1 };
  assert.deepEqual(present((await store.find(order.orderId)) as Order, noon), {
    orderId: order.orderId,
    method: 'card',
    operation: 'external',
    status: 'paid',
    amount: 500,
    currency: 'JPY',
    reference: null,
    test: false,
    failure: null,
    attention: [{ reason: 'unmatched', since: at, note: null }],
    paid: { amount: 500, at },
    returned: null,
    otherPayments: [],
    gateway: { orderNumber: 'E1', status: 'OK' },
    card: { cardId: null, last4: '1111', brand: 'visa', installments: '01', authentication: null },
    createdAt: at,
    updatedAt: at,
    version: 1,
    history: [
      { ...entry, event: 'unmatched', from: null, to: 'unknown' },
      { ...entry, event: 'card_ok', from: 'unknown', to: 'paid' },
    ],
  });
});

test('an equal callback writes nothing; a later one of the number is added, whatever its sendpoint', async () => {
  const first = of('E2', { orderId: 'written by hand' });
  const { order } = await call('carrier', '03', first);
  assert.deepEqual(summary(order), ['authorized', 'unmatched', 8000, 'E2']);
  assert.deepEqual(await call('carrier', '03', first), { order, isNew: false });
  const later = await call('carrier', '07', of('E2'));
  assert.deepEqual([later.order.orderId, ...summary(later.order)], [order.orderId, 'paid', 'unmatched', 8000, 'E2']);
});

const firsts: [status: string, summary: unknown[]][] = [
  ['02', ['declined', 'unmatched']],
  ['03', ['authorized', 'unmatched']],
  ['06', ['settle_failed', 'unmatched']],
  ['07', ['paid', 'unmatched']],
  ['08', ['cancelled', 'unmatched']],
  ['09', ['paid', 'cancel_failed', 'unmatched']],
];
test('each carrier status as the first of its number', async () => {
  for (const [status, expected] of firsts) {
    const { order } = await call('carrier', status, of(`E3-${status}`));
    assert.deepEqual(summary(order), [...expected, 8000, `E3-${status}`], status);
  }
});

test('without an order number it is kept under the unknown sendpoint', async () => {
  const changes = of(null, { orderId: 'by-hand' });
  const { order } = await call('card', 'OK', changes);
  assert.deepEqual([...summary(order), order.numbers], ['paid', 'unmatched', 8000, null, []]);
  assert.deepEqual(await call('card', 'OK', changes), { order, isNew: false });
  const other = await call('card', 'OK', of(null, { orderId: 'by-another-hand' }));
  assert.notEqual(other.order.orderId, order.orderId);
});

test('amounts are compared with nothing: the highest that is named is the amount', async () => {
  await call('carrier', '03', of('E4', { amountYen: null }));
  await call('carrier', '07', of('E4', { amountYen: 500 }));
  const { order } = await call('carrier', '09', of('E4', { amountYen: 700 }));
  assert.deepEqual(summary(order), ['paid', 'cancel_failed', 'unmatched', 700, 'E4']);
});

test('an amount that is no number, and another IP code, are stored and not counted', async () => {
  const invalid = await call('card', 'OK', of('E5', { amountYen: 'invalid' }));
  assert.deepEqual(summary(invalid.order), ['unknown', 'amount_mismatch', 'unmatched', 0, 'E5']);
  const other = await call('card', 'OK', of('E6', { ipCode: '12345' }));
  assert.deepEqual(summary(other.order).slice(0, 3), ['unknown', 'ip_code_mismatch', 'unmatched']);
  assert.equal(other.order.callbacks.length, 1);
});

test('a sendpoint of an order of another method is none of ours', async () => {
  const ours = anOrder('cvs', { orderId: idOf('cvs-order') });
  await store.create(ours);
  const { order } = await call('card', 'OK', of('E7', { orderId: ours.orderId }));
  assert.deepEqual([order.operation, statusOf(order)], ['external', 'paid']);
  assert.deepEqual(await store.find(ours.orderId), ours);
});

test('first callbacks of a number at once make one order with all of them', async () => {
  const statuses = ['02', '03', '06', '07', '08', '09'];
  const all = await Promise.all(statuses.map(status => call('carrier', status, of('E8'))));
  assert.equal(new Set(all.map(({ order }) => order.orderId)).size, 1);
  const stored = (await store.find(all[0]?.order.orderId ?? '')) as Order;
  assert.deepEqual(stored.callbacks.map(({ status }) => status).toSorted(), statuses);
  assert.deepEqual(stored.history.map(({ event }) => event).toSorted(), [
    ...statuses.map(status => `carrier_${status}`),
    'unmatched',
  ]);
});

test('services and deployments that share a number do not share an order', async () => {
  const card = await call('card', 'OK', of('E9'));
  const carrier = await call('carrier', '03', of('E9'));
  const elsewhere = await storeCallback({ ...deps, deploymentId: 'other' }, aReceived('card', 'OK', of('E9')), noon);
  assert.equal(new Set([card, carrier, elsewhere].map(({ order }) => order.orderId)).size, 3);
});

test('nothing of the payer is in any item', async () => {
  for (const item of await items()) assert.doesNotMatch(JSON.stringify(item), /telno|email|username/);
});
