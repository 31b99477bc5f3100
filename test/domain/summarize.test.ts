/**
 * What facts add up to (contract 1.5): the table's rows and the stories of the contract in every order and with repeats,
 * then random orders against a second reading. `SEED=` repeats a run; `node test/domain/hunt.ts` shrinks what it finds.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { addCallback } from '../../shared/domain/changes.ts';
import type { Callback, Order, Send, Step } from '../../shared/domain/order.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import type { AttentionReason, Method, Status } from '../../shared/domain/words.ts';
import { aCallback, anEmptyOrder, randomOf, randomOrder, seenIn } from './random-orders.ts';
import {
  arrive,
  differenceOfArrivals,
  differenceOfReadings,
  firstReading,
  orderText,
  permutations,
} from './readings.ts';

const seed = Number(process.env.SEED ?? randomInt(1_000_000_000));
/** Fewer where the tests run often, under mutants. */
const casesPerMethod = Number(process.env.CASES ?? 3_000);
const at = '2026-11-20T03:04:05.678Z';
const now = new Date(at);
const failure = { reason: 'refused', code: null, parameter: null, message: 'refused', payerMessage: null } as const;
const done = {
  at,
  kind: 'done',
  orderNumber: null,
  bookedOn: null,
  elsewhere: false,
  testsAccepted: false,
  cvs: null,
} as const;

const aSend = (operation: Send['operation'], answer: Send['answer'], more: Partial<Send> = {}): Send => ({
  kind: 'send',
  number: operation === 'create' ? 1 : 2,
  at,
  seen: [],
  operation,
  orderNumber: operation === 'create' ? null : 'A100',
  settlement: operation === 'settle' ? { on: '2026-11-20', amountYen: null, by: 'schedule' } : null,
  claim: null,
  attempts: 1,
  triedAt: null,
  lost: false,
  answer,
  ...more,
});

/** What is not a callback, by the words of the rows below. */
const steps: Record<string, Step> = {
  success: aSend('create', { ...done, orderNumber: 'A100' }),
  refusal: aSend('create', { at, kind: 'refused', failure, orderNumber: 'A100' }),
  'refusal without a number': aSend('create', { at, kind: 'refused', failure, orderNumber: null }),
  'not processed': aSend('create', { at, kind: 'not_processed', failure, orderNumber: null }),
  lost: aSend('create', { at, kind: 'unknown' }),
  open: aSend('create', null),
  'cancel done': aSend('cancel', done),
  'cancel done before': aSend('cancel', { ...done, elsewhere: true }),
  'cancel open': aSend('cancel', null),
  'return done': aSend('return', done),
  'return open': aSend('return', null),
  'return lost': aSend('return', null, { lost: true }),
  'settlement done': aSend('settle', done),
  'settlement done elsewhere': aSend('settle', { ...done, elsewhere: true }),
  'settlement open': aSend('settle', null),
  'settlement lost': aSend('settle', null, { lost: true }),
  'settlement says cancelled': aSend('settle', { at, kind: 'cancelled' }),
  'settlement refused': aSend('settle', { at, kind: 'refused', failure, orderNumber: null }),
  'booked at the gateway': aSend('settle', { ...done, bookedOn: '2026-12-01' }),
  'withdrawal done': aSend('withdraw', done, { number: 3 }),
  'withdrawal open': aSend('withdraw', null, { number: 3 }),
  booked: {
    kind: 'booking',
    number: 2,
    at,
    seen: [],
    orderNumber: 'A100',
    settlement: { on: '2026-12-01', amountYen: null, by: 'schedule' },
  },
  'booking ended': {
    kind: 'booking_ended',
    number: 3,
    at,
    seen: [],
    orderNumber: 'A100',
    day: '2026-12-01',
    code: null,
  },
  'settlement due': {
    kind: 'settlement_due',
    number: 3,
    at,
    seen: [],
    orderNumber: 'A100',
    day: '2026-12-01',
    code: null,
  },
};

type Row = [facts: string, status: Status, attention: AttentionReason[], more?: Partial<Order>];

const zero = { amountYen: 0 };
const rows: Record<Method, Row[]> = {
  card: [
    ['open', 'sending', []],
    ['lost', 'unknown', ['outcome_unknown']],
    ['not processed', 'not_processed', []],
    ['refusal', 'declined', []],
    ['success', 'paid', []],
    ['success', 'registered', [], zero],
    ['open, OK', 'paid', []],
    ['open, NG', 'declined', []],
    ['lost, OK', 'paid', []],
    ['lost, NG', 'declined', []],
    ['success, OK', 'paid', []],
    ['success, NG', 'paid', ['contradiction']],
    ['lost, OK, NG', 'paid', ['contradiction']],
    ['lost, OK, NG of B200', 'paid', ['contradiction']],
    ['lost, OK, OK of B200', 'paid', ['contradiction']],
    ['refusal, OK', 'paid', ['contradiction']],
    ['not processed, OK', 'paid', ['contradiction']],
    ['not processed, NG', 'declined', []],
    ['success, cancel open', 'cancelling', []],
    ['success, cancel done', 'cancelled', []],
    ['success, cancel done before', 'cancelled', []],
    ['success, OK, NG, cancel done', 'cancelled', []],
    ['lost, XX', 'unknown', ['outcome_unknown', 'unlisted_status']],
    ['lost, OK at 999', 'unknown', ['amount_mismatch', 'outcome_unknown']],
  ],
  carrier: [
    ['', 'awaiting_customer', []],
    ['02', 'declined', []],
    ['03', 'authorized', []],
    ['02, 03', 'authorized', []],
    ['03, 06', 'settle_failed', []],
    ['03, settlement open', 'settling', []],
    ['03, settlement lost', 'settling', ['outcome_unknown']],
    ['03, settlement lost, 07', 'paid', []],
    ['03, settlement lost, 06', 'settle_failed', []],
    ['03, settlement refused', 'authorized', []],
    ['03, settlement done', 'paid', []],
    ['03, settlement done, 07', 'paid', []],
    ['03, settlement done, 06', 'paid', ['contradiction']],
    ['03, settlement done elsewhere', 'paid', ['settled_elsewhere']],
    ['03, settlement says cancelled', 'cancelled', []],
    ['03, 07', 'paid', []],
    ['03, 07 at 600', 'paid', ['settled_elsewhere']],
    ['07 at 600', 'awaiting_customer', ['amount_mismatch']],
    ['03, 07 at 600', 'authorized', ['amount_mismatch'], { carrier: { type: 'softbank' } }],
    ['03, 03 of B200', 'authorized', ['duplicate_payment']],
    ['03, booked', 'settle_scheduled', []],
    ['03, booked, booking ended', 'authorized', []],
    ['03, booked, withdrawal done', 'authorized', []],
    ['03, booked, settlement due', 'settle_scheduled', ['settlement_due']],
    ['03, booked at the gateway', 'settle_scheduled', []],
    ['03, booked at the gateway, withdrawal open', 'settle_scheduled', []],
    ['03, booked at the gateway, withdrawal done', 'authorized', []],
    ['03, booked at the gateway, 07', 'paid', []],
    ['03, booked at the gateway, 06', 'settle_failed', []],
    ['03, settlement due', 'authorized', ['settlement_due']],
    ['03, 08', 'cancelled', []],
    ['03, return open', 'cancelling', []],
    ['03, return lost', 'cancelling', ['outcome_unknown']],
    ['03, return lost, 08', 'cancelled', []],
    ['03, return lost, 09', 'paid', ['cancel_failed']],
    ['03, return done', 'cancelled', []],
    ['03, return done, 07', 'cancelled', []],
    ['03, return done, 09', 'paid', ['cancel_failed', 'contradiction']],
    ['03, 08, 09', 'cancelled', []],
    ['03, 99', 'authorized', ['unlisted_status']],
    ['03, settlement due, booked', 'settle_scheduled', ['settlement_due']],
    ['03, settlement due, settlement open', 'settling', ['settlement_due']],
    ['03, settlement due, return open', 'cancelling', ['settlement_due']],
    ['03, settlement due, settlement done', 'paid', []],
    ['03, settlement lost, 08', 'cancelled', []],
    ['03, settlement lost, 09', 'paid', ['cancel_failed']],
    ['03, booked at the gateway, withdrawal open, 06', 'settle_failed', []],
    ['03, booked at the gateway, withdrawal open, 07', 'paid', []],
    ['03, booked at the gateway, withdrawal open, 08', 'cancelled', []],
    ['03, booked at the gateway, withdrawal open, 09', 'paid', ['cancel_failed']],
    ['03, return lost, 07', 'cancelling', ['outcome_unknown']],
  ],
  cvs: [
    ['open', 'sending', []],
    ['lost', 'unknown', ['outcome_unknown']],
    ['not processed', 'not_processed', []],
    ['refusal', 'declined', []],
    ['success', 'awaiting_customer', []],
    ['lost, 01', 'awaiting_customer', []],
    ['lost, 02', 'declined', []],
    ['success, 02', 'awaiting_customer', ['contradiction']],
    ['success, 03', 'expired', []],
    ['success, 03, 04', 'received', []],
    ['success, 04', 'received', []],
    ['success, 04, 06', 'reversed', []],
    ['success, 04, 05', 'paid', []],
    ['success, 05, 06', 'paid', []],
    ['success, 11', 'received_after_cancel', ['money_after_cancel']],
    ['success, 05, 11', 'received_after_cancel', ['money_after_cancel']],
    ['success, 11, 13', 'reversed_after_cancel', []],
    ['success, 11, 12', 'paid_after_cancel', ['money_after_cancel']],
    ['success, 12, 13', 'paid_after_cancel', ['contradiction', 'money_after_cancel']],
    ['success, 01 of B200', 'awaiting_customer', []],
    ['refusal without a number, 01', 'awaiting_customer', ['contradiction']],
    ['success, 04, 05 of B200', 'paid', ['duplicate_payment']],
    ['success, 99', 'awaiting_customer', ['unlisted_status']],
    ['success, 05 at 999', 'awaiting_customer', ['amount_mismatch']],
  ],
};

/** "05 of B200" or "07 at 600". */
function callbackOf(text: string, amountYen: number): Callback {
  const [status = '', , word] = text.split(' ');
  return aCallback(status, {
    orderNumber: text.includes(' of ') ? (word ?? null) : 'A100',
    amountYen: text.includes(' at ') ? Number(word) : amountYen,
  });
}

function orderOf(method: Method, text: string, more: Partial<Order> = {}): Order {
  const order = anEmptyOrder(method, more);
  for (const words of text.split(', ').filter(Boolean)) {
    const step = steps[words];
    if (step) order.steps.push(step);
    else order.callbacks.push(callbackOf(words, order.amountYen));
  }
  return order;
}

/** In every order, and with the callbacks that came first coming again last. */
function everyArrival(order: Order): Order[] {
  return permutations(order.callbacks).flatMap(callbacks => [
    arrive(order, callbacks, now),
    arrive(order, [...callbacks, ...callbacks], now),
  ]);
}

function assertAlways(order: Order, expected: { status: Status; attention?: AttentionReason[] }): void {
  for (const arrived of everyArrival(order)) {
    const { status, attention } = firstReading(arrived);
    assert.deepEqual({ status, ...(expected.attention && { attention }) }, expected, orderText(arrived));
  }
  assert.equal(differenceOfReadings(order), null, orderText(order));
}

for (const [method, table] of Object.entries(rows) as [Method, Row[]][]) {
  for (const [facts, status, attention, more] of table)
    test(`${method}: ${facts || 'nothing'} > ${status}${attention.map(reason => ` ! ${reason}`).join('')}`, () =>
      assertAlways(orderOf(method, facts, more), { status, attention }));
}

test('a store order issued again ends paid, in all 120 orders of arrival', () => {
  const order = orderOf('cvs', 'success, 01 of B200, 04 of B200, 05 of B200, 11, 13');
  assert.equal(everyArrival(order).length, 240);
  assertAlways(order, { status: 'paid', attention: [] });
});

test('a returned order stays cancelled when an 09 is sent again', () => {
  const order = orderOf('carrier', '03, 09, 08');
  assertAlways(order, { status: 'cancelled', attention: [] });
  assert.equal(addCallback(order, aCallback('09'), now), null);
});

const decided = (order: Order, more: Partial<Step>): Order => ({
  ...order,
  steps: [
    ...order.steps,
    { kind: 'decision', number: 5, at, seen: seenIn(order), orderNumber: null, amountYen: null, ...more } as Step,
  ],
});
const acknowledged = (order: Order, reasons: AttentionReason[]): Order => ({
  ...order,
  steps: [...order.steps, { kind: 'acknowledgement', number: 6, at, seen: seenIn(order), reasons }],
});
const heard = (order: Order, ...texts: string[]): Order => ({
  ...order,
  callbacks: [...order.callbacks, ...texts.map(text => callbackOf(text, 1000))],
});

test('cash after an operator cancelled a store order is money after cancellation, of a later number too', () => {
  const order = decided(orderOf('cvs', 'success'), { outcome: 'cancelled', orderNumber: 'A100' });
  assertAlways(order, { status: 'cancelled', attention: [] });
  const attention: AttentionReason[] = ['contradiction', 'money_after_cancel'];
  assertAlways(heard(order, '04'), { status: 'received_after_cancel', attention });
  assertAlways(heard(order, '05 of B200'), { status: 'paid_after_cancel', attention });
});

test('money that came in after a payment was cancelled stays so when another payment is cancelled as well', () => {
  const first = heard(decided(orderOf('cvs', 'success'), { outcome: 'cancelled', orderNumber: 'A100' }), '05');
  const both = decided(first, { number: 6, outcome: 'cancelled', orderNumber: 'B200' });
  assertAlways(both, { status: 'paid_after_cancel' });
  assert.deepEqual(firstReading(both).returned, null);
});

test('the cancellation of another payment leaves an open settlement open; any other decision closes it', () => {
  const order = orderOf('carrier', '03, settlement lost, 03 of B200');
  const attention: AttentionReason[] = ['outcome_unknown'];
  assertAlways(decided(order, { outcome: 'cancelled', orderNumber: 'B200' }), { status: 'settling', attention });
  assertAlways(decided(order, { outcome: 'declined', orderNumber: 'B200' }), { status: 'authorized', attention: [] });
});

test('an NG that the newest attempt had seen when it began is not about it', () => {
  const order = orderOf('card', 'NG');
  const seen = seenIn(order);
  const unknown = { ...order, steps: [aSend('create', { at, kind: 'unknown' }, { seen })] };
  assertAlways(unknown, { status: 'unknown', attention: ['outcome_unknown'] });
  assertAlways({ ...order, steps: [aSend('create', null, { seen })] }, { status: 'sending', attention: [] });
});

test('a number that was cut off in an answer is the one that begins with it, unless it was heard itself', () => {
  const order = { ...anEmptyOrder('card'), steps: [aSend('create', { ...done, orderNumber: 'A10' })] };
  assert.equal(firstReading(heard(order, 'OK')).orderNumber, 'A100');
  assertAlways(heard(order, 'OK', 'OK of A10'), { status: 'paid', attention: ['contradiction'] });
  assertAlways(heard(order, 'OK', 'OK of A105'), { status: 'paid', attention: ['contradiction'] });
});

test('a decision about another number makes known that the newest attempt failed: an NG that it had seen counts', () => {
  const order = orderOf('card', 'NG');
  const attempt = aSend('create', { at, kind: 'unknown' }, { seen: seenIn(order) });
  const both = decided({ ...order, steps: [attempt] }, { outcome: 'declined', orderNumber: 'B200' });
  assertAlways(both, { status: 'declined', attention: [] });
  const declined = { status: 'declined', paid: null, returned: null } as const;
  assert.deepEqual(firstReading(both).others, [{ number: 'A100', ...declined }]);
});

test('the notes of attention name amounts, order numbers and what contradicts', () => {
  const noteOf = (order: Order, reason: AttentionReason) =>
    summarize(order).attention.find(each => each.reason === reason)?.note;
  assert.equal(
    noteOf(orderOf('carrier', '03, 07 at 600, 07 at 500'), 'settled_elsewhere'),
    'amount 500, 600: not asked for by us',
  );
  assert.equal(
    noteOf(orderOf('carrier', '03, settlement done elsewhere'), 'settled_elsewhere'),
    'amount not named: not asked for by us',
  );
  assert.equal(noteOf(orderOf('carrier', '03 of B200, 03'), 'duplicate_payment'), 'order numbers A100, B200');
  assert.equal(
    noteOf(orderOf('card', 'success, NG, OK of B200'), 'contradiction'),
    'paid, but also NG, OK under another number',
  );
  assert.equal(noteOf(orderOf('carrier', '03, settlement due'), 'settlement_due'), '2026-12-01');
  assert.equal(noteOf(orderOf('carrier', '03, 99'), 'unlisted_status'), 'status 99 of order number A100');
  assert.equal(
    noteOf(orderOf('cvs', 'success, 05 at 999'), 'amount_mismatch'),
    'status 05, amount 999 of order number A100',
  );
  const declined = decided(orderOf('carrier', '02'), { outcome: 'declined' });
  assert.equal(noteOf(heard(declined, '03'), 'contradiction'), 'decided declined, then authorized');
  const paid = decided(orderOf('carrier', '03'), { outcome: 'paid', orderNumber: 'A100', amountYen: 1000 });
  assert.equal(noteOf(heard(paid, '07 at 600'), 'contradiction'), 'decided paid, then 07 of 600');
  const cancelled = decided(orderOf('carrier', '03'), { outcome: 'cancelled', orderNumber: 'A100' });
  assert.equal(noteOf(heard(cancelled, '07'), 'contradiction'), 'decided cancelled, then 07 of 1000');
  const silent = { ...cancelled, callbacks: [...cancelled.callbacks, aCallback('07', { amountYen: null })] };
  assert.equal(noteOf(silent, 'contradiction'), 'decided cancelled, then 07');
  for (const [method, facts, note] of [
    ['card', 'refusal, OK', 'paid, but also a refusal'],
    ['card', 'not processed, OK', 'paid, but also not processed'],
    ['carrier', '03, return done, 09', 'paid, but also a return that succeeded'],
    ['cvs', 'success, 12, 13', 'paid_after_cancel, but also 13'],
  ] as const) {
    assert.equal(noteOf(orderOf(method, facts), 'contradiction'), note);
  }
});

test('a lower sale is right once an operator said that its payment is authorized, and only of that payment', () => {
  const order = decided(orderOf('carrier', ''), { outcome: 'authorized', orderNumber: 'A100' });
  assertAlways(heard(order, '07 at 600'), { status: 'paid', attention: ['settled_elsewhere'] });
  const ofOther = aCallback('07', { orderNumber: 'B200', amountYen: 600 });
  const other = { ...order, callbacks: [...order.callbacks, ofOther] };
  assertAlways(other, { status: 'authorized', attention: ['amount_mismatch'] });
});

test('a sale without an amount is of the amount that was booked at the gateway', () => {
  const order = orderOf('carrier', '03');
  const settlement = { on: '2026-12-01', amountYen: 600, by: 'gateway' } as const;
  order.steps.push(aSend('settle', { ...done, bookedOn: '2026-12-01' }, { settlement }));
  order.callbacks.push(aCallback('07', { amountYen: null }));
  assertAlways(order, { status: 'paid', attention: [] });
  assert.deepEqual(firstReading(order).paid, { amountYen: 600 });
});

test('a decision ends a booking', () => {
  const booked = orderOf('carrier', '03, booked at the gateway');
  assertAlways(decided(booked, { outcome: 'authorized', orderNumber: 'A100' }), {
    status: 'authorized',
    attention: [],
  });
});

test('of an external order a sale without an amount is of the amount that 03 named', () => {
  const order = orderOf('carrier', 'settlement lost', { operation: 'external', amountYen: 0 });
  order.callbacks.push(aCallback('03', { amountYen: 600 }), aCallback('07', { amountYen: null }));
  assertAlways(order, { status: 'paid', attention: ['unmatched'] });
  assert.deepEqual(firstReading(order).paid, { amountYen: 600 });
});

test('a charge shows the number that its answer named, whatever number a callback names', () => {
  const order = { ...anEmptyOrder('card'), steps: [aSend('create', { ...done, orderNumber: 'B200' })] };
  const { orderNumber, others } = firstReading(heard(order, 'OK', 'OK of B200'));
  assert.deepEqual([orderNumber, others.map(({ number }) => number)], ['B200', ['A100']]);
});

test('what an operator decided is left by a callback that the decision had not seen: contradiction', () => {
  const declined = decided(orderOf('carrier', '02'), { outcome: 'declined' });
  assertAlways(heard(declined, '03'), { status: 'authorized', attention: ['contradiction'] });
  const failed = decided(orderOf('carrier', '03, settlement lost'), { outcome: 'settle_failed', orderNumber: 'A100' });
  assertAlways(heard(failed, '07'), { status: 'paid', attention: ['contradiction'] });
  assertAlways(heard(failed, '08'), { status: 'cancelled', attention: ['contradiction'] });
  const cancelled = decided(orderOf('carrier', '03'), { outcome: 'cancelled', orderNumber: 'A100' });
  assertAlways(heard(cancelled, '07'), { status: 'cancelled', attention: ['contradiction'] });
  const expired = decided(orderOf('cvs', 'success'), { outcome: 'expired', orderNumber: 'A100' });
  assertAlways(heard(expired, '04'), { status: 'received', attention: ['contradiction'] });
});

test('among equals the step that made the order prefers no number: the lower one is shown', () => {
  const order = orderOf('cvs', 'open, 06 of B200, 13');
  order.callbacks.push(aCallback('13', { orderNumber: null }));
  assertAlways(order, { status: 'reversed_after_cancel' });
  assert.equal(firstReading(order).orderNumber, 'A100');
});

test('no cash that was heard after a cancellation counts as given back', () => {
  const order = orderOf('cvs', 'not processed, 01 of B200');
  const cancelled = decided(order, { outcome: 'cancelled', orderNumber: 'B200' });
  assertAlways(heard(cancelled, '04'), {
    status: 'received_after_cancel',
    attention: ['contradiction', 'money_after_cancel'],
  });
});

test('of two amounts that we asked for the higher one counts, in every order of arrival', () => {
  const refused = { at, kind: 'refused', failure, orderNumber: null } as const;
  const settlement = { on: '2026-11-20', amountYen: 600, by: 'schedule' } as const;
  const order = orderOf('carrier', '03, 07, 07 at 600');
  order.steps.push(aSend('settle', refused), aSend('settle', done, { number: 3, settlement }));
  assertAlways(order, { status: 'paid', attention: [] });
  for (const arrived of everyArrival(order)) assert.deepEqual(firstReading(arrived).paid, { amountYen: 1000 });
});

test('an external order believes no amount of a callback that does not count, and calls none known what none named', () => {
  const external = { operation: 'external', amountYen: 0 } as const;
  const order = orderOf('card', '', external);
  order.callbacks.push(aCallback('OK', { amountYen: 600 }), aCallback('OK', { amountYen: 50000, ipCode: 'other' }));
  assertAlways(order, { status: 'paid', attention: ['ip_code_mismatch', 'unmatched'] });
  assert.deepEqual(firstReading(order).paid, { amountYen: 600 });
  const silent = orderOf('card', '', external);
  silent.callbacks.push(aCallback('OK', { amountYen: null }));
  assertAlways(silent, { status: 'paid', attention: ['unmatched'] });
  assert.deepEqual(firstReading(silent).paid, { amountYen: null });
});

test('a reason comes back only by what the acknowledgement had not seen', () => {
  const order = acknowledged(orderOf('carrier', '03, 99, 03 of B200'), ['unlisted_status', 'duplicate_payment']);
  assertAlways(order, { status: 'authorized', attention: [] });
  assertAlways(heard(order, '07 of B200'), { status: 'paid', attention: [] });
  assertAlways(heard(order, '03 of C300', '98'), {
    status: 'authorized',
    attention: ['duplicate_payment', 'unlisted_status'],
  });
});

test('an amount that an operator said was paid is what goes back when the payment is cancelled', () => {
  const paid = decided(orderOf('carrier', '03, settlement lost'), {
    outcome: 'paid',
    orderNumber: 'A100',
    amountYen: 600,
  });
  const cancelled = decided(paid, { number: 6, outcome: 'cancelled', orderNumber: 'A100' });
  assertAlways(cancelled, { status: 'cancelled', attention: [] });
  assert.deepEqual(firstReading(cancelled).returned, { amountYen: 600 });
});

for (const [index, method] of (['card', 'carrier', 'cvs'] as const).entries()) {
  test(`${method}: ${casesPerMethod} random orders end equal however callbacks arrive, and as the second reading says (SEED=${seed})`, t => {
    t.diagnostic(`SEED=${seed}`);
    const random = randomOf(seed + index);
    for (let i = 0; i < casesPerMethod; i++) {
      const order = randomOrder(method, random);
      const difference = differenceOfReadings(order) ?? differenceOfArrivals(order, random);
      assert.equal(difference, null, `SEED=${seed}\n${orderText(order)}\n${JSON.stringify(difference, null, 1)}`);
    }
  });
}
