import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Simulator, SimulatorOptions } from '../../../local/simulator/simulator.ts';
import { authorized, carrierCall, carrierOrder, catcher, post, simulate, ZKEY } from './support.ts';

const kinds = (simulator: Simulator) => simulator.ledger().map(entry => [entry.kind, entry.amount]);
const statusOf = (simulator: Simulator) => simulator.orders()[0]?.status;
const called = (simulator: Simulator) => simulator.callbacks().map(callback => callback.status);
const failure = (error_code: string) => ({ result: 'failure_order', error_code });
const success = (date: string) => ({ result: 'Success_order', error_code: '-', date });

/** Noon of 1 December 2026 in Japan, and an order the payer has completed. */
async function day0(
  t: Parameters<typeof simulate>[0],
  changes: Record<string, string> = {},
  options: SimulatorOptions = {},
): Promise<{ simulator: Simulator; order_no: string }> {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { carrier: shop.url }, ...options });
  simulator.setClock('2026-12-01T12:00:00+09:00');
  const order_no = await authorized(simulator, changes);
  await simulator.idle();
  return { simulator, order_no };
}

test('today settles at once, with 07', async t => {
  const { simulator, order_no } = await day0(t);
  assert.deepEqual(await carrierCall(simulator, { order_no, date: '20261201' }), success('20261201'));
  await simulator.idle();
  assert.deepEqual(called(simulator), ['03', '07']);
  assert.deepEqual(kinds(simulator), [
    ['authorization', 1000],
    ['settlement', 1000],
  ]);
  assert.deepEqual(await carrierCall(simulator, { order_no, date: '20261201' }), failure('010100023'));
  assert.equal(simulator.ledger().length, 2);
});

test('no day means today, from 23:55:00 on tomorrow', async t => {
  const { simulator, order_no } = await day0(t);
  simulator.setClock('2026-12-01T23:54:50+09:00');
  assert.deepEqual(await carrierCall(simulator, { order_no }), success('20261201'));
  const late = await authorized(simulator);
  simulator.setClock('2026-12-01T23:55:00+09:00');
  assert.deepEqual(await carrierCall(simulator, { order_no: late }), success('20261202'));
  assert.equal(simulator.orders()[1]?.status, 'booked');
});

test('today is refused from 23:55:00 on', async t => {
  const { simulator, order_no } = await day0(t);
  simulator.setClock('2026-12-01T23:55:00+09:00');
  assert.deepEqual(await carrierCall(simulator, { order_no, date: '20261201' }), failure('010010012'));
  simulator.setClock('2026-12-02T00:00:00+09:00');
  assert.deepEqual(await carrierCall(simulator, { order_no, date: '20261202' }), success('20261202'));
});

test('a later day is booked without a call and runs by itself when that day begins in Japan', async t => {
  const { simulator, order_no } = await day0(t);
  assert.deepEqual(await carrierCall(simulator, { order_no, date: '20261203', money: '900' }), success('20261203'));
  simulator.setClock('2026-12-02T23:59:50+09:00');
  assert.equal(statusOf(simulator), 'booked');
  simulator.setClock('2026-12-03T00:00:00+09:00');
  await simulator.idle();
  assert.deepEqual(called(simulator), ['03', '07']);
  assert.deepEqual(kinds(simulator)[1], ['settlement', 900]);
  assert.match(simulator.callbacks()[1]?.wire ?? '', /&money=900&/);
});

test('a booking runs when the day begins without anybody asking', { timeout: 60_000 }, async t => {
  const { simulator, order_no } = await day0(t);
  simulator.setClock('2026-12-01T23:59:59.900+09:00');
  await carrierCall(simulator, { order_no, date: '20261202' });
  while (statusOf(simulator) !== 'settled') await new Promise(resolve => setTimeout(resolve, 50));
});

test('a booking can be taken back until the day before', async t => {
  const { simulator, order_no } = await day0(t);
  await carrierCall(simulator, { order_no, date: '20261203', money: '900' });
  simulator.setClock('2026-12-02T23:59:00+09:00');
  assert.deepEqual(await carrierCall(simulator, { order_no, autype: 'auth' }), success('20261203'));
  assert.equal(statusOf(simulator), 'authorized');
  simulator.carrier({ orderNumber: order_no, action: 'fail-settlement' });
  await simulator.idle();
  assert.match(simulator.callbacks()[1]?.wire ?? '', /&money=1000&.*&status=06&/);
});

test('what was taken back cannot be taken back again, nor on its day', async t => {
  const { simulator, order_no } = await day0(t);
  assert.deepEqual(await carrierCall(simulator, { order_no, autype: 'auth' }), failure('010010010'));
  await carrierCall(simulator, { order_no, date: '20261204' });
  simulator.setClock('2026-12-04T00:00:00+09:00');
  assert.deepEqual(await carrierCall(simulator, { order_no, autype: 'auth' }), failure('010010010'));
  await simulator.idle();
  assert.deepEqual(kinds(simulator)[1], ['settlement', 1000]);
});

test('a second booking replaces the first', async t => {
  const { simulator, order_no } = await day0(t);
  await carrierCall(simulator, { order_no, date: '20261203' });
  assert.deepEqual(await carrierCall(simulator, { order_no, autype: 'sale', date: '20261205' }), success('20261205'));
  simulator.setClock('2026-12-04T00:00:00+09:00');
  assert.equal(statusOf(simulator), 'booked');
});

test('days: none that is past, none after 50 days', async t => {
  const { simulator, order_no } = await day0(t);
  assert.deepEqual(await carrierCall(simulator, { order_no, date: '20261130' }), failure('010010011'));
  assert.deepEqual(await carrierCall(simulator, { order_no, date: '20270121' }), failure('010010011'));
  assert.deepEqual(await carrierCall(simulator, { order_no, date: '20270120' }), success('20270120'));
  await carrierCall(simulator, { order_no, autype: 'auth' });
  simulator.setClock('2027-01-20T23:54:00+09:00');
  assert.deepEqual(await carrierCall(simulator, { order_no, date: '20270121' }), failure('010010011'));
  simulator.setClock('2027-01-21T00:00:00+09:00');
  assert.deepEqual(await carrierCall(simulator, { order_no }), failure('010010013'));
});

const amounts: [carrier: string, money: string, code: string][] = [
  ['D', '1', '-'],
  ['A', '1000', '-'],
  ['D', '1001', '010010014'],
  ['A', '0', '010010014'],
  ['S', '1000', '-'],
  ['S', '999', '010010015'],
  ['S', '1001', '010010015'],
];

for (const [carrier_type, money, code] of amounts) {
  test(`${carrier_type}: ${money} of 1000 is answered ${code}`, async t => {
    const { simulator, order_no } = await day0(t, { carrier_type });
    assert.equal((await carrierCall(simulator, { order_no, money })).error_code, code);
    assert.deepEqual(kinds(simulator)[1], code === '-' ? ['settlement', Number(money)] : undefined);
  });
}

const invalid: [code: string, what: string, changes: Record<string, string>][] = [
  ['00000000', 'no operation', { act: '' }],
  ['00000000', 'another operation', { act: 'settle' }],
  ['00000001', 'IP code', { clientip: '20190' }],
  ['00000003', 'no order number', { order_no: '' }],
  ['00000003', 'sign in the order number', { order_no: 'a_b' }],
  ['00000003', 'order number of 39', { order_no: '1'.repeat(39) }],
  ['00000006', 'no key', { zkey: '' }],
  ['00000006', 'key of 41', { zkey: `${ZKEY}0` }],
  ['00000002', 'amount of 7 digits', { money: '1000000' }],
  ['00000002', 'amount without digits', { money: '1,0' }],
  ['00000004', 'type in capitals', { autype: 'SALE' }],
  ['00000007', 'another type', { autype: 'void' }],
  ['00000005', 'day of 7 digits', { date: '2026121' }],
  ['00000008', 'no such day', { date: '20261301' }],
];

for (const [error_code, what, changes] of invalid) {
  test(`invalid ${error_code}: ${what}`, async t => {
    const { simulator, order_no } = await day0(t);
    assert.deepEqual(await carrierCall(simulator, { order_no, ...changes }), { result: 'invalid', error_code });
  });
}

test('a wrong key, IP code or order', async t => {
  const { simulator, order_no } = await day0(t);
  assert.deepEqual(await carrierCall(simulator, { order_no, zkey: '0' }), failure('010010000'));
  assert.deepEqual(await carrierCall(simulator, { order_no, clientip: '2019000001' }), failure('010010000'));
  assert.deepEqual(await carrierCall(simulator, { order_no: '11.1-1' }), failure('010010001'));
});

test('statuses that cannot be settled', async t => {
  const { simulator, order_no } = await day0(t);
  const waiting = (await carrierOrder(simulator)).orderNumber;
  assert.deepEqual(await carrierCall(simulator, { order_no: waiting }), failure('010100020'));
  simulator.carrier({ orderNumber: waiting, action: 'fail' });
  assert.deepEqual(await carrierCall(simulator, { order_no: waiting }), failure('010100020'));
  const released = await authorized(simulator);
  await carrierCall(simulator, { order_no: released, act: 'return' });
  assert.deepEqual(await carrierCall(simulator, { order_no: released }), failure('010100021'));
  simulator.carrier({ orderNumber: order_no, action: 'fail-settlement' });
  assert.deepEqual(await carrierCall(simulator, { order_no }), failure('010010007'));
});

test('a settlement the carrier cannot do: refused, 06, nothing in the ledger; a booking alike', async t => {
  const { simulator, order_no } = await day0(t);
  const booked = await authorized(simulator);
  for (const orderNumber of [order_no, booked]) simulator.carrier({ orderNumber, action: 'next-settlement-fails' });
  const { result, error_code } = await carrierCall(simulator, { order_no });
  assert.deepEqual([result, error_code], ['failure_order', '010100086']);
  assert.equal((await carrierCall(simulator, { order_no: booked, date: '20261202' })).result, 'Success_order');
  await simulator.idle();
  simulator.setClock('2026-12-02T00:00:00+09:00');
  await simulator.idle();
  assert.deepEqual(called(simulator), ['03', '03', '06', '06']);
  assert.ok(simulator.ledger().every(entry => entry.kind === 'authorization'));
});

test('the order of the answer varies', async t => {
  const { simulator, order_no } = await day0(t, {}, { seed: 1 });
  const first = new Set<string>();
  for (let i = 0; i < 12; i += 1) {
    const fields = { clientip: '2019000002', act: 'settled', order_no, zkey: ZKEY, date: '20261202' };
    first.add((await post(`${simulator.url}/cgi-bin/carrier/secure.cgi`, fields)).text.split('=')[0] ?? '');
  }
  assert.deepEqual([...first].sort(), ['date', 'error_code', 'result']);
});

test('faults: maintenance, any code, a lost answer', async t => {
  const { simulator, order_no } = await day0(t);
  simulator.arm({ endpoint: 'settle', fault: 'maintenance' });
  assert.deepEqual(await carrierCall(simulator, { order_no }), { result: 'maintenance', error_code: '020020000' });
  for (const [code, result] of [
    ['010100036', 'failure_order'],
    ['00000102', 'invalid'],
    ['020100008', 'maintenance'],
    ['999999999', 'failure_order'],
  ] as const) {
    simulator.arm({ endpoint: 'settle', fault: 'refusal', code });
    assert.deepEqual(await carrierCall(simulator, { order_no }), { result, error_code: code });
  }
  assert.equal(statusOf(simulator), 'authorized');
  simulator.arm({ endpoint: 'settle', fault: 'lost-answer' });
  await assert.rejects(carrierCall(simulator, { order_no }));
  assert.deepEqual(await carrierCall(simulator, { order_no }), failure('010100023'));
});

test('the key is masked, and the request tied to its order', async t => {
  const { simulator, order_no } = await day0(t);
  await carrierCall(simulator, { order_no });
  const request = simulator.requests().at(-1);
  assert.equal(request?.endpoint, 'settle');
  assert.deepEqual([request?.orderNumber, request?.sendpoint], [order_no, 'order-4']);
  assert.ok(request?.parameters.some(({ name, value }) => name === 'zkey' && value === '***'));
});
