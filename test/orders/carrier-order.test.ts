import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { Masked } from '../../shared/domain/masked.ts';
import { type CarrierOrderRequest, carrierOrder } from '../../shared/orders/carrier-order.ts';
import { change } from '../../shared/orders/change.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import { noonText, placed, standingClock } from '../support/orders.ts';
import { brokenStore, startTable } from '../support/table.ts';

const { store, items } = await startTable();

const depsOf = (through: OrderStore = store) => ({
  ...standingClock(),
  store: through,
  deploymentId: 'test',
  ipCode: '2019000002',
  gatewayBaseUrl: 'https://gateway.example',
});

const requestOf = (idempotencyKey: string, changes: Partial<CarrierOrderRequest> = {}): CarrierOrderRequest => ({
  idempotencyKey,
  request: 'request',
  carrier: 'docomo',
  amountYen: 8000,
  name: new Masked('ゼウス'),
  phone: new Masked('0312345678'),
  email: null,
  success: null,
  failure: null,
  reference: null,
  testId: null,
  ...changes,
});

test('the stored order is complete, and has nothing of the payer or the links', async () => {
  const link = { url: 'https://shop.example/', text: '戻る' };
  const more = {
    success: link,
    failure: link,
    email: new Masked('taro@example.com'),
    reference: 'A',
    testId: '12345678',
  };
  await carrierOrder(depsOf(), requestOf('stored', more));
  const stored = await store.find(orderIdOf('test', 'stored'));
  const expected = placed('carrier', 'awaiting_customer', {
    orderId: orderIdOf('test', 'stored'),
    reference: 'A',
    test: true,
  });
  assert.deepEqual(stored, expected);
  assert.equal(stored?.createdAt, noonText);
  assert.doesNotMatch(JSON.stringify(await items()), /ゼウス|0312345678|taro|戻る|shop\.example/);
});

test('the same request again: the same form, marked as replayed', async () => {
  const first = await carrierOrder(depsOf(), requestOf('again'));
  const again = await carrierOrder(depsOf(), requestOf('again'));
  assert.deepEqual(again.form, first.form);
  assert.ok(first.submitted.kind === 'answered' && again.submitted.kind === 'answered');
  assert.deepEqual([first.submitted.replayed, again.submitted.replayed], [false, true]);
  assert.deepEqual(again.submitted.order, first.submitted.order);
});

test('ten equal requests at once: one order, ten forms', async () => {
  const before = (await items()).length;
  const all = await Promise.all(Array.from({ length: 10 }, () => carrierOrder(depsOf(), requestOf('at-once'))));
  assert.equal(all.filter(({ submitted }) => submitted.kind === 'answered' && !submitted.replayed).length, 1);
  assert.equal(new Set(all.map(({ form }) => JSON.stringify(form))).size, 1);
  assert.equal((await items()).length, before + 1);
});

test('the form is there while the order waits for its customer, and in no other status', async () => {
  const statuses = [
    'declined',
    'authorized',
    'settle_scheduled',
    'settling',
    'settle_failed',
    'paid',
    'cancelling',
    'cancelled',
  ] as const;
  await carrierOrder(depsOf(), requestOf('moves'));
  for (const to of statuses) {
    const order = await store.find(orderIdOf('test', 'moves'));
    assert.ok(order);
    await store.replace(change(order, { at: new Date(), source: 'callback', event: 'moved', to }));
    const { form, submitted } = await carrierOrder(depsOf(), requestOf('moves'));
    assert.ok(submitted.kind === 'answered');
    assert.deepEqual([form, submitted.order.status], [null, to]);
  }
});

test('another request under the key gets no form', async () => {
  await carrierOrder(depsOf(), requestOf('reused'));
  const other = await carrierOrder(depsOf(), requestOf('reused', { request: 'another', amountYen: 1 }));
  assert.deepEqual(other, { submitted: { kind: 'key_reused' }, form: null });
});

test('two deployments never meet', async () => {
  const here = await carrierOrder(depsOf(), requestOf('meet'));
  const there = await carrierOrder({ ...depsOf(), deploymentId: 'other' }, requestOf('meet'));
  assert.notEqual(there.form?.fields.sendpoint, here.form?.fields.sendpoint);
  assert.ok(there.submitted.kind === 'answered' && !there.submitted.replayed);
});

test('an order that cannot be stored has no form', async () => {
  await assert.rejects(carrierOrder(depsOf(brokenStore()), requestOf('broken')));
});
