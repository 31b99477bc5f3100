import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Simulator } from '../../../local/simulator/simulator.ts';
import { authorized, carrierCall, carrierOrder, catcher, simulate, ZKEY } from './support.ts';

const done = { result: 'Success_order', error_code: '-' };
const failure = (error_code: string) => ({ result: 'failure_order', error_code });
const giveBack = (simulator: Simulator, order_no: string, changes: Record<string, string> = {}) =>
  carrierCall(simulator, { act: 'return', order_no, ...changes });
const called = (simulator: Simulator) => simulator.callbacks().map(callback => callback.status);
const kinds = (simulator: Simulator) => simulator.ledger().map(entry => [entry.kind, entry.amount]);

async function day0(t: Parameters<typeof simulate>[0]): Promise<{ simulator: Simulator; order_no: string }> {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { carrier: shop.url } });
  simulator.setClock('2026-12-01T12:00:00+09:00');
  const order_no = await authorized(simulator);
  await simulator.idle();
  return { simulator, order_no };
}

test('what was settled is given back once, with 08', async t => {
  const { simulator, order_no } = await day0(t);
  await carrierCall(simulator, { order_no, money: '700' });
  await simulator.idle();
  assert.deepEqual(await giveBack(simulator, order_no), done);
  await simulator.idle();
  assert.deepEqual(await giveBack(simulator, order_no), failure('010100030'));
  assert.deepEqual(called(simulator), ['03', '07', '08']);
  assert.match(simulator.callbacks()[2]?.wire ?? '', /&money=700&.*&status=08&error_code=-$/);
  assert.deepEqual(kinds(simulator).slice(1), [
    ['settlement', 700],
    ['return', 700],
  ]);
  assert.deepEqual(await carrierCall(simulator, { order_no }), failure('010100021'));
});

test('a provisional sale is released without a call, or with 08 where that is agreed', async t => {
  const { simulator, order_no } = await day0(t);
  assert.deepEqual(await giveBack(simulator, order_no), done);
  await simulator.idle();
  assert.deepEqual(await giveBack(simulator, order_no), failure('010100026'));
  assert.equal(simulator.orders()[0]?.status, 'auth_cancelled');
  simulator.settings({ optionalCallbacks: ['carrier-provisional-return'] });
  await giveBack(simulator, await authorized(simulator));
  await simulator.idle();
  assert.deepEqual(called(simulator), ['03', '03', '08']);
});

test('a booking that is returned does not run any more', async t => {
  const { simulator, order_no } = await day0(t);
  await carrierCall(simulator, { order_no, date: '20261202', money: '700' });
  assert.deepEqual(await giveBack(simulator, order_no), done);
  simulator.setClock('2026-12-03T00:00:00+09:00');
  assert.deepEqual(kinds(simulator), [
    ['authorization', 1000],
    ['return', 1000],
  ]);
});

test('the window of a provisional sale is 50 days from completion', async t => {
  const { simulator, order_no } = await day0(t);
  simulator.setClock('2027-01-20T12:00:10+09:00');
  assert.deepEqual(await giveBack(simulator, order_no), failure('010010113'));
  simulator.setClock('2027-01-20T11:59:00+09:00');
  assert.deepEqual(await giveBack(simulator, order_no), done);
});

test('the window of a settled order is 50 days from settlement', async t => {
  const { simulator, order_no } = await day0(t);
  simulator.setClock('2027-01-10T12:00:00+09:00');
  await carrierCall(simulator, { order_no });
  simulator.setClock('2027-03-01T12:00:10+09:00');
  assert.deepEqual(await giveBack(simulator, order_no), failure('010010114'));
  simulator.setClock('2027-03-01T11:59:00+09:00');
  assert.deepEqual(await giveBack(simulator, order_no), done);
});

test('a return the carrier cannot do: refused, 09, still paid, and it may be tried again', async t => {
  const { simulator, order_no } = await day0(t);
  await carrierCall(simulator, { order_no });
  await simulator.idle();
  simulator.carrier({ orderNumber: order_no, action: 'next-return-fails' });
  assert.deepEqual(await giveBack(simulator, order_no), failure('010100086'));
  await simulator.idle();
  assert.equal(simulator.orders()[0]?.status, 'cancel_failed');
  assert.deepEqual(await carrierCall(simulator, { order_no }), failure('010100023'));
  assert.deepEqual(await giveBack(simulator, order_no), done);
  await simulator.idle();
  assert.deepEqual(called(simulator), ['03', '07', '09', '08']);
});

test('a release the carrier cannot do is refused without a call, and the order can still be settled', async t => {
  const { simulator, order_no } = await day0(t);
  simulator.carrier({ orderNumber: order_no, action: 'next-return-fails' });
  assert.deepEqual(await giveBack(simulator, order_no), failure('010100086'));
  assert.equal(simulator.orders()[0]?.status, 'auth_cancel_failed');
  assert.equal((await carrierCall(simulator, { order_no })).result, 'Success_order');
  await simulator.idle();
  assert.deepEqual(called(simulator), ['03', '07']);
});

test('statuses that cannot be returned', async t => {
  const { simulator, order_no } = await day0(t);
  const waiting = (await carrierOrder(simulator)).orderNumber;
  assert.deepEqual(await giveBack(simulator, waiting), failure('010100025'));
  simulator.carrier({ orderNumber: waiting, action: 'fail' });
  assert.deepEqual(await giveBack(simulator, waiting), failure('010100025'));
  simulator.carrier({ orderNumber: order_no, action: 'fail-settlement' });
  assert.deepEqual(await giveBack(simulator, order_no), failure('010010107'));
});

const refusals: [result: string, code: string, what: string, changes: Record<string, string>][] = [
  ['invalid', '00000100', 'IP code', { clientip: '' }],
  ['invalid', '00000101', 'no order number', { order_no: '' }],
  ['invalid', '00000101', 'order number of 39', { order_no: '1'.repeat(39) }],
  ['invalid', '00000103', 'no key', { zkey: '' }],
  ['invalid', '00000103', 'key of 41', { zkey: `${ZKEY}0` }],
  ['failure_order', '010010100', 'another key', { zkey: '0' }],
  ['failure_order', '010010101', 'unknown order', { order_no: '11.1-1' }],
];

for (const [result, error_code, what, changes] of refusals) {
  test(`${error_code}: ${what}`, async t => {
    const { simulator, order_no } = await day0(t);
    assert.deepEqual(await giveBack(simulator, order_no, changes), { result, error_code });
  });
}

test('faults have an endpoint of their own', async t => {
  const { simulator, order_no } = await day0(t);
  simulator.arm({ endpoint: 'return', fault: 'lost-answer' });
  simulator.arm({ endpoint: 'settle', fault: 'maintenance' });
  await assert.rejects(giveBack(simulator, order_no));
  assert.deepEqual(await giveBack(simulator, order_no), failure('010100026'));
  assert.equal(simulator.armed().length, 1);
});
