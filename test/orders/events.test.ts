import assert from 'node:assert/strict';
import { test } from 'node:test';
import { after, type Order, present } from '../../shared/domain/order.ts';
import { change } from '../../shared/orders/change.ts';
import { eventsOf } from '../../shared/orders/events.ts';
import { noon, noonText, placed } from '../support/orders.ts';

const minuteLater = new Date(noon.getTime() + 60_000);

/** Type, from, to. */
const told = (before: Order | null, next: Order) =>
  eventsOf(before, next).map(({ type, detail }) => [type, detail.from, detail.to]);

const unknown = placed('card', 'unknown');
const paid = placed('card', 'paid');
const contradicted = { ...paid, attention: { reason: 'contradiction', since: noonText } } as const;
const authorized = placed('carrier', 'authorized');
const booked = placed('carrier', 'settle_scheduled');

const changes: [what: string, before: Order | null, next: Order, events: ReturnType<typeof told>][] = [
  ['a new order', null, placed('card', 'sending'), [['order.status_changed', null, 'sending']]],
  [
    'a new order that needs a person',
    null,
    unknown,
    [
      ['order.status_changed', null, 'unknown'],
      ['order.attention_raised', 'unknown', 'unknown'],
    ],
  ],
  ['a move', authorized, booked, [['order.status_changed', 'authorized', 'settle_scheduled']]],
  ['attention raised', paid, contradicted, [['order.attention_raised', 'paid', 'paid']]],
  ['attention cleared', contradicted, paid, [['order.attention_cleared', 'paid', 'paid']]],
  [
    'the outcome of an unknown order',
    unknown,
    paid,
    [
      ['order.status_changed', 'unknown', 'paid'],
      ['order.attention_cleared', 'paid', 'paid'],
    ],
  ],
  [
    'an outcome that contradicts',
    unknown,
    contradicted,
    [
      ['order.status_changed', 'unknown', 'paid'],
      ['order.attention_raised', 'paid', 'paid'],
    ],
  ],
  ['another note', paid, change(paid, { at: minuteLater, source: 'callback', event: 'card_ok' }), []],
  ['a later reason, which goes to history', contradicted, raise(contradicted, 'amount_mismatch'), []],
];
for (const [what, before, next, events] of changes) {
  test(`${what}: ${events.map(([type]) => type).join(' and ') || 'nothing to tell'}`, () => {
    assert.deepEqual(told(before, next), events);
  });
}

test('an event carries the order as it was after the change, and says when that was', () => {
  const next = change(placed('card', 'sending'), { at: minuteLater, source: 'gateway', event: 'done', to: 'paid' });
  const [event, ...others] = eventsOf(placed('card', 'sending'), next);
  assert.equal(others.length, 0);
  assert.deepEqual(event?.detail.order, present(next, minuteLater));
  assert.equal(event.orderId, next.orderId);
  assert.deepEqual(event.at, minuteLater);
});

test('an event told twice has one id; no other event of any order has it', () => {
  const first = placed('card', 'sending');
  const second = change(first, {
    at: minuteLater,
    source: 'gateway',
    event: 'lost',
    to: 'unknown',
    attention: 'outcome_unknown',
  });
  const third = change(second, { at: minuteLater, source: 'callback', event: 'card_ok', to: 'paid' });
  const stranger = placed('card', 'sending', { orderId: 'another'.padEnd(32, '0') });
  const tell = () =>
    [...eventsOf(null, first), ...eventsOf(first, second), ...eventsOf(second, third), ...eventsOf(null, stranger)].map(
      ({ detail }) => detail.eventId,
    );
  assert.deepEqual(tell(), tell());
  assert.equal(tell().length, 6);
  assert.equal(new Set(tell()).size, 6);
});

test('a claim that had gone stale when something else was stored is told as unknown, and not told again', () => {
  const sending = placed('card', 'sending');
  const late = new Date(after(noon, 200));
  const noted = change(sending, { at: late, source: 'callback', event: 'card_ok' });
  assert.equal(noted.status, 'sending');
  assert.deepEqual(told(sending, noted), [
    ['order.status_changed', 'sending', 'unknown'],
    ['order.attention_raised', 'unknown', 'unknown'],
  ]);
  for (const { detail } of eventsOf(sending, noted)) assert.equal(detail.order.status, detail.to);
  const stored = change(noted, {
    at: late,
    source: 'schedule',
    event: 'stale',
    to: 'unknown',
    attention: 'outcome_unknown',
  });
  assert.deepEqual(told(noted, stored), []);
});

test('nothing of our own bookkeeping is told', () => {
  const claimed = placed('carrier', 'settling', {
    claim: { id: 'the claim', at: noonText },
    keys: { 'the key': { request: 'the request', at: noonText, done: false } },
    seen: ['the digest'],
    request: 'the first request',
  });
  const [event] = eventsOf(null, claimed);
  assert.deepEqual(Object.keys(event?.detail.order ?? {}).sort(), [
    'amount',
    'attention',
    'carrier',
    'createdAt',
    'currency',
    'failure',
    'gateway',
    'history',
    'method',
    'operation',
    'orderId',
    'reference',
    'status',
    'test',
    'updatedAt',
  ]);
  assert.doesNotMatch(JSON.stringify(event), /the (claim|key|request|digest|first)/);
});

test('what is no order cannot be told', () => {
  const { history: _, ...withoutHistory } = placed('card', 'sending');
  assert.throws(() => eventsOf(null, withoutHistory as Order));
  assert.throws(() => eventsOf(null, placed('card', 'sending', { updatedAt: 'yesterday' })));
});

function raise(order: Order, attention: 'amount_mismatch'): Order {
  return change(order, { at: minuteLater, source: 'callback', event: 'card_ok', attention });
}
