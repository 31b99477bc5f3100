/** Contract 1.5, last paragraph: calls about no order of ours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { externalOrderId } from '../../shared/domain/identity.ts';
import { type Order, present } from '../../shared/domain/order.ts';
import { applyCallback } from '../../shared/orders/apply-callback.ts';
import type { Notice } from '../../shared/zeus/callbacks/callback.ts';
import { aNotice, anOrder, idOf, standingClock } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store, items } = await startTable();
const clock = standingClock();
const at = clock.now().toISOString();
const apply = (notice: Notice) =>
  applyCallback({ ...clock, store, deploymentId: 'test', ipCode: '2019000001' }, notice);
const summary = ({ status, attention, amountYen }: Order) => [status, attention?.reason, amountYen];

test('an unknown sendpoint: kept under the number as external, with the amount of the call, moved by the table', async () => {
  const { order, effect } = await apply(
    aNotice('card', 'OK', { orderId: idOf('nobody'), orderNumber: 'E1', amountYen: 500 }),
  );
  assert.equal(effect, 'moved');
  assert.equal(order.orderId, externalOrderId('test', 'card', 'E1'));
  assert.deepEqual(present((await store.find(order.orderId)) as Order, clock.now()), {
    orderId: order.orderId,
    method: 'card',
    operation: 'external',
    status: 'paid',
    amount: 500,
    currency: 'JPY',
    reference: null,
    test: false,
    failure: null,
    attention: { reason: 'unmatched', since: at },
    gateway: { orderNumber: 'E1', status: 'OK' },
    card: { cardId: null, last4: '1111', brand: 'visa', installments: '01' },
    createdAt: at,
    updatedAt: at,
    history: [
      { at, source: 'callback', event: 'unmatched', from: null, to: 'unknown', code: null, note: null, count: 1 },
      { at, source: 'callback', event: 'card_ok', from: 'unknown', to: 'paid', code: null, note: null, count: 1 },
    ],
  });
});

test('a repeat adds nothing, a later call of the number moves it, whatever its sendpoint', async () => {
  const first = aNotice('carrier', '03', { orderId: 'written by hand', orderNumber: 'E2' });
  const { order } = await apply(first);
  assert.deepEqual(summary(order), ['authorized', 'unmatched', 8000]);
  assert.equal((await apply(first)).effect, 'stored_before');
  const later = await apply(aNotice('carrier', '07', { orderId: null, orderNumber: 'E2' }));
  assert.deepEqual([later.order.orderId, ...summary(later.order)], [order.orderId, 'paid', 'unmatched', 8000]);
});

test('the first call of a carrier order is treated like one of an order that waits for its customer', async () => {
  const expected = {
    '02': 'declined',
    '03': 'authorized',
    '06': 'settle_failed',
    '07': 'paid',
    '08': 'cancelled',
    '09': 'paid',
  };
  for (const [called, status] of Object.entries(expected)) {
    const { order } = await apply(aNotice('carrier', called, { orderId: null, orderNumber: `E3-${called}` }));
    assert.deepEqual(summary(order), [status, 'unmatched', 8000], called);
  }
});

test('without an order number it is kept under the unknown sendpoint', async () => {
  const { order } = await apply(aNotice('card', 'OK', { orderId: 'by-hand', orderNumber: null }));
  assert.deepEqual([order.orderNumber, ...summary(order)], [null, 'paid', 'unmatched', 8000]);
  const repeated = await apply(aNotice('card', 'OK', { orderId: 'by-hand', orderNumber: null }));
  assert.deepEqual([repeated.order.orderId, repeated.effect], [order.orderId, 'stored_before']);
});

test('without an amount it starts without one; one that is no number moves nothing', async () => {
  assert.deepEqual(
    summary((await apply(aNotice('card', 'OK', { orderId: null, orderNumber: 'E4', amountYen: null }))).order),
    ['paid', 'unmatched', 0],
  );
  const { order, effect } = await apply(
    aNotice('card', 'OK', { orderId: null, orderNumber: 'E5', amountYen: Number.NaN }),
  );
  assert.deepEqual([effect, ...summary(order)], ['mismatch', 'unknown', 'unmatched', 0]);
});

test('another IP code is kept too, and moves nothing', async () => {
  const { order, effect } = await apply(aNotice('card', 'OK', { orderId: null, orderNumber: 'E6', ipCode: '12345' }));
  assert.deepEqual([effect, ...summary(order)], ['mismatch', 'unknown', 'unmatched', 8000]);
});

test('a sendpoint of an order of another method is none of ours', async () => {
  const ours = anOrder('cvs', { orderId: idOf('cvs-order') });
  await store.create(ours);
  const { order } = await apply(aNotice('card', 'OK', { orderId: ours.orderId, orderNumber: 'E7' }));
  assert.deepEqual([order.operation, order.status], ['external', 'paid']);
  assert.equal((await store.find(ours.orderId))?.status, 'sending');
});

test('two first calls of a number at once make one order with both in its history', async () => {
  const calls = ['03', '07'].map(status => apply(aNotice('carrier', status, { orderId: null, orderNumber: 'E8' })));
  const [one, two] = await Promise.all(calls);
  assert.equal(one?.order.orderId, two?.order.orderId);
  const stored = (await store.find(one?.order.orderId ?? '')) as Order;
  assert.deepEqual(stored.history.map(entry => entry.event).toSorted(), ['carrier_03', 'carrier_07', 'unmatched']);
});

test('nothing of the payer is in any item', async () => {
  for (const item of await items()) assert.doesNotMatch(JSON.stringify(item), /telno|email|username/);
});
