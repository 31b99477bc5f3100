/** Contract 1.6: what each word of the gateway makes of a return, first or after a lost answer, from each status. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order, Settlement } from '../../shared/domain/order.ts';
import { carrierReturn, repeatReturn } from '../../shared/orders/carrier-return.ts';
import { carrierSettle } from '../../shared/orders/carrier-settle.ts';
import type { Reply } from '../../shared/zeus/wire/transport.ts';
import {
  anAuthorized,
  callerOf,
  carrierCase,
  failed,
  jst,
  lost,
  maintenance,
  notSent,
  returned,
  says,
  standingOf,
  summaryOf,
} from '../support/carrier.ts';
import { placed } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();

const ours: Settlement = { on: '2026-12-05', amountYen: 5000, by: 'schedule' };
const theirs: Settlement = { ...ours, by: 'gateway' };
const paid = placed('carrier', 'paid', {
  carrier: { type: 'au', settlement: { ...ours, on: '2026-12-01' }, settleBy: '2027-01-09' },
});
const starts: [name: string, order: Order][] = [
  ['authorized', anAuthorized('au')],
  ['booked by us', anAuthorized('au', ours)],
  ['booked at the gateway', anAuthorized('au', theirs)],
  ['paid', paid],
];

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

/** What it comes to; `back`: as before the first send. */
type Row = [name: string, answer: Reply, kind: string, to: 'cancelled' | 'cancelling' | 'back'];
const always: Row[] = [
  ['success', returned, 'done', 'cancelled'],
  ['success, the other way round', says('error_code=-&result=Success_order\r\n'), 'done', 'cancelled'],
  ['returned already', failed('010100030'), 'done', 'cancelled'],
  ['released already', failed('010100026'), 'done', 'cancelled'],
  ['being returned', failed('010100038'), 'no_word', 'cancelling'],
  ...plain.map((code): Row => [code, failed(code), 'refused', 'back']),
  ['invalid', says('result=invalid&error_code=00000101'), 'refused', 'back'],
  ['maintenance', maintenance, 'not_taken', 'back'],
  ['no answer', lost, 'no_word', 'cancelling'],
  ['an answer of nobody', says('result=success'), 'no_word', 'cancelling'],
];
const first: Row[] = [
  ...always,
  ['no connection', notSent, 'not_taken', 'back'],
  ...provesNothing.map((code): Row => [code, failed(code), 'refused', 'back']),
];
const afterLost: Row[] = [
  ...always,
  ['no connection', notSent, 'not_taken', 'cancelling'],
  ...provesNothing.map((code): Row => [code, failed(code), 'no_word', 'cancelling']),
];

const expectedOf = (before: Order, kind: string, to: Row[3]): unknown[] => [
  kind,
  to === 'back' ? before.status : to,
  to === 'cancelling' ? 'outcome_unknown' : null,
];

/** A refusal leaves no trace but its history. */
function assertRestored(order: Order, before: Order, what: string): void {
  const kept = ({ carrier, pending, claim, retryAt, dueAt, paidAt, orderNumber }: Order) => ({
    carrier,
    pending,
    claim,
    retryAt,
    dueAt,
    paidAt,
    orderNumber,
  });
  assert.deepEqual(kept(order), kept(before), what);
}

for (const [name, start] of starts) {
  test(`${name}: every word on a first send`, async () => {
    for (const [said, answer, kind, to] of first) {
      const { gateway, deps, keep, read } = carrierCase(store);
      const orderId = await keep(start);
      const before = await read(orderId);
      gateway.say(answer);
      assert.deepEqual(summaryOf(await carrierReturn(deps, orderId, callerOf('A'))), expectedOf(start, kind, to), said);
      if (to === 'back') assertRestored(await read(orderId), before, said);
      assert.equal(gateway.heard.length, 1);
      assert.match(gateway.heard[0] ?? '', /^clientip=2019000002&act=return&order_no=N1&zkey=[0-9a-f]{40}$/);
    }
  });

  test(`${name}: every word after a lost answer, repeated by the same key, a new one and due work`, async () => {
    for (const who of ['A', 'B', 'due work']) {
      for (const [said, answer, kind, to] of afterLost) {
        const { gateway, deps, keep, read } = carrierCase(store);
        const orderId = await keep(start);
        const before = await read(orderId);
        gateway.say(lost, answer);
        assert.deepEqual(summaryOf(await carrierReturn(deps, orderId, callerOf('A'))), [
          'no_word',
          'cancelling',
          'outcome_unknown',
        ]);
        const acted =
          who === 'due work'
            ? await repeatReturn(deps, await read(orderId))
            : await carrierReturn(deps, orderId, callerOf(who));
        assert.deepEqual(summaryOf(acted), expectedOf(start, kind, to), `${who}, ${said}`);
        if (to === 'back') assertRestored(await read(orderId), before, `${who}, ${said}`);
        assert.equal(gateway.heard[1], gateway.heard[0]);
      }
    }
  });
}

test('a booking of ours rests while the return is out: nobody settles it', async () => {
  const { gateway, clock, deps, keep, read } = carrierCase(store, jst('2026-12-05 00:10:00'));
  const orderId = await keep(anAuthorized('au', ours));
  gateway.onSend = async () => {
    const order = await read(orderId);
    assert.deepEqual([order.status, order.carrier?.settlement], ['cancelling', null]);
    assert.ok((order.dueAt ?? '') > clock.now().toISOString());
  };
  gateway.say(returned);
  await carrierReturn(deps, orderId, callerOf('A'));
  const { status, carrier, dueAt } = await read(orderId);
  assert.deepEqual([status, carrier?.settlement, dueAt], ['cancelled', null, null]);
});

test('a booking that is to be tried again tomorrow is still so after a refused return', async () => {
  const { gateway, deps, keep, read } = carrierCase(store, jst('2026-12-05 12:00:00'));
  const retryAt = jst('2026-12-06 00:00:00').toISOString();
  const orderId = await keep({ ...anAuthorized('au', ours), retryAt });
  gateway.say(failed('010010006'));
  assert.deepEqual(summaryOf(await carrierReturn(deps, orderId, callerOf('A'))), ['refused', 'settle_scheduled', null]);
  const order = await read(orderId);
  assert.deepEqual([order.carrier?.settlement, order.retryAt, order.dueAt], [ours, retryAt, retryAt]);
});

test('not from any other status, and a cancelled order is done already: nothing is sent', async () => {
  const { deps, keep } = carrierCase(store);
  for (const status of ['unknown', 'declined', 'awaiting_customer', 'settle_failed'] as const) {
    const orderId = await keep(placed('carrier', status));
    assert.deepEqual((await carrierReturn(deps, orderId, callerOf('A'))).kind, 'wrong_state', status);
  }
  const orderId = await keep(placed('carrier', 'cancelled'));
  assert.deepEqual(summaryOf(await carrierReturn(deps, orderId, callerOf('A'))), ['done', 'cancelled', null]);
  const numberless = await keep({ ...anAuthorized(), orderNumber: null, numberBound: false });
  assert.equal((await carrierReturn(deps, numberless, callerOf('A'))).kind, 'wrong_state');
});

test('a settlement that is out must end first, and a return that is out bars a settlement', async () => {
  const { gateway, deps, keep, read } = carrierCase(store);
  const orderId = await keep(anAuthorized());
  const settlement = { amountYen: null, on: null, by: 'schedule' } as const;
  gateway.say(lost);
  await carrierSettle(deps, orderId, callerOf('A'), settlement);
  assert.equal((await carrierReturn(deps, orderId, callerOf('B'))).kind, 'wrong_state');
  const other = await keep(anAuthorized());
  gateway.say(lost);
  await carrierReturn(deps, other, callerOf('A'));
  for (const on of [null, '2026-12-05']) {
    assert.equal((await carrierSettle(deps, other, callerOf('B'), { ...settlement, on })).kind, 'wrong_state');
  }
  assert.deepEqual([standingOf(await read(other)), gateway.heard.length], [['cancelling', 'outcome_unknown'], 2]);
});

test('09 while the answer is lost: the return failed, so it is not answered as done', async () => {
  const { gateway, deps, keep, callBack } = carrierCase(store);
  const orderId = await keep(paid);
  gateway.onSend = async () => void (await callBack(orderId, '09', { amountYen: 5000 }));
  gateway.say(lost);
  const acted = await carrierReturn(deps, orderId, callerOf('A'));
  assert.notEqual(acted.kind, 'done');
  assert.deepEqual(summaryOf(acted).slice(1), ['paid', 'cancel_failed']);
});
