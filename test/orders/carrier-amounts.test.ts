/** Which amount, day and payment a settlement is about, and for which days (contract 1.5 to 1.7). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jst } from '../support/carrier.ts';
import {
  anAuthorized,
  carrierCase,
  failed,
  lost,
  maintenance,
  notSent,
  resultOf,
  returned,
  standingOf,
  succeeded,
} from '../support/carrier-case.ts';
import { anOrder, told } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();

const requestOf = (more: string, orderNumber = 'N1') =>
  `clientip=2019000002&act=settled&order_no=${orderNumber}&zkey=89abcdef0123456789abcdef0123456789abcdef&${more}`;

test('2,000 is lost, then maintenance: 3,000 is 409, every repeat asks for 2,000, and 2,000 is paid', async () => {
  const { gateway, settle, keep, read, find, runAt, callBack } = carrierCase(store);
  const orderId = await keep(anAuthorized());
  gateway.answer(lost, maintenance, notSent, succeeded('20261201'));
  const open = ['open', 'settling', 'outcome_unknown'];
  assert.deepEqual(resultOf(await settle(orderId, 'A', { amountYen: 2000 })), open);
  assert.deepEqual(resultOf(await settle(orderId, 'A', { amountYen: 2000 })), open);
  for (const [key, amountYen] of [
    ['B', 3000],
    ['C', null],
    ['D', 8000],
  ] as const) {
    assert.deepEqual(resultOf(await settle(orderId, key, { amountYen })), ['wrong_status', ...open.slice(1)]);
  }
  await runAt(orderId, '2026-12-01 12:10:00');
  assert.deepEqual(standingOf(await find(orderId)), open.slice(1));
  assert.deepEqual(resultOf(await settle(orderId, 'E', { amountYen: 2000 })), ['done', 'paid']);
  assert.deepEqual([...new Set(gateway.requests)], [requestOf('money=2000&date=20261201')]);
  await callBack(orderId, '07', { amountYen: 2000 });
  assert.equal((await read(orderId)).paid?.amountYen, 2000);
  assert.deepEqual(standingOf(await find(orderId)), ['paid']);
});

test('the gateway says on a first send that it was settled: paid for an unknown amount, until a 07 names it', async () => {
  const { gateway, settle, giveBack, keep, read, find, callBack, resolve } = carrierCase(store);
  const orderId = await keep(anAuthorized());
  gateway.answer(failed('010100023'), returned);
  assert.deepEqual(resultOf(await settle(orderId, 'A', { amountYen: 5000 })), ['done', 'paid', 'settled_elsewhere']);
  const unknown = await read(orderId);
  assert.deepEqual(unknown.paid, { amountYen: null, at: jst('2026-12-01 12:00:00').toISOString() });
  assert.equal(unknown.carrier?.settlement, null);
  await callBack(orderId, '07', { amountYen: 3000 });
  const named = await read(orderId);
  assert.deepEqual([named.paid?.amountYen, ...standingOf(named)], [3000, 'paid', 'settled_elsewhere']);
  assert.deepEqual(resultOf(await resolve(orderId, 'B', 'acknowledged')), ['done', 'paid']);
  assert.deepEqual(resultOf(await giveBack(orderId, 'C')), ['done', 'cancelled']);
  const { paid, returned: back } = await read(orderId);
  assert.deepEqual([paid?.amountYen, back?.amountYen, standingOf(await find(orderId))], [3000, 3000, ['cancelled']]);
});

test('after a lost answer the same code means that ours was done: paid for what was asked', async () => {
  const { gateway, settle, keep, read } = carrierCase(store);
  const orderId = await keep(anAuthorized());
  gateway.answer(lost, failed('010100023'));
  await settle(orderId, 'A', { amountYen: 5000 });
  assert.deepEqual(resultOf(await settle(orderId, 'A', { amountYen: 5000 })), ['done', 'paid']);
  assert.equal((await read(orderId)).paid?.amountYen, 5000);
});

test('repeats carry the booked day, or today once that is past, and the amount first asked for', async () => {
  const { gateway, settle, keep, runAt } = carrierCase(store);
  const orderId = await keep(anAuthorized());
  gateway.answer(lost, lost, lost, lost, succeeded('20261207'));
  const booking = { amountYen: 5000, on: '2026-12-05', by: 'gateway' } as const;
  await settle(orderId, 'A', booking);
  for (const time of ['2026-12-02 12:00:00', '2026-12-05 12:00:00', '2026-12-06 12:00:00']) await runAt(orderId, time);
  await runAt(orderId, '2026-12-07 12:00:00');
  assert.deepEqual(
    gateway.requests,
    ['20261205', '20261205', '20261205', '20261206', '20261207'].map(day => requestOf(`money=5000&date=${day}`)),
  );
});

test('another key used while a settlement was open does not book it again later', async () => {
  const { gateway, settle, withdraw, keep, find } = carrierCase(store);
  const orderId = await keep(anAuthorized());
  const booking = { on: '2026-12-05', by: 'gateway' } as const;
  gateway.answer(lost, lost, succeeded('20261205'), succeeded('20261201'));
  for (const key of ['A', 'B', 'C']) await settle(orderId, key, booking);
  assert.deepEqual(standingOf(await find(orderId)), ['settle_scheduled']);
  assert.deepEqual(resultOf(await withdraw(orderId, 'D')), ['done', 'authorized']);
  for (const key of ['A', 'B', 'C']) {
    const again = await settle(orderId, key, booking);
    assert.deepEqual([...resultOf(again), again.kind === 'done' && again.replayed], ['done', 'authorized', true], key);
  }
  assert.equal(gateway.requests.length, 4);
});

test('a late 03 does not lengthen settleBy: a booking must lie within 50 days of the day the order was made', async () => {
  // Made on 2026-11-20; the callback comes 25 days later.
  const { gateway, clock, settle, keep, read, callBack, withdraw } = carrierCase(store, jst('2026-12-15 12:00:00'));
  const orderId = await keep(anOrder('carrier'));
  assert.equal((await read(orderId)).carrier?.settleBy, null);
  await callBack(orderId, '03');
  assert.equal((await read(orderId)).carrier?.settleBy, '2027-01-09');
  for (const by of ['schedule', 'gateway'] as const) {
    const refused = await settle(orderId, 'A', { on: '2027-01-10', by });
    assert.deepEqual(refused.kind === 'invalid' && refused.faults.map(({ field }) => field), ['on']);
  }
  assert.deepEqual(resultOf(await settle(orderId, 'B', { on: '2027-01-09' })), ['done', 'settle_scheduled']);
  await withdraw(orderId, 'C');
  assert.equal(gateway.requests.length, 0);
  for (const [time, on] of [
    ['2027-01-10 00:00:00', null],
    ['2027-01-20 12:00:00', '2027-01-20'],
  ] as const) {
    clock.set(jst(time));
    gateway.answer(failed('010010013'));
    assert.deepEqual(resultOf(await settle(orderId, `on ${time}`, { on })), ['refused', 'authorized']);
  }
  gateway.answer(succeeded('20270120'));
  assert.deepEqual(resultOf(await settle(orderId, 'D')), ['done', 'paid']);
  assert.deepEqual(
    gateway.requests.map(request => request.slice(-8)),
    ['20270110', '20270120', '20270120'],
  );
});

test('the second payment of a double submission is settled and returned by its number', async () => {
  const { gateway, settle, giveBack, keep, read, find, callBack } = carrierCase(store);
  const orderId = await keep(told(anOrder('carrier'), '03'));
  await callBack(orderId, '03', { orderNumber: 'N2' });
  assert.deepEqual(standingOf(await find(orderId)), ['authorized', 'duplicate_payment']);
  gateway.answer(succeeded('20261201'), returned, returned);
  assert.deepEqual(resultOf(await settle(orderId, 'A', { orderNumber: 'N2', amountYen: 5000 })), [
    'done',
    'paid',
    'duplicate_payment',
  ]);
  const settled = await read(orderId);
  assert.deepEqual(
    [settled.shown, ...settled.others].map(({ number, status, paid }) => [number, status, paid?.amountYen ?? null]),
    [
      ['N2', 'paid', 5000],
      ['N1', 'authorized', null],
    ],
  );
  assert.equal((await giveBack(orderId, 'B', 'N1')).kind, 'done');
  assert.equal((await giveBack(orderId, 'C', 'N2')).kind, 'done');
  const both = await read(orderId);
  assert.deepEqual(
    [both.shown, ...both.others].map(({ number, status, returned: back }) => [number, status, back?.amountYen ?? null]),
    [
      ['N2', 'cancelled', 5000],
      ['N1', 'cancelled', null],
    ],
  );
  assert.deepEqual(
    gateway.requests.map(request => /act=(\w+)&order_no=(\w+)/.exec(request)?.slice(1)),
    [
      ['settled', 'N2'],
      ['return', 'N1'],
      ['return', 'N2'],
    ],
  );
  const unknown = await settle(orderId, 'D', { orderNumber: 'N3' });
  assert.deepEqual(unknown.kind === 'invalid' && unknown.faults.map(({ field }) => field), ['gatewayOrderNumber']);
});

test('while a settlement of one payment is open, another payment of the order is 409', async () => {
  const { gateway, settle, giveBack, keep, callBack } = carrierCase(store);
  const orderId = await keep(told(anOrder('carrier'), '03'));
  await callBack(orderId, '03', { orderNumber: 'N2' });
  gateway.answer(lost, succeeded('20261201'));
  await settle(orderId, 'A', { orderNumber: 'N2' });
  for (const run of [
    () => settle(orderId, 'B', { orderNumber: 'N1' }),
    () => giveBack(orderId, 'C', 'N1'),
    () => giveBack(orderId, 'D'),
  ]) {
    assert.equal((await run()).kind, 'wrong_status');
  }
  assert.equal((await settle(orderId, 'E', { orderNumber: 'N2' })).kind, 'done');
  assert.equal(gateway.requests[1], gateway.requests[0]);
});
