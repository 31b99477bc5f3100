import assert from 'node:assert/strict';
import { test } from 'node:test';
import { book, decide, noteDue } from '../../shared/domain/changes.ts';
import { pauseSeconds } from '../../shared/domain/due.ts';
import type { Order } from '../../shared/domain/order.ts';
import { beginSend } from '../../shared/domain/sends.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import {
  aCallback,
  anOrder,
  answered,
  begun,
  caller,
  lost,
  maintenance,
  noon,
  refused,
  seconds,
  settlementOn,
  succeeded,
  told,
  usual,
  withCallbacks,
} from '../support/orders.ts';

const warning = '2027-01-03T15:00:00.000Z';

test('five days before the last day, of every payment that is authorized, also while a send about another is open', () => {
  const second = aCallback('carrier', '03', { orderNumber: 'N2' });
  const paidAndSecond = withCallbacks(told(anOrder('carrier'), '03', '07'), [second]);
  assert.equal(summarize(paidAndSecond).dueAt, warning);
  const both = withCallbacks(usual.carrier.authorized(), [second]);
  const returning = { operation: 'return', orderNumber: 'N2', settlement: null } as const;
  const open = answered(beginSend(both, returning, caller, noon), lost);
  const { dueAt, open: send } = summarize(open);
  assert.equal(send?.operation, 'return');
  assert.ok(dueAt && dueAt < warning, 'the repeat of the return comes first');
  assert.equal(
    summarize(book(usual.carrier.authorized(), 'N1', settlementOn('2027-01-09'), caller, noon)).dueAt,
    '2027-01-08T15:00:00.000Z',
  );
});

test('a sale without an amount is not said to be of a settlement that was refused', () => {
  const order = answered(
    begun(usual.carrier.authorized(), 'settle', settlementOn('2026-11-20', 'schedule', 5000)),
    refused,
  );
  const paid = withCallbacks(order, [aCallback('carrier', '07', { amountYen: null })]);
  assert.equal(summarize(paid).paid?.amountYen, 8000);
});

test('the settlement shown is one of the amount that was paid', () => {
  const sent = answered(
    begun(usual.carrier.authorized(), 'settle', settlementOn('2026-11-20', 'schedule', 5000)),
    lost,
  );
  const { paid, carrier, attention } = summarize(told(sent, '07'));
  assert.deepEqual([paid?.amountYen, carrier?.settlement], [8000, null]);
  assert.deepEqual(
    attention.map(({ reason }) => reason),
    ['settled_elsewhere'],
  );
});

test('the pauses between repeats: 5 minutes, then twice as long each time, up to 6 hours', () => {
  const pauses = Array.from({ length: 10 }, (_, attempts) => pauseSeconds(attempts));
  assert.deepEqual(pauses, [300, 300, 600, 1200, 2400, 4800, 9600, 19_200, 21_600, 21_600]);
});

test('an open send is due when its claim is stale, then a pause after the try whose answer was lost', () => {
  const open = begun(usual.card.paid(), 'cancel', null, seconds(30));
  assert.equal(summarize(open).dueAt, seconds(150).toISOString());
  const tried = answered(open, lost, seconds(60));
  assert.equal(summarize(tried).dueAt, seconds(360).toISOString());
  const again = answered(begun(tried, 'cancel', null, seconds(400)), lost, seconds(430));
  assert.equal(summarize(again).dueAt, seconds(1030).toISOString());
  assert.equal(summarize(anOrder('card')).dueAt, seconds(120).toISOString());
});

test('a booking of ours is due on its day, the day after a refusal, and a pause after a try that was not processed', () => {
  const onItsDay = new Date('2026-12-01T01:00:00.000Z');
  const booked = usual.carrier.settle_scheduled();
  assert.equal(summarize(booked).dueAt, '2026-11-30T15:00:00.000Z');
  const settle = (order: Order, outcome: Parameters<typeof answered>[1]) =>
    answered(begun(order, 'settle', settlementOn('2026-12-01'), onItsDay), outcome, onItsDay);
  assert.equal(summarize(settle(booked, refused)).dueAt, '2026-12-01T15:00:00.000Z');
  assert.equal(summarize(settle(booked, maintenance)).dueAt, '2026-12-01T01:05:00.000Z');
  assert.equal(summarize(settle(settle(booked, maintenance), maintenance)).dueAt, '2026-12-01T01:10:00.000Z');
});

test('a return that was refused does not put off the settlement that is booked', () => {
  const onItsDay = new Date('2026-12-01T01:00:00.000Z');
  const returning = begun(usual.carrier.settle_scheduled(), 'return', null, onItsDay);
  assert.equal(summarize(answered(returning, refused, onItsDay)).dueAt, '2026-11-30T15:00:00.000Z');
});

test('a booking of ours ends with the last day to settle, whatever the next try would be', () => {
  const booked = book(usual.carrier.authorized(), 'N1', settlementOn('2027-01-09'), caller, noon);
  const afterMidnight = new Date('2027-01-09T15:30:00.000Z');
  const late = answered(begun(booked, 'settle', settlementOn('2027-01-09'), afterMidnight), refused, afterMidnight);
  assert.equal(summarize(late).dueAt, '2027-01-09T15:00:00.000Z');
});

test('a booking at the gateway is due the day after its day, once', () => {
  const booked = answered(
    begun(usual.carrier.authorized(), 'settle', settlementOn('2026-12-01', 'gateway')),
    succeeded({ bookedOn: '2026-12-01' }),
  );
  assert.equal(summarize(booked).dueAt, '2026-12-01T15:00:00.000Z');
  const noted = noteDue(booked, 'settlement_due', 'N1', '2026-12-01', new Date('2026-12-01T15:00:00.000Z'));
  assert.equal(summarize(noted).dueAt, warning);
  const both = noteDue(noted, 'settlement_due', 'N1', '2027-01-09', new Date(warning));
  assert.equal(summarize(both).dueAt, null);
});

test('a note about one payment leaves another one due', () => {
  const second = aCallback('carrier', '03', { orderNumber: 'N2' });
  const both = withCallbacks(usual.carrier.authorized(), [second]);
  const noted = noteDue(both, 'settlement_due', 'N1', '2027-01-09', noon);
  assert.equal(summarize(noted).dueAt, warning);
  assert.equal(summarize(noteDue(noted, 'settlement_due', 'N2', '2027-01-09', noon)).dueAt, null);
});

test('the settlement shown: the one that failed, none once it was withdrawn', () => {
  const settlement = (order: Order) => summarize(order).carrier?.settlement;
  const shown = { on: '2026-11-20', amountYen: 8000, by: 'schedule' };
  assert.deepEqual(settlement(told(usual.carrier.settling(), '06')), shown);
  const atGateway = begun(usual.carrier.authorized(), 'settle', settlementOn('2026-12-01', 'gateway'));
  const booked = answered(atGateway, succeeded({ bookedOn: '2026-12-02' }));
  assert.deepEqual(settlement(booked), { on: '2026-12-02', amountYen: 8000, by: 'gateway' });
  assert.deepEqual(settlement(begun(usual.carrier.settle_scheduled(), 'return')), { ...shown, on: '2026-12-01' });
  const withdrawing = begun(booked, 'withdraw');
  assert.deepEqual(settlement(withdrawing), { on: '2026-12-02', amountYen: 8000, by: 'gateway' });
  assert.equal(settlement(answered(withdrawing, succeeded())), null);
  assert.equal(
    settlement(answered(begun(usual.carrier.authorized(), 'settle', settlementOn('2026-11-20')), refused)),
    null,
  );
});

test('the settlement shown is the last of those that were never answered', () => {
  const decided = decide(
    usual.carrier.settling(),
    { outcome: 'authorized', orderNumber: 'N1', amountYen: null },
    caller,
    'seen',
    noon,
  );
  const again = answered(begun(decided, 'settle', settlementOn('2026-11-21')), lost);
  assert.deepEqual(summarize(told(again, '07')).carrier?.settlement, {
    on: '2026-11-21',
    amountYen: 8000,
    by: 'schedule',
  });
});
