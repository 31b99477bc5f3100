/** Callbacks about a store order, in any order and more than once: what they come to is what the set of them says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from '../../shared/domain/changes.ts';
import type { Order } from '../../shared/domain/order.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import {
  afterOperatorsCancel,
  arrivals,
  attempts,
  calledStatuses,
  permutations,
  type Standing,
  standingOf,
} from '../support/cvs-contract.ts';
import { aCallback, caller, noon, reasonsOf, statusOf, told, usual, withCallbacks } from '../support/orders.ts';

const cash = ['01', '04', '05', '06'];
const found = (order: Order): Standing => ({ status: statusOf(order), reasons: reasonsOf(order).toSorted() });
const beginnings = Object.keys(attempts) as (keyof typeof attempts & keyof typeof usual.cvs)[];

test('the contract has nine statuses of a callback', () => {
  assert.deepEqual(calledStatuses.toSorted(), ['01', '02', '03', '04', '05', '06', '11', '12', '13']);
});

for (const beginning of beginnings) {
  test(`from ${beginning}: 01, 04, 05, 06, each up to twice, in every order`, () => {
    let ways = 0;
    for (const arrived of arrivals(cash, 2, 5)) {
      const order = told(usual.cvs[beginning](), ...arrived);
      assert.deepEqual(found(order), standingOf(beginning, arrived), arrived.join(' '));
      ways += 1;
    }
    assert.equal(ways, 4 + 16 + 60 + 204 + 600);
  });

  test(`from ${beginning}: up to four of all nine, in every order`, () => {
    for (const arrived of arrivals(calledStatuses, 1, 4)) {
      const order = told(usual.cvs[beginning](), ...arrived);
      assert.deepEqual(found(order), standingOf(beginning, arrived), arrived.join(' '));
    }
  });
}

test('every callback is in the history once, an equal one adds nothing', () => {
  for (const arrived of arrivals(cash, 2, 4)) {
    const order = told(usual.cvs.awaiting_customer(), ...arrived);
    const distinct = [...new Set(arrived)].map(status => `cvs_${status}`);
    const events = order.history.slice(2).map(({ event }) => event);
    assert.deepEqual([events, order.version], [distinct, 2 + distinct.length], arrived.join(' '));
  }
});

test('11, 12, 13 after each end that a number can have come to', () => {
  for (const before of [[], ['03'], ['04'], ['04', '05'], ['04', '06']]) {
    for (const arrived of arrivals(['11', '12', '13'], 2, 4)) {
      const order = told(usual.cvs.awaiting_customer(), ...before, ...arrived);
      const what = `${before.join(' ')}, then ${arrived.join(' ')}`;
      assert.deepEqual(found(order), standingOf('awaiting_customer', [...before, ...arrived]), what);
    }
  }
});

const cancelled = (order: Order) =>
  decide(order, { outcome: 'cancelled', orderNumber: 'N1', amountYen: null }, caller, 'cancelled', noon);

test('after an operator cancelled, 04, 05, 06 count as 11, 12, 13, in every order', () => {
  const order = cancelled(usual.cvs.awaiting_customer());
  for (const arrived of arrivals(['01', '03', '04', '05', '06', '12', '13'], 1, 4)) {
    const counted = arrived.map(status => afterOperatorsCancel[status] ?? status);
    const { status, reasons } = standingOf('awaiting_customer', ['cancelled', ...counted]);
    // The order left what was decided.
    const left = status === 'cancelled' || reasons.includes('contradiction') ? [] : ['contradiction'];
    assert.deepEqual(found(told(order, ...arrived)), { status, reasons: [...left, ...reasons] }, arrived.join(' '));
  }
});

test('what the decision had seen does not count as after it', () => {
  const order = cancelled(usual.cvs.received());
  assert.deepEqual(found(order), { status: 'cancelled', reasons: [] });
  assert.deepEqual(found(told(order, '04')), { status: 'cancelled', reasons: [] });
  assert.deepEqual(found(told(order, '05')), {
    status: 'paid_after_cancel',
    reasons: ['contradiction', 'money_after_cancel'],
  });
});

/** 01, 04, 05 of the number that was issued again; 11 and 13 of the old one, paid and taken back. */
const reissue = [
  ...['01', '04', '05'].map(status => aCallback('cvs', status, { orderNumber: 'N2' })),
  ...['11', '13'].map(status => aCallback('cvs', status, { orderNumber: 'N1' })),
];

for (const beginning of ['unknown', 'awaiting_customer'] as const) {
  test(`a store order issued again, from ${beginning}: all 120 orders of arrival end paid, with equal facts`, () => {
    const ends = permutations(reissue).map(arrived => withCallbacks(usual.cvs[beginning](), arrived));
    assert.equal(ends.length, 120);
    for (const order of ends) {
      const { status, attention, orderNumber, paid, returned, others } = summarize(order);
      assert.deepEqual(
        { status, attention, orderNumber, paid, returned, others: others.map(each => [each.number, each.status]) },
        {
          status: 'paid',
          attention: [],
          orderNumber: 'N2',
          paid: { amountYen: 8000, at: noon.toISOString() },
          returned: null,
          others: [['N1', 'reversed_after_cancel']],
        },
      );
    }
  });
}
