/** Settlements of our own schedule: their day, refusals on it, the last five minutes of a day, and the last day. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jst } from '../support/carrier.ts';
import {
  aBooked,
  anAuthorized,
  carrierCase,
  failed,
  lost,
  maintenance,
  resultOf,
  standingOf,
  succeeded,
} from '../support/carrier-case.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
const day = '2026-12-05';
const days = (requests: string[]) => requests.map(request => request.slice(-8));

test('refused on its day: settlement_due with the code, one request a JST day until settleBy, then authorized', async () => {
  const { gateway, keep, find, read, runAt, settle } = carrierCase(store);
  const orderId = await keep(aBooked('2027-01-03', 'schedule', 5000));
  const booked = { on: '2027-01-03', amountYen: 5000, by: 'schedule' };
  await runAt(orderId, '2027-01-02 23:50:00');
  assert.deepEqual(gateway.requests, []);
  const codes = ['010010006', '010100086', '010010007', '010010000', '019999999', '010010013', '010010006'];
  for (const [index, code] of codes.entries()) {
    const on = `2027-01-0${3 + index}`;
    gateway.answer(failed(code));
    for (const time of ['00:00:00', '00:05:00', '12:00:00', '23:50:00', '23:59:00']) {
      await runAt(orderId, `${on} ${time}`);
      const { status, attention, carrier } = await read(orderId);
      assert.deepEqual([status, carrier?.settlement], ['settle_scheduled', booked], `${on} ${time}`);
      assert.deepEqual(
        attention.map(({ reason }) => reason),
        ['settlement_due'],
        `${on} ${time}`,
      );
    }
    const { history } = await find(orderId);
    assert.equal(history.findLast(({ event }) => event === 'settle_refused')?.code, code);
  }
  const sentOn = ['20270103', '20270104', '20270105', '20270106', '20270107', '20270108', '20270109'];
  assert.deepEqual(days(gateway.requests), sentOn);
  for (const time of ['2027-01-10 00:00:00', '2027-01-11 12:00:00']) {
    await runAt(orderId, time);
    const { status, carrier } = await read(orderId);
    assert.deepEqual([status, carrier?.settlement], ['authorized', null], time);
  }
  assert.deepEqual(days(gateway.requests), sentOn);
  gateway.answer(succeeded('20270111'));
  assert.deepEqual(resultOf(await settle(orderId, 'B')), ['done', 'paid']);
});

test('two payments of one order, both booked: one that is refused waits for the next day and holds up no other', async () => {
  for (const refusedFirst of [true, false]) {
    const { gateway, keep, callBack, settle, runAt, read } = carrierCase(store);
    const orderId = await keep(anAuthorized());
    await callBack(orderId, '03', { orderNumber: 'N2' });
    const [refused, other] = refusedFirst ? ['N1', 'N2'] : ['N2', 'N1'];
    await settle(orderId, 'A', { orderNumber: refused, on: '2026-12-05' });
    await settle(orderId, 'B', { orderNumber: other, on: '2026-12-06' });
    gateway.answer(failed('010010006'));
    for (const time of ['00:00:00', '00:05:00', '12:00:00']) await runAt(orderId, `2026-12-05 ${time}`);
    assert.equal(gateway.requests.length, 1);
    gateway.answer(failed('010010006'), succeeded('20261206'));
    for (const time of ['00:00:00', '00:05:00', '00:10:00']) await runAt(orderId, `2026-12-06 ${time}`);
    const { shown, others } = await read(orderId);
    assert.deepEqual(
      [shown, ...others].map(({ number, status }) => [number, status]),
      [
        [other, 'paid'],
        [refused, 'settle_scheduled'],
      ],
    );
    assert.equal(gateway.requests.length, 3);
  }
});

test('the note of settlement_due names the day and the code; acknowledged, it comes back on another day only', async () => {
  const { gateway, keep, read, runAt, resolve } = carrierCase(store);
  const orderId = await keep(aBooked(day));
  gateway.answer(failed('010010006'), failed('010010006'), succeeded('20261207'));
  await runAt(orderId, `${day} 00:00:00`);
  assert.deepEqual((await read(orderId)).attention, [{ reason: 'settlement_due', note: '2026-12-05, code 010010006' }]);
  assert.deepEqual(resultOf(await resolve(orderId, 'B', 'acknowledged')), ['done', 'settle_scheduled']);
  await runAt(orderId, `${day} 12:00:00`);
  assert.deepEqual((await read(orderId)).attention, []);
  await runAt(orderId, '2026-12-06 00:00:00');
  assert.deepEqual((await read(orderId)).attention, [{ reason: 'settlement_due', note: '2026-12-06, code 010010006' }]);
  await runAt(orderId, '2026-12-07 00:00:00');
  const { status, attention, paid } = await read(orderId);
  assert.deepEqual([status, attention, paid?.amountYen], ['paid', [], 8000]);
});

test('maintenance on its day leaves the booking without attention; tried again after a growing pause', async () => {
  const { gateway, keep, find, runAt } = carrierCase(store);
  const orderId = await keep(aBooked(day, 'schedule', 5000));
  gateway.answer(maintenance, maintenance, succeeded('20261205'));
  const counts = [];
  for (const time of ['00:00', '00:04', '00:05', '00:10', '00:14', '00:15']) {
    await runAt(orderId, `${day} ${time}:00`);
    counts.push([...standingOf(await find(orderId)), gateway.requests.length]);
  }
  assert.deepEqual(counts, [
    ['settle_scheduled', 1],
    ['settle_scheduled', 1],
    ['settle_scheduled', 2],
    ['settle_scheduled', 2],
    ['settle_scheduled', 2],
    ['paid', 3],
  ]);
});

test('a lost answer on its day is repeated, and what then is refused stays open', async () => {
  const { gateway, keep, find, read, runAt } = carrierCase(store);
  const orderId = await keep(aBooked(day, 'schedule', 5000));
  gateway.answer(lost, failed('010010006'), failed('010100023'));
  const standing = [];
  for (const time of ['00:00', '00:05', '00:15']) {
    await runAt(orderId, `${day} ${time}:00`);
    standing.push(standingOf(await find(orderId)));
  }
  assert.deepEqual(standing, [['settling', 'outcome_unknown'], ['settling', 'outcome_unknown'], ['paid']]);
  assert.equal(new Set(gateway.requests).size, 1);
  assert.equal((await read(orderId)).paid?.amountYen, 5000);
});

test('from 23:55:00 JST nothing is sent for the same day; midnight sends it with the new day', async () => {
  const { gateway, keep, find, runAt } = carrierCase(store);
  const booked = await keep(aBooked(day));
  const open = await keep(aBooked(day));
  gateway.answer(lost);
  await runAt(open, `${day} 12:00:00`);
  for (const time of ['23:55:00', '23:59:59']) {
    for (const orderId of [booked, open]) await runAt(orderId, `${day} ${time}`);
  }
  assert.deepEqual(days(gateway.requests), ['20261205']);
  gateway.answer(succeeded('20261206'), succeeded('20261206'));
  for (const orderId of [booked, open]) {
    await runAt(orderId, '2026-12-06 00:00:00');
    assert.deepEqual(standingOf(await find(orderId)), ['paid']);
  }
  assert.deepEqual(days(gateway.requests), ['20261205', '20261206', '20261206']);
});

test('a booking that the gateway refused may be withdrawn on its day and after it', async () => {
  const { gateway, keep, runAt, withdraw, clock } = carrierCase(store);
  const orderId = await keep(aBooked(day));
  gateway.answer(failed('010010006'));
  await runAt(orderId, `${day} 00:00:00`);
  clock.set(jst('2026-12-06 12:00:00'));
  assert.deepEqual(resultOf(await withdraw(orderId, 'B')), ['done', 'authorized', 'settlement_due']);
});

test('settlement_due five days before settleBy, once; not where our own schedule is to settle it', async () => {
  const rows = [
    ['authorized', anAuthorized(), ['settlement_due']],
    ['settle_scheduled', aBooked('2027-01-09', 'gateway'), ['settlement_due']],
    ['settle_scheduled', aBooked('2027-01-09'), []],
  ] as const;
  for (const [status, order, raised] of rows) {
    const { gateway, keep, find, runAt, resolve } = carrierCase(store);
    const orderId = await keep(order);
    await runAt(orderId, '2027-01-03 23:59:59');
    assert.deepEqual(standingOf(await find(orderId)), [status]);
    await runAt(orderId, '2027-01-04 00:00:00');
    assert.deepEqual(standingOf(await find(orderId)), [status, ...raised]);
    await resolve(orderId, 'B', 'acknowledged');
    for (const time of ['2027-01-04 00:05:00', '2027-01-08 12:00:00']) await runAt(orderId, time);
    assert.deepEqual([...standingOf(await find(orderId)), gateway.requests.length], [status, 0]);
  }
});
