/** Contract 1.5, the paragraph on order numbers: a second number, a re-issue, and what follows an operator's cancel. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order, Status } from '../../shared/domain/order.ts';
import { decide, digestOf } from '../../shared/orders/decide-callback.ts';
import { statusesOf } from '../../shared/orders/transitions.ts';
import type { Notice } from '../../shared/zeus/callbacks/callback.ts';
import { aNotice, noon, noonText, placed } from '../support/orders.ts';

const decided = (order: Order, notice: Notice) => decide(order, notice, { ipCode: '2019000001', at: noon });
const summary = (order: Order, notice: Notice) => {
  const { effect, next } = decided(order, notice);
  return [effect, next?.status, next?.attention?.reason ?? null, next?.orderNumber];
};
const N2 = { orderNumber: 'N2' };

const carrierBound = statusesOf.carrier.filter(status => placed('carrier', status).numberBound);

test('carrier 03 or 07 of a second number: stored, no move, duplicate_payment', () => {
  for (const status of carrierBound) {
    for (const called of ['03', '07']) {
      const found = summary(placed('carrier', status), aNotice('carrier', called, N2));
      assert.deepEqual(found, ['other_payment', status, 'duplicate_payment', 'N1'], `${called} in ${status}`);
    }
  }
});

test('carrier 06 and 08 of a second number: stored, no move; 09 raises cancel_failed', () => {
  for (const status of carrierBound) {
    for (const [called, attention] of [
      ['06', null],
      ['08', null],
      ['09', 'cancel_failed'],
    ] as const) {
      const found = summary(placed('carrier', status), aNotice('carrier', called, N2));
      assert.deepEqual(found, ['other_payment', status, attention, 'N1'], `${called} in ${status}`);
    }
  }
});

test('carrier 02 of a number other than the bound one is late in every status, and enters history once', () => {
  const notice = aNotice('carrier', '02', N2);
  for (const status of carrierBound) {
    const { effect, next } = decided(placed('carrier', status), notice);
    assert.deepEqual(
      [effect, next?.status, next?.attention, next?.orderNumber, next?.failure],
      ['late', status, null, 'N1', null],
    );
    assert.deepEqual(decided(placed('carrier', status, { seen: [digestOf(notice)] }), notice).next, null);
  }
});

test('a failure binds no number: after 02 of one number, 03 of another authorizes and is bound', () => {
  const failed = decided(placed('carrier', 'awaiting_customer'), aNotice('carrier', '02')).next as Order;
  assert.deepEqual([failed.status, failed.orderNumber, failed.numberBound], ['declined', 'N1', false]);
  const authorized = decided(failed, aNotice('carrier', '03', N2)).next as Order;
  assert.deepEqual([authorized.status, authorized.orderNumber, authorized.numberBound], ['authorized', 'N2', true]);
  assert.equal(authorized.failure, null);
});

test('card OK with another number than the stored one: contradiction, no move', () => {
  for (const status of ['paid', 'registered', 'cancelling', 'cancelled'] as Status[]) {
    const order = placed('card', status, status === 'registered' ? { amountYen: 0 } : {});
    const found = summary(order, aNotice('card', 'OK', { ...N2, amountYen: order.amountYen }));
    assert.deepEqual(found, ['contradiction', status, 'contradiction', 'N1'], status);
  }
  const declined = placed('card', 'declined', { orderNumber: 'N1' });
  assert.deepEqual(summary(declined, aNotice('card', 'OK', N2)), ['contradiction', 'declined', 'contradiction', 'N1']);
});

test('cvs 01 of a new number re-issues an order that waits or has expired', () => {
  const cvs = {
    store: 'lawson' as const,
    paymentNumbers: [{ label: 'a', value: '1' }],
    payBy: '2026-11-30',
    redirectUrl: 'https://pay.example/1',
  };
  const issued = { store: 'ministop' as const, paymentNumbers: [{ label: 'b', value: '2' }], payBy: '2026-12-31' };
  for (const status of ['awaiting_customer', 'expired'] as const) {
    const { effect, next } = decided(placed('cvs', status, { cvs }), aNotice('cvs', '01', { ...N2, cvs: issued }));
    assert.deepEqual(
      [effect, next?.status, next?.attention, next?.orderNumber],
      ['moved', 'awaiting_customer', null, 'N2'],
    );
    assert.deepEqual(next?.earlierNumbers, ['N1']);
    assert.deepEqual(next?.cvs, { ...issued, redirectUrl: null });
  }
});

test('cvs 01 of another number is late in every other status', () => {
  for (const status of [
    'received',
    'paid',
    'reversed',
    'received_after_cancel',
    'paid_after_cancel',
    'reversed_after_cancel',
  ] as const) {
    assert.deepEqual(summary(placed('cvs', status), aNotice('cvs', '01', N2)), ['late', status, null, 'N1'], status);
  }
});

test('cvs 01 of a number that a re-issue replaced does not bind it again', () => {
  const order = placed('cvs', 'awaiting_customer', { orderNumber: 'N2', earlierNumbers: ['N1'] });
  assert.deepEqual(summary(order, aNotice('cvs', '01')), ['late', 'awaiting_customer', null, 'N2']);
});

test('cvs 11 to 13 of an earlier number only raise money_after_cancel', () => {
  const order = placed('cvs', 'awaiting_customer', { orderNumber: 'N2', earlierNumbers: ['N1'] });
  for (const called of ['11', '12', '13']) {
    assert.deepEqual(
      summary(order, aNotice('cvs', called)),
      ['other_payment', 'awaiting_customer', 'money_after_cancel', 'N2'],
      called,
    );
  }
});

test('cvs 03 to 06 of a number other than the bound one: contradiction, no move', () => {
  for (const status of statusesOf.cvs.filter(status => placed('cvs', status).numberBound && status !== 'cancelled')) {
    for (const called of ['03', '04', '05', '06']) {
      assert.deepEqual(
        summary(placed('cvs', status), aNotice('cvs', called, N2)),
        ['contradiction', status, 'contradiction', 'N1'],
        `${called} in ${status}`,
      );
    }
  }
});

test("after an operator's cancel, cash means what it means after a re-issue", () => {
  const cancelled = placed('cvs', 'cancelled', { cancelledByOperator: true });
  const expected = [
    ['04', 'received_after_cancel', 'money_after_cancel'],
    ['05', 'paid_after_cancel', 'money_after_cancel'],
    ['06', 'reversed_after_cancel', null],
  ];
  for (const [called = '', to, attention] of expected) {
    assert.deepEqual(summary(cancelled, aNotice('cvs', called ?? '')), ['moved', to, attention, 'N1'], called ?? '');
  }
  const received = decided(cancelled, aNotice('cvs', '04')).next as Order;
  assert.deepEqual(summary(received, aNotice('cvs', '05')).slice(0, 2), ['moved', 'paid_after_cancel']);
  const paid = decided(received, aNotice('cvs', '05')).next as Order;
  assert.deepEqual(summary(paid, aNotice('cvs', '06', { code: 'X' })).slice(0, 2), [
    'contradiction',
    'paid_after_cancel',
  ]);
});

test("after an operator's cancel a late payment number or expiry changes nothing", () => {
  const cancelled = placed('cvs', 'cancelled', { cancelledByOperator: true });
  for (const called of ['01', '03'])
    assert.deepEqual(summary(cancelled, aNotice('cvs', called)).slice(0, 3), ['late', 'cancelled', null]);
  assert.deepEqual(summary(cancelled, aNotice('cvs', '02')).slice(0, 3), [
    'contradiction',
    'cancelled',
    'contradiction',
  ]);
});

test('an external order without an amount takes the first that a call names', () => {
  const external = placed('card', 'unknown', {
    operation: 'external',
    amountYen: 0,
    attention: { reason: 'unmatched', since: noonText },
  });
  const { next } = decided(external, aNotice('card', 'OK', { amountYen: 500 }));
  assert.deepEqual([next?.status, next?.amountYen, next?.attention?.reason], ['paid', 500, 'unmatched']);
  assert.equal(decided(next as Order, aNotice('card', 'OK', { amountYen: 600 })).effect, 'mismatch');
  assert.equal(decided(external, aNotice('card', 'OK', { amountYen: 0 })).next?.status, 'registered');
});
