/** Contract 5: what is published of a change. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acknowledge, giveUp } from '../../shared/domain/changes.ts';
import type { Order } from '../../shared/domain/order.ts';
import { present } from '../../shared/domain/present.ts';
import { eventsOf, type OrderEvent } from '../../shared/orders/events.ts';
import {
  aCallback,
  anOrder,
  answered,
  begun,
  caller,
  lost,
  noon,
  notSent,
  seconds,
  succeeded,
  told,
  usual,
  withCallbacks,
} from '../support/orders.ts';

/** Type, from, to, reason. */
const toldOf = (before: Order | null, next: Order) =>
  eventsOf(before, next).map(({ type, detail: { from, to, reason } }) => [type, from, to, ...(reason ? [reason] : [])]);

const changed = (from: string | null, to: string) => ['order.status_changed', from, to];
const raised = (status: string, reason: string) => ['order.attention_raised', status, status, reason];
const cleared = (status: string, reason: string) => ['order.attention_cleared', status, status, reason];

const sending = anOrder('card');
const unknown = answered(sending, lost);
const paid = told(unknown, 'OK');
const { authorized, settle_scheduled } = usual.carrier;
const mismatched = told(paid, 'XX');
const both = withCallbacks(mismatched, [aCallback('card', 'OK', { amountYen: 1 })]);

const changes: [what: string, before: Order | null, next: Order, events: unknown[]][] = [
  ['a new order', null, sending, [changed(null, 'sending')]],
  ['a new order that is known to be paid', null, told(sending, 'OK'), [changed(null, 'paid')]],
  ['a status', authorized(), settle_scheduled(), [changed('authorized', 'settle_scheduled')]],
  ['a lost answer', sending, unknown, [changed('sending', 'unknown'), raised('unknown', 'outcome_unknown')]],
  ['its outcome', unknown, paid, [changed('unknown', 'paid'), cleared('paid', 'outcome_unknown')]],
  ['a reason raised', paid, mismatched, [raised('paid', 'unlisted_status')]],
  ['a second reason: one event for it alone', mismatched, both, [raised('paid', 'amount_mismatch')]],
  [
    'two reasons at once',
    unknown,
    withCallbacks(unknown, [aCallback('card', 'OK'), aCallback('card', 'NG'), aCallback('card', 'XX')]),
    [
      changed('unknown', 'paid'),
      raised('paid', 'contradiction'),
      raised('paid', 'unlisted_status'),
      cleared('paid', 'outcome_unknown'),
    ],
  ],
  [
    'an acknowledgement of one of two',
    both,
    acknowledge(both, ['unlisted_status'], caller, 'seen', noon),
    [cleared('paid', 'unlisted_status')],
  ],
  [
    'an acknowledgement of both',
    both,
    acknowledge(both, ['unlisted_status', 'amount_mismatch'], caller, 'seen', noon),
    [cleared('paid', 'amount_mismatch'), cleared('paid', 'unlisted_status')],
  ],
  ['another callback for a reason that stands', mismatched, told(mismatched, 'YY'), []],
  ['another history entry', paid, withCallbacks(paid, [aCallback('card', 'OK', { amountYen: null })]), []],
];
for (const [what, before, next, events] of changes) {
  test(`${what}: ${events.length === 0 ? 'nothing' : `${events.length} events`}`, () => {
    assert.deepEqual(toldOf(before, next), events);
  });
}

test('an event carries the order as it was after the change, without history and actors, and says when', () => {
  const next = answered(anOrder('card'), succeeded({ orderNumber: 'N1' }), seconds(60));
  const events = eventsOf(sending, next);
  const { history, ...order } = present(next, seconds(60));
  assert.match(JSON.stringify(history), /"actor":"test"/);
  const { eventId } = (events[0] as OrderEvent).detail;
  assert.deepEqual(events, [
    {
      type: 'order.status_changed',
      orderId: next.orderId,
      at: seconds(60),
      detail: { eventId, order, from: 'sending', to: 'paid' },
    },
  ]);
  assert.doesNotMatch(JSON.stringify(events), /history|actor|:"test"/);
});

test('nothing of our own bookkeeping is told', () => {
  const claimed = begun(usual.card.paid(), 'cancel');
  const claim = claimed.steps.find(step => step.kind === 'send' && step.operation === 'cancel');
  assert.ok(claim?.kind === 'send' && claim.claim);
  const said = JSON.stringify(eventsOf(null, claimed));
  for (const name of ['keys', 'steps', 'callbacks', 'claim', '"request"', claim.claim.id]) {
    assert.ok(!said.includes(name), name);
  }
});

test('the eventId of a change is equal when it is told twice; no other event of any order has it', () => {
  const other = anOrder('card', { orderId: 'another'.padEnd(32, '0') });
  const two = withCallbacks(unknown, [aCallback('card', 'OK'), aCallback('card', 'NG'), aCallback('card', 'XX')]);
  const tell = () =>
    [
      ...eventsOf(null, sending),
      ...eventsOf(sending, unknown),
      ...eventsOf(unknown, two),
      ...eventsOf(two, acknowledge(two, ['contradiction', 'unlisted_status'], caller, 'seen', noon)),
      ...eventsOf(null, other),
    ].map(({ detail }) => detail.eventId);
  assert.deepEqual(tell(), tell());
  assert.equal(tell().length, 1 + 2 + 4 + 2 + 1);
  assert.equal(new Set(tell()).size, tell().length);
});

test('the version grows with every change of the order', () => {
  const walk = [
    sending,
    answered(sending, notSent),
    unknown,
    paid,
    mismatched,
    acknowledge(mismatched, ['unlisted_status'], caller, 'seen', noon),
  ];
  assert.deepEqual(
    walk.map(order => eventsOf(null, order)[0]?.detail.order.version),
    [1, 2, 2, 3, 4, 5],
  );
});

test('a claim that was stale when something else was stored is told as unknown, and not told again', () => {
  const late = seconds(200);
  const noted = withCallbacks(sending, [aCallback('card', 'XX')], late);
  assert.deepEqual(toldOf(sending, noted), [
    changed('sending', 'unknown'),
    raised('unknown', 'outcome_unknown'),
    raised('unknown', 'unlisted_status'),
  ]);
  for (const { detail } of eventsOf(sending, noted)) assert.equal(detail.order.status, detail.to);
  assert.deepEqual(toldOf(noted, giveUp(noted, late) as Order), []);
});

test('what is no order cannot be told', () => {
  assert.throws(() => eventsOf(null, { ...sending, updatedAt: 'yesterday' }));
  const { history: _, ...withoutFacts } = sending;
  assert.throws(() => eventsOf(null, { orderId: withoutFacts.orderId } as Order));
});
