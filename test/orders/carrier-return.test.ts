/** Contract 1.6: what each answer of the gateway makes of a return, on a first send and after a lost answer, from each status. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from '../../shared/domain/order.ts';
import type { Reply } from '../../shared/zeus/wire/transport.ts';
import { jst } from '../support/carrier.ts';
import {
  aBooked,
  anAuthorized,
  answering,
  aSettled,
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
import { anOrder, told, usual } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();

const starts: Record<string, Order> = {
  authorized: anAuthorized('au'),
  'booked by us': aBooked('2026-12-05', 'schedule', 5000),
  'booked at the gateway': aBooked('2026-12-05', 'gateway', 5000),
  paid: aSettled(5000),
};

const provesNothing = ['010010007', '010010010', '010010107'];
const plain = [
  '010010100',
  '010010113',
  '010010114',
  '010100025',
  '010100031',
  '010100037',
  '010100040',
  '010100086',
  '019999999',
];

const done = ['done', 'cancelled'];
const open = ['open', 'cancelling', 'outcome_unknown'];
/** `back`: as before, on a first send. */
const rows: [name: string, answer: Reply, first: string[] | 'back', afterLost: string[]][] = [
  ['success', returned, done, done],
  ['success, the other way round', answering('error_code=-&result=Success_order\r\n'), done, done],
  ['returned already', failed('010100030'), done, done],
  ['released already', failed('010100026'), done, done],
  ['being returned', failed('010100038'), open, open],
  ...[...plain, ...provesNothing].map((code): [string, Reply, 'back', string[]] => [code, failed(code), 'back', open]),
  ['invalid', answering('result=invalid&error_code=00000101'), 'back', open],
  ['maintenance', maintenance, 'back', open],
  ['no connection', notSent, 'back', open],
  ['no answer', lost, open, open],
  ['an answer that no manual lists', answering('result=success'), open, open],
];
const kindOf = (answer: Reply): string => (answer === maintenance || answer === notSent ? 'not_processed' : 'refused');

const bytes = 'clientip=2019000002&act=return&order_no=N1&zkey=89abcdef0123456789abcdef0123456789abcdef';

for (const [name, start] of Object.entries(starts)) {
  test(`${name}: every answer on a first send`, async () => {
    for (const [said, answer, expected] of rows) {
      const { gateway, giveBack, keep, read } = carrierCase(store);
      const orderId = await keep(start);
      const shown = async () => {
        const { status, attention, carrier, paid, returned: back, dueAt, open: left } = await read(orderId);
        return { status, attention, carrier, paid, back, dueAt, left };
      };
      const before = await shown();
      gateway.answer(answer);
      const result = expected === 'back' ? [kindOf(answer), ...standingOf(start)] : expected;
      assert.deepEqual(resultOf(await giveBack(orderId, 'A')), result, said);
      if (expected === 'back') assert.deepEqual(await shown(), before, said);
      assert.deepEqual(gateway.requests, [bytes]);
    }
  });

  test(`${name}: every answer after a lost one, repeated by the same key, a new one and due work`, async () => {
    for (const by of ['A', 'B', 'due work']) {
      for (const [said, answer, , expected] of rows) {
        const { gateway, giveBack, keep, find, runAt } = carrierCase(store);
        const orderId = await keep(start);
        gateway.answer(lost, answer);
        assert.deepEqual(resultOf(await giveBack(orderId, 'A')), open);
        if (by === 'due work') await runAt(orderId, '2026-12-01 12:05:00');
        else assert.deepEqual(resultOf(await giveBack(orderId, by)), expected, `${by}, ${said}`);
        assert.deepEqual(standingOf(await find(orderId)), expected.slice(1), `${by}, ${said}`);
        assert.deepEqual(gateway.requests, [bytes, bytes]);
      }
    }
  });
}

test('what was paid stays, and what went back is the settled amount', async () => {
  const { gateway, giveBack, keep, read } = carrierCase(store);
  for (const [order, amounts] of [
    [aSettled(5000), [5000, 5000]],
    [anAuthorized(), [null, null]],
  ] as const) {
    const orderId = await keep(order);
    gateway.answer(returned);
    await giveBack(orderId, 'A');
    const { paid, returned: back } = await read(orderId);
    assert.deepEqual([paid?.amountYen ?? null, back?.amountYen ?? null], amounts);
    if (back) assert.equal(back.at, jst('2026-12-01 12:00:00').toISOString());
  }
});

test('a booking of ours is not settled while its return is open, nor after it', async () => {
  const { gateway, giveBack, keep, read, find, runAt } = carrierCase(store, jst('2026-12-05 00:10:00'));
  const orderId = await keep(aBooked('2026-12-05'));
  gateway.onRequest = async () => {
    gateway.onRequest = async () => {};
    assert.deepEqual(standingOf(await find(orderId)), ['cancelling']);
    await runAt(orderId, '2026-12-05 00:10:30');
  };
  gateway.answer(lost, returned);
  assert.deepEqual(resultOf(await giveBack(orderId, 'A')), open);
  await runAt(orderId, '2026-12-05 00:20:00');
  await runAt(orderId, '2026-12-06 00:00:00');
  const { status, carrier, dueAt } = await read(orderId);
  assert.deepEqual([status, carrier?.settlement, dueAt], ['cancelled', null, null]);
  assert.deepEqual(gateway.requests, [bytes, bytes]);
});

test('a booking that is to be tried again tomorrow still is after a refused return', async () => {
  const { gateway, giveBack, keep, read, runAt } = carrierCase(store);
  const orderId = await keep(aBooked('2026-12-05'));
  gateway.answer(failed('010010006'), failed('010010006'), succeeded('20261206'));
  await runAt(orderId, '2026-12-05 00:00:00');
  assert.deepEqual(resultOf(await giveBack(orderId, 'A')), ['refused', 'settle_scheduled', 'settlement_due']);
  assert.equal((await read(orderId)).dueAt, jst('2026-12-06 00:00:00').toISOString());
  await runAt(orderId, '2026-12-06 00:00:00');
  assert.equal((await read(orderId)).status, 'paid');
});

test('not from any other status, and a cancelled order is done already: nothing is sent', async () => {
  const { gateway, giveBack, keep } = carrierCase(store);
  for (const order of [usual.carrier.declined(), usual.carrier.awaiting_customer(), usual.carrier.settle_failed()]) {
    const result = ['wrong_status', ...standingOf(order)];
    assert.deepEqual(resultOf(await giveBack(await keep(order), 'B')), result);
  }
  assert.deepEqual(resultOf(await giveBack(await keep(told(anAuthorized(), '08')), 'B')), done);
  const numberless = await keep(anOrder('carrier'));
  const { callBack } = carrierCase(store);
  await callBack(numberless, '03', { orderNumber: null });
  assert.deepEqual(resultOf(await giveBack(numberless, 'B')), ['wrong_status', 'authorized']);
  assert.deepEqual(gateway.requests, []);
});

test('a settlement that is open must end first, and a return that is open bars a settlement', async () => {
  const { gateway, settle, giveBack, keep, find } = carrierCase(store);
  const orderId = await keep(anAuthorized());
  const other = await keep(anAuthorized());
  gateway.answer(lost, lost);
  await settle(orderId, 'A');
  assert.equal((await giveBack(orderId, 'B')).kind, 'wrong_status');
  await giveBack(other, 'A');
  for (const on of [null, '2026-12-05']) assert.equal((await settle(other, 'B', { on })).kind, 'wrong_status');
  assert.deepEqual([standingOf(await find(other)), gateway.requests.length], [open.slice(1), 2]);
});

test('09 while the answer is lost: the return failed, so it is not answered as done', async () => {
  const { gateway, giveBack, keep, callBack } = carrierCase(store);
  const orderId = await keep(aSettled(5000));
  gateway.onRequest = async () => void (await callBack(orderId, '09', { amountYen: 5000 }));
  gateway.answer(lost);
  assert.deepEqual(resultOf(await giveBack(orderId, 'A')), ['refused', 'paid', 'cancel_failed']);
});
