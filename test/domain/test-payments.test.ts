/** Test payments, and callbacks that lack what a check needs, under their settings (contract 1.5 and 2): in every order of arrival. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addCallback, decide } from '../../shared/domain/changes.ts';
import { conflictingOrder } from '../../shared/domain/new-order.ts';
import type { Callback, Order } from '../../shared/domain/order.ts';
import { present } from '../../shared/domain/present.ts';
import { expiresAtSeconds } from '../../shared/domain/retention.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import { testRefused } from '../../shared/domain/test-payments.ts';
import type { Method } from '../../shared/domain/words.ts';
import { anOrder, answered, caller, noon, refused, settings, succeeded, usual } from '../support/orders.ts';
import { aCallback, anEmptyOrder, seenIn } from './random-orders.ts';
import { arrive, differenceOfReadings, permutations } from './readings.ts';

const number = '1-TEST-2';
const ofTest = (status: string, more: Partial<Callback> = {}) => aCallback(status, { orderNumber: number, ...more });

/** Status and attention, the same in every order of arrival, and as the second reading has them. */
function standing(order: Order, callbacks: Callback[]) {
  const found = new Set(
    permutations(callbacks).map(each => {
      const arrived = arrive(order, [...each, ...each], noon);
      assert.equal(differenceOfReadings(arrived), null);
      const { status, attention, failure, paid, test: isTest } = summarize(arrived);
      return JSON.stringify([status, attention.map(({ reason }) => reason), failure?.reason ?? null, paid, isTest]);
    }),
  );
  assert.equal(found.size, 1);
  return JSON.parse([...found][0] ?? '');
}

const refusedSuccesses: [method: Method, statuses: string[]][] = [
  ['card', ['OK']],
  ['carrier', ['03', '07']],
  ['cvs', ['01', '04', '05', '11', '12']],
];
for (const [method, statuses] of refusedSuccesses) {
  test(`${method}: a success under a test number is a refusal, whatever comes with it`, () => {
    const declined = ['declined', ['test_payment'], 'test_payment', null, false];
    for (const status of statuses) assert.deepEqual(standing(anEmptyOrder(method), [ofTest(status)]), declined, status);
    assert.deepEqual(
      standing(
        anEmptyOrder(method),
        statuses.map(status => ofTest(status)),
      ),
      declined,
    );
  });

  test(`${method}: accepted when it came in, or asked for as a test, it counts like any other, and the order is a test`, () => {
    for (const status of statuses) {
      const plain = standing(anEmptyOrder(method), [aCallback(status)]);
      const accepted = standing(anEmptyOrder(method), [ofTest(status, { testsAccepted: true })]);
      const asked = standing(anEmptyOrder(method, { test: true }), [ofTest(status)]);
      assert.deepEqual(accepted, [...plain.slice(0, 4), true], status);
      assert.deepEqual(asked, accepted, status);
    }
  });
}

test('one callback with a test ID at the end of the name makes its payment a test, and no other', () => {
  const named = aCallback('03', { testId: true });
  assert.deepEqual(standing(anEmptyOrder('carrier'), [named, aCallback('07')]).slice(0, 2), [
    'declined',
    ['test_payment'],
  ]);
  const other = aCallback('07', { orderNumber: 'B200' });
  const [status, attention, , paid] = standing(anEmptyOrder('carrier'), [named, other]);
  assert.deepEqual([status, attention, paid.amountYen], ['paid', ['test_payment'], 1000]);
});

test('the same callback with and without such a name are two, so that neither hides the other', () => {
  const both = [aCallback('07', { testId: true }), aCallback('07')];
  assert.deepEqual(standing(anEmptyOrder('carrier'), both).slice(0, 2), ['declined', ['test_payment']]);
});

for (const method of ['card', 'cvs'] as const) {
  test(`${method}: a successful response that names a test number`, () => {
    const success = answered(anOrder(method), succeeded({ orderNumber: number }));
    const { status, attention, failure, gatewayStatus } = summarize(success);
    assert.deepEqual(
      [status, attention.map(({ reason }) => reason), failure],
      ['declined', ['test_payment'], testRefused],
    );
    assert.equal(gatewayStatus, method === 'card' ? 'OK' : '01');
    assert.equal(success.history.at(-1)?.event, 'done');
  });
}

test('a refusal of the gateway itself is shown before that of a test', () => {
  const order = answered(anOrder('card'), refused);
  const failure = summarize(addCallback(order, { ...ofTest('OK'), amountYen: 8000 }, noon) ?? order).failure;
  assert.equal(failure?.reason, 'refused');
});

test("an operator's decision stands, and acknowledging ends the attention until another test comes", () => {
  const paid = decide(anOrder('cvs'), { outcome: 'paid', orderNumber: number, amountYen: null }, caller, 'x', noon);
  assert.equal(summarize(paid).status, 'paid');
  const order = arrive(anEmptyOrder('carrier'), [ofTest('03')], noon);
  const step = {
    kind: 'acknowledgement',
    number: 2,
    at: order.createdAt,
    seen: seenIn(order),
    reasons: ['test_payment'],
  } as const;
  const seen = { ...order, steps: [{ ...step, reasons: [...step.reasons] }] };
  assert.deepEqual(summarize(seen).attention, []);
  const again = addCallback(seen, ofTest('07'), noon);
  assert.deepEqual(again && summarize(again).attention.map(({ reason }) => reason), ['test_payment']);
});

test('the history of a refused test says why it does not count', () => {
  const order = addCallback(anEmptyOrder('carrier'), ofTest('07'), noon);
  const note = `not counted (test_payment): status 07 of order number ${number}`;
  assert.deepEqual(
    order?.history.map(entry => [entry.event, entry.to, entry.note]),
    [['carrier_07', 'declined', note]],
  );
  assert.equal(order && present(order, noon).test, false);
});

test('strict: a callback that lacks something does not count; amount and IP code each raise their own attention', () => {
  const rows: [lacks: Callback['lacks'], reasons: string[]][] = [
    [['amount'], ['amount_mismatch']],
    [['ipCode'], ['ip_code_mismatch']],
    [['orderNumber'], ['amount_mismatch']],
    [['name'], ['amount_mismatch']],
    [
      ['amount', 'ipCode'],
      ['amount_mismatch', 'ip_code_mismatch'],
    ],
  ];
  for (const [lacks, reasons] of rows) {
    const [status, attention] = standing(anEmptyOrder('carrier'), [aCallback('07', { lacks })]);
    assert.deepEqual([status, attention], ['awaiting_customer', reasons], lacks.join());
    const order = arrive(anEmptyOrder('carrier'), [aCallback('07', { lacks })], noon);
    assert.deepEqual(
      summarize(order).attention.map(({ note }) => note),
      reasons.map(() => 'absent'),
    );
    // The same callback, complete: it counts.
    const complete = [aCallback('07', { lacks }), aCallback('07')];
    assert.equal(standing(anEmptyOrder('carrier'), complete)[0], 'paid');
  }
});

test('a callback that contradicts itself is an order of its own: unknown, amount 0, one reason', () => {
  const order = conflictingOrder('conflict', 'cvs', 'twice with different values: status; sendpoint: A', noon);
  const { status, amount, operation, attention, history } = present(order, noon) as Record<string, unknown[]>;
  assert.deepEqual([status, amount, operation], ['unknown', 0, 'external']);
  assert.deepEqual(
    attention?.map(each => (each as { reason: string }).reason),
    ['conflicting_parameters'],
  );
  assert.deepEqual(history?.length, 1);
});

test('only a closed order without attention expires, so long after its last change', () => {
  const day = 86_400;
  const paid = usual.card.paid();
  assert.equal(expiresAtSeconds(paid, null), null);
  assert.equal(expiresAtSeconds(paid, 90), Math.floor(Date.parse(paid.updatedAt) / 1000) + 90 * day);
  const closed = Object.entries({ ...usual.card, ...usual.carrier, ...usual.cvs })
    .filter(([, make]) => expiresAtSeconds(make(), 90) !== null)
    .map(([status]) => status);
  assert.deepEqual(closed.toSorted(), [
    'cancelled',
    'declined',
    'expired',
    'not_processed',
    'paid',
    'registered',
    'reversed',
    'reversed_after_cancel',
    'settle_failed',
  ]);
  const contradicted = addCallback(paid, { ...aCallback('NG'), amountYen: 8000 }, noon);
  assert.equal(contradicted && expiresAtSeconds(contradicted, 90), null);
  const second = arrive(anEmptyOrder('carrier'), [aCallback('07'), aCallback('03', { orderNumber: 'B200' })], noon);
  assert.equal(expiresAtSeconds(second, 90), null);
  assert.deepEqual(settings, { testsAccepted: false, strictCallbacks: false });
});
