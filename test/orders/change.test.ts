import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AttentionReason,
  entryOf,
  type HistoryEntry,
  type Order,
  type Status,
} from '../../shared/domain/order.ts';
import { type Change, change, dueAtOf, settlementNoticeAt } from '../../shared/orders/change.ts';
import { failureWith, noonText, placed } from '../support/orders.ts';

const at = new Date('2026-11-21T00:00:00.000Z');
const said: Change = { at, source: 'callback', event: 'card_ok' };
const reasonAfter = (order: Order, more: Partial<Change>) =>
  change(order, { ...said, ...more }).attention?.reason ?? null;

test('a change is one more version, at its time, with its line of history, and leaves the order as it was', () => {
  const order = Object.freeze(placed('card', 'unknown'));
  const next = change(order, { ...said, to: 'paid', code: '11', note: 'a note' });
  assert.deepEqual(
    [next.status, next.version, next.updatedAt, next.createdAt],
    ['paid', 2, at.toISOString(), noonText],
  );
  assert.deepEqual(next.history.at(-1), {
    at: at.toISOString(),
    source: 'callback',
    event: 'card_ok',
    from: 'unknown',
    to: 'paid',
    code: '11',
    note: 'a note',
    count: 1,
  });
  assert.equal(order.history.length, 1);
});

test('a move clears failure and pending, a stay keeps them, and fill comes after', () => {
  const pending = {
    operation: 'cancel' as const,
    key: 'k',
    before: { status: 'paid' as const, settlement: null, retryAt: null },
    lost: false,
  };
  const order = placed('card', 'declined', { pending });
  const moved = change(order, { ...said, to: 'paid' });
  assert.deepEqual([moved.failure, moved.pending], [null, null]);
  assert.deepEqual(change(order, said).failure, order.failure);
  assert.deepEqual(change(order, said).pending, pending);
  assert.deepEqual(
    change(order, { ...said, to: 'paid', fill: { failure: failureWith('operator') } }).failure,
    failureWith('operator'),
  );
});

test('paidAt is the first time of being paid', () => {
  assert.equal(change(placed('card', 'unknown'), { ...said, to: 'paid' }).paidAt, at.toISOString());
  assert.equal(change(placed('carrier', 'cancelled', { paidAt: noonText }), { ...said, to: 'paid' }).paidAt, noonText);
  assert.equal(change(placed('card', 'unknown'), { ...said, to: 'declined' }).paidAt, null);
});

test('equal consecutive entries collapse into one with a count and the first time', () => {
  const order = placed('card', 'paid');
  const once = change(order, { ...said, note: 'same' });
  const twice = change(once, { ...said, at: new Date(at.getTime() + 1000), note: 'same' });
  assert.equal(twice.history.length, 2);
  assert.deepEqual([twice.history[1]?.count, twice.history[1]?.at], [2, at.toISOString()]);
  assert.equal(change(twice, { ...said, note: 'same' }).history[1]?.count, 3);
});

test('entries that differ in anything that is told do not collapse', () => {
  const once = change(placed('card', 'paid'), { ...said, code: 'a', note: 'a' });
  const others: Partial<Change>[] = [
    { source: 'gateway', code: 'a', note: 'a' },
    { event: 'card_ng', code: 'a', note: 'a' },
    { code: 'b', note: 'a' },
    { code: 'a', note: 'b' },
    { to: 'cancelled', code: 'a', note: 'a' },
  ];
  for (const other of others)
    assert.equal(change(once, { ...said, ...other }).history.length, 3, JSON.stringify(other));
});

test('a move never collapses into what came before it', () => {
  const stayed = change(placed('card', 'unknown'), said);
  assert.equal(change(stayed, { ...said, to: 'paid' }).history.length, 3);
  const back = change(change(stayed, { ...said, to: 'paid' }), { ...said, to: 'unknown' });
  assert.equal(change(back, { ...said, to: 'paid' }).history.length, 5);
});

const stays = (count: number): HistoryEntry[] =>
  Array.from({ length: count }, (_, i) => ({
    ...entryOf('callback', `event ${i}`, 'paid', noonText),
    from: 'paid' as Status,
  }));

test('at most 100 entries are kept: the oldest that is neither the first, nor the newest, nor money goes', () => {
  const money: HistoryEntry = { ...entryOf('callback', 'card_ok', 'paid', noonText), from: 'unknown' };
  const first: HistoryEntry = { ...entryOf('api', 'token_charge', 'sending', noonText), from: null };
  const order = placed('card', 'paid', { history: [first, money, ...stays(98)] });
  const next = change(order, { ...said, event: 'newest' });
  const names = next.history.map(entry => entry.event);
  assert.equal(names.length, 100);
  assert.deepEqual(names.slice(0, 3), ['token_charge', 'card_ok', 'event 1']);
  assert.equal(names.at(-1), 'newest');
});

test('history stays within 100 however many calls come, and every step of money stays', () => {
  let order = placed('cvs', 'awaiting_customer');
  const steps: Status[] = ['received', 'paid', 'paid_after_cancel', 'reversed_after_cancel'];
  for (let i = 0; i < 300; i += 1) {
    const to = i % 70 === 0 ? steps.shift() : undefined;
    order = change(order, { ...said, event: `event ${i}`, ...(to && { to }) });
    assert.ok(order.history.length <= 100);
  }
  const moves = order.history.filter(entry => entry.from !== entry.to).map(entry => entry.to);
  assert.deepEqual(moves, ['awaiting_customer', 'received', 'paid', 'paid_after_cancel', 'reversed_after_cancel']);
});

test('the first reason stays, a later one only goes to history', () => {
  const mismatch = { reason: 'amount_mismatch' as const, since: noonText };
  const next = change(placed('card', 'paid', { attention: mismatch }), {
    ...said,
    attention: 'contradiction',
    note: 'second',
  });
  assert.deepEqual(next.attention, mismatch);
  assert.equal(next.history.at(-1)?.note, 'second');
});

test('outcome_unknown clears itself when the outcome comes, and gives way to a new reason', () => {
  const unknown = placed('card', 'unknown');
  assert.equal(reasonAfter(unknown, { to: 'paid' }), null);
  assert.equal(reasonAfter(unknown, { to: 'paid', attention: 'contradiction' }), 'contradiction');
  assert.equal(reasonAfter(unknown, {}), 'outcome_unknown');
  assert.equal(reasonAfter(unknown, { attention: 'amount_mismatch' }), 'outcome_unknown');
});

test('outcome_unknown stays while the word on an operation is out', () => {
  const attention = { reason: 'outcome_unknown' as const, since: noonText };
  for (const status of ['settling', 'cancelling', 'sending'] as Status[]) {
    assert.equal(reasonAfter(placed('carrier', status, { attention }), {}), 'outcome_unknown', status);
  }
  const pending = {
    operation: 'withdraw' as const,
    key: 'k',
    before: { status: 'settle_scheduled' as const, settlement: null, retryAt: null },
    lost: true,
  };
  assert.equal(reasonAfter(placed('carrier', 'settle_scheduled', { attention, pending }), {}), 'outcome_unknown');
});

test('every other reason survives any move', () => {
  const reasons: AttentionReason[] = [
    'amount_mismatch', 'ip_code_mismatch', 'contradiction', 'duplicate_payment', 'cancel_failed',
    'money_after_cancel', 'unlisted_status', 'unmatched', 'settlement_due',
  ]; // biome-ignore format: a list
  for (const reason of reasons) {
    assert.equal(
      reasonAfter(placed('card', 'unknown', { attention: { reason, since: noonText } }), { to: 'paid' }),
      reason,
    );
  }
});

test('a claimed order is due when its claim goes stale, and no more once its outcome is known', () => {
  const order = placed('card', 'sending');
  assert.equal(dueAtOf(order), '2026-11-20T03:02:00.000Z');
  assert.equal(change(order, { ...said, to: 'paid' }).dueAt, null);
  assert.equal(dueAtOf(placed('card', 'unknown', { claim: order.claim })), null);
});

test('a booking by us is due at midnight JST of its day, one at the gateway and an authorization five days before the end', () => {
  const carrier = (by: 'schedule' | 'gateway') => ({
    type: 'au' as const,
    settlement: { on: '2026-12-01', amountYen: 8000, by },
    settleBy: '2027-01-09',
  });
  assert.equal(settlementNoticeAt('2027-01-09'), '2027-01-03T15:00:00.000Z');
  assert.equal(
    dueAtOf(placed('carrier', 'settle_scheduled', { carrier: carrier('schedule') })),
    '2026-11-30T15:00:00.000Z',
  );
  assert.equal(
    dueAtOf(placed('carrier', 'settle_scheduled', { carrier: carrier('gateway') })),
    '2027-01-03T15:00:00.000Z',
  );
  const authorized = placed('carrier', 'authorized');
  assert.equal(dueAtOf(authorized), '2027-01-03T15:00:00.000Z');
  const told = {
    ...authorized,
    history: [...authorized.history, entryOf('schedule', 'settlement_due', 'authorized', noonText)],
  };
  assert.equal(dueAtOf(told), null);
});

test('an operation whose answer was lost is due at once, one that is being sent when its claim goes stale', () => {
  const pending = {
    operation: 'cancel' as const,
    key: 'k',
    before: { status: 'paid' as const, settlement: null, retryAt: null },
    lost: true,
  };
  assert.equal(dueAtOf(placed('card', 'cancelling', { pending })), noonText);
  const claim = { id: 'c', at: noonText };
  assert.equal(dueAtOf(placed('card', 'cancelling', { pending, claim })), '2026-11-20T03:02:00.000Z');
});
