/** What the pages say of an order's money and let an operator decide. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from '../../../local/shop/order-shape.ts';

Object.defineProperty(globalThis, 'localStorage', { value: { getItem: () => 'en' } });
const { nextFor, titleFor } = await import('../../../local/shop/instructions.ts');
const { actionsOf } = await import('../../../local/shop/actions.ts');

const at = '2026-11-20T03:00:00.000Z';
const money = (amount: number | null) => ({ amount, at });
const reason = (name: string) => ({ reason: name, since: at, note: null });

const anOrder = (status: string, more: Partial<Order> = {}): Order => ({
  orderId: 'o'.repeat(32),
  method: 'carrier',
  operation: 'carrier_order',
  status,
  amount: 8000,
  reference: null,
  test: false,
  failure: null,
  attention: [],
  paid: null,
  returned: null,
  otherPayments: [],
  gateway: { orderNumber: 'N1', status: null },
  carrier: { type: 'docomo', settlement: null, settleBy: null },
  createdAt: at,
  updatedAt: at,
  version: 1,
  history: [],
  ...more,
});

const told: [what: string, order: Order, title: string, next: string][] = [
  [
    'waiting for the carrier',
    anOrder('awaiting_customer'),
    'Please finish on your carrier’s pages',
    'This page shows the result once you are done.',
  ],
  [
    'waiting for the issuer',
    anOrder('awaiting_customer', { method: 'card' }),
    'The authentication has not finished',
    'Please do not pay again. This page will tell you what your card’s issuer says.',
  ],
  [
    'returned',
    anOrder('cancelled', { paid: money(7000), returned: money(7000) }),
    'The payment has been cancelled',
    'You paid ¥7,000; ¥7,000 has been returned.',
  ],
  [
    'returned, amount not named',
    anOrder('cancelled', { paid: money(null), returned: money(null) }),
    'The payment has been cancelled',
    'What you paid has been returned.',
  ],
  ['released', anOrder('cancelled'), 'The payment has been cancelled', 'You have not been charged.'],
  [
    'being returned',
    anOrder('cancelling', { paid: money(8000) }),
    'The payment is being cancelled',
    'We are returning the ¥8,000 that you paid.',
  ],
  [
    'taken back at the store',
    anOrder('reversed', { paid: money(8000), returned: money(8000) }),
    'The payment has been cancelled',
    'You paid ¥8,000; ¥8,000 has been returned.',
  ],
  [
    'return failed',
    anOrder('paid', { paid: money(8000), attention: [reason('cancel_failed')] }),
    'We will get in touch',
    'There is something to clear up about your payment.',
  ],
];

for (const [what, order, title, next] of told) {
  test(`the payer reads of an order that is ${what}`, () => {
    assert.deepEqual([titleFor(order), nextFor(order)], [title, next]);
  });
}

const choicesOf = (order: Order): string[] | undefined =>
  actionsOf(order)
    .find(({ id }) => id === 'resolve')
    ?.fields[0]?.options?.map(([value]) => value);

const decisions: [what: string, order: Order, choices: string[] | undefined][] = [
  [
    'a settlement is open',
    anOrder('settling', { attention: [reason('outcome_unknown')] }),
    ['', 'authorized', 'paid', 'settle_failed', 'declined', 'cancelled'],
  ],
  [
    'a card charge is unknown, and a callback named another amount',
    anOrder('unknown', { method: 'card', attention: [reason('outcome_unknown'), reason('amount_mismatch')] }),
    ['', 'paid', 'declined', 'cancelled', 'acknowledged'],
  ],
  [
    'a paid order has a second payment',
    anOrder('paid', { attention: [reason('duplicate_payment')] }),
    ['', 'cancelled', 'acknowledged'],
  ],
  ['nothing is open', anOrder('paid'), undefined],
];

for (const [what, order, choices] of decisions) {
  test(`nothing is chosen beforehand when ${what}`, () => {
    assert.deepEqual(choicesOf(order), choices);
  });
}

test('another payment of the order can be returned, by its number', () => {
  const otherPayments = [{ orderNumber: 'N2', status: 'authorized', paid: null, returned: null }];
  const actions = actionsOf(anOrder('paid', { otherPayments }));
  assert.deepEqual(
    actions.map(({ id, body }) => [id, body]),
    [
      ['return', undefined],
      ['return-N2', { gatewayOrderNumber: 'N2' }],
    ],
  );
});
