import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { Masked } from '../../shared/domain/masked.ts';
import { type CarrierOrderRequest, carrierOrder } from '../../shared/orders/carrier-order.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import { standingOf } from '../support/carrier-case.ts';
import { anOrder, standingClock, usual } from '../support/orders.ts';
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
  actor: 'test',
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
  const orderId = orderIdOf('test', 'stored');
  assert.deepEqual(await store.find(orderId), anOrder('carrier', { orderId, reference: 'A', test: true }));
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

test('ten equal requests at once: one order, ten equal forms', async () => {
  const before = (await items()).length;
  const all = await Promise.all(Array.from({ length: 10 }, () => carrierOrder(depsOf(), requestOf('at-once'))));
  assert.equal(all.filter(({ submitted }) => submitted.kind === 'answered' && !submitted.replayed).length, 1);
  assert.deepEqual([...new Set(all.map(({ form }) => JSON.stringify(form)))], [JSON.stringify(all[0]?.form)]);
  assert.equal((await items()).length, before + 1);
});

test('the form is there while the order waits for its payer, and in no other status', async () => {
  for (const [status, make] of Object.entries(usual.carrier)) {
    const key = `form ${status}`;
    await store.create({ ...make(), orderId: orderIdOf('test', key) });
    const { form, submitted } = await carrierOrder(depsOf(), requestOf(key));
    assert.ok(submitted.kind === 'answered' && submitted.replayed);
    assert.deepEqual([standingOf(submitted.order)[0], form === null], [status, status !== 'awaiting_customer']);
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
