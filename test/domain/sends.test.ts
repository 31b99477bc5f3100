/** Our own sends (contract 1.1 and 1.6): who began them, what each answer makes of them, and what a lost one leaves open. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { giveUp } from '../../shared/domain/changes.ts';
import { beginAgain } from '../../shared/domain/new-order.ts';
import type { Order, Send } from '../../shared/domain/order.ts';
import type { Outcome, Truth } from '../../shared/domain/outcome.ts';
import { beginSend, type Done, recordAnswer } from '../../shared/domain/sends.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import {
  aCallback,
  anOrder,
  answered,
  begun,
  caller,
  failureWith,
  lost,
  maintenance,
  noon,
  noonText,
  notSent,
  reasonsOf,
  refused,
  seconds,
  settlementOn,
  stale,
  statusOf,
  succeeded,
  usual,
  withCallbacks,
} from '../support/orders.ts';

const today = settlementOn('2026-11-20');
const opened = (order: Order): Send => summarize(order).open ?? assert.fail('nothing is open');
const attemptsIn = (order: Order): Send[] => order.steps.filter(step => step.kind === 'send');
const as = (truth: Truth): Outcome<Done> => ({
  kind: 'refused',
  failure: { ...failureWith('refused'), code: '42' },
  orderNumber: null,
  truth,
});
const lastOf = ({ history }: Order) => {
  const { source, event, code, note, actor } = history.at(-1) ?? assert.fail('no history');
  return { source, event, code, note, actor };
};

test('a further attempt takes the place of the one of which nothing happened, and has seen what was stored', () => {
  const order = withCallbacks(usual.card.not_processed(), [aCallback('card', 'NG')]);
  const again = beginAgain(order, { actor: 'shop' }, seconds(9));
  const [step, ...more] = attemptsIn(again);
  assert.deepEqual(more, []);
  assert.deepEqual(
    [step?.number, step?.operation, step?.at, step?.claim?.at, step?.answer],
    [order.version + 1, 'create', seconds(9).toISOString(), seconds(9).toISOString(), null],
  );
  assert.deepEqual(step?.seen, ['N1\tNG\t8000', 'answer 1 not_processed']);
  assert.deepEqual(lastOf(again), { source: 'api', event: 'token_charge', code: null, note: null, actor: 'shop' });
  assert.equal(statusOf(again), 'sending');
});

test('a send of our own schedule leaves no key and names no caller', () => {
  const begin = { operation: 'settle', orderNumber: 'N1', settlement: today } as const;
  const [bySchedule, byCaller] = [null, caller].map(by => beginSend(usual.carrier.authorized(), begin, by, noon));
  assert.ok(bySchedule && byCaller);
  assert.deepEqual([lastOf(bySchedule).source, lastOf(bySchedule).actor, bySchedule.keys], ['schedule', null, {}]);
  assert.deepEqual([lastOf(byCaller).source, lastOf(byCaller).actor], ['api', 'test']);
  assert.deepEqual(byCaller.keys, { key: { request: 'request', at: noonText, step: opened(byCaller).number } });
});

test('an answer that comes after its claim was given up counts; a second unknown adds nothing', () => {
  const sending = usual.card.sending();
  const sent = { step: opened(sending), bySchedule: false, testsAccepted: false };
  const given = giveUp(sending, seconds(120)) ?? assert.fail('not given up');
  const late = (outcome: Outcome<Done>) => recordAnswer(given, sent, outcome, seconds(130));
  assert.equal(late(lost), null);
  const outcomes = [succeeded({ orderNumber: 'N1' }), refused, notSent];
  assert.deepEqual(
    outcomes.map(outcome => {
      const next = late(outcome);
      return next && statusOf(next);
    }),
    ['paid', 'declined', 'not_processed'],
  );
});

test('where the claim was taken over, only what proves something is stored of the first answer', () => {
  const first = begun(usual.card.paid(), 'cancel');
  const again = beginSend(first, { operation: 'cancel', orderNumber: 'N1', settlement: null }, null, seconds(130));
  const sent = { step: opened(first), bySchedule: false, testsAccepted: false };
  for (const outcome of [refused, maintenance, lost]) assert.equal(recordAnswer(again, sent, outcome, noon), null);
  for (const outcome of [succeeded(), as('already_done')]) {
    assert.equal(statusOf(recordAnswer(again, sent, outcome, noon) ?? again), 'cancelled');
  }
  // The invocation that gave its claim back has nothing more to say.
  const open = answered(first, lost);
  for (const outcome of [refused, lost]) assert.equal(recordAnswer(open, sent, outcome, noon), null);
});

/** Operation, what was answered, with an earlier answer lost or not: the status then, its attention, the event. */
const answers: [
  operation: 'cancel' | 'settle' | 'return' | 'withdraw',
  outcome: Outcome<Done>,
  wasLost: boolean,
  status: string,
  attention: string[],
  event: string,
][] = [
  ['cancel', succeeded(), false, 'cancelled', [], 'cancel_done'],
  ['cancel', as('already_done'), false, 'cancelled', [], 'cancel_done'],
  ['cancel', refused, false, 'paid', [], 'cancel_refused'],
  ['cancel', maintenance, false, 'paid', [], 'cancel_not_processed'],
  ['cancel', lost, false, 'cancelling', ['outcome_unknown'], 'cancel_unknown'],
  ['cancel', as('proves_nothing'), true, 'cancelling', ['outcome_unknown'], 'cancel_unknown'],
  ['cancel', refused, true, 'cancelling', ['outcome_unknown'], 'cancel_unknown'],
  ['cancel', notSent, true, 'cancelling', ['outcome_unknown'], 'cancel_unknown'],
  ['settle', succeeded(), false, 'paid', [], 'settle_done'],
  ['settle', succeeded({ bookedOn: '2026-12-01' }), false, 'settle_scheduled', [], 'settle_booked'],
  ['settle', as('already_done'), false, 'paid', ['settled_elsewhere'], 'settle_done'],
  ['settle', as('already_done'), true, 'paid', [], 'settle_done'],
  ['settle', as('in_progress'), false, 'settling', ['outcome_unknown'], 'settle_unknown'],
  ['settle', as('cancelled'), false, 'cancelled', [], 'settle_cancelled'],
  ['settle', as('proves_nothing'), false, 'authorized', [], 'settle_refused'],
  ['settle', as('proves_nothing'), true, 'settling', ['outcome_unknown'], 'settle_unknown'],
  ['return', succeeded(), false, 'cancelled', [], 'return_done'],
  ['return', as('already_done'), true, 'cancelled', [], 'return_done'],
  ['return', as('in_progress'), false, 'cancelling', ['outcome_unknown'], 'return_unknown'],
  ['return', refused, false, 'authorized', [], 'return_refused'],
  ['withdraw', succeeded(), false, 'authorized', [], 'withdraw_done'],
  ['withdraw', refused, false, 'settle_scheduled', [], 'withdraw_refused'],
  ['withdraw', lost, false, 'settle_scheduled', ['outcome_unknown'], 'withdraw_unknown'],
];

const bookedAtGateway = () =>
  answered(
    begun(usual.carrier.authorized(), 'settle', settlementOn('2026-12-01', 'gateway')),
    succeeded({ bookedOn: '2026-12-01' }),
  );
const before = {
  cancel: usual.card.paid,
  settle: usual.carrier.authorized,
  return: usual.carrier.authorized,
  withdraw: bookedAtGateway,
};

for (const [operation, outcome, wasLost, status, attention, event] of answers) {
  const truth = outcome.kind === 'refused' && outcome.truth ? ` (${outcome.truth})` : '';
  test(`${operation}: ${outcome.kind}${truth}${wasLost ? ' after a lost answer' : ''} > ${status}, ${event}`, () => {
    const settlement = operation === 'settle' ? today : null;
    const first = begun(before[operation](), operation, settlement);
    const order = wasLost ? begun(answered(first, lost), operation, settlement, seconds(300)) : first;
    const next = answered(order, outcome, seconds(301));
    assert.deepEqual([statusOf(next), reasonsOf(next)], [status, attention]);
    assert.equal(lastOf(next).event, event);
    assert.equal(lastOf(next).source, 'gateway');
    const step = attemptsIn(next).at(-1);
    assert.deepEqual([step?.claim, step?.attempts], [null, wasLost ? 2 : 1]);
    if (!step?.answer) assert.deepEqual([step?.lost, step?.triedAt], [true, seconds(301).toISOString()]);
  });
}

test('a refusal keeps code and message in history; what was not processed its own', () => {
  const open = begun(usual.carrier.authorized(), 'settle', today);
  assert.deepEqual(lastOf(answered(open, as('proves_nothing'))), {
    source: 'gateway',
    event: 'settle_refused',
    code: '42',
    note: 'stored before',
    actor: null,
  });
  const { code, note } = lastOf(answered(open, maintenance));
  assert.deepEqual([code, note], [null, 'maintenance']);
  assert.equal(lastOf(answered(open, { ...maintenance, code: '7' } as Outcome<Done>)).code, '7');
  assert.equal(lastOf(answered(open, lost)).note, 'lost');
  const [step] = attemptsIn(answered(anOrder('card'), notSent));
  const failure = { ...failureWith('connection_failed'), message: 'no connection' };
  assert.deepEqual(step?.answer, { at: noonText, kind: 'not_processed', failure, orderNumber: null });
});

test('a settlement that our schedule sent and the gateway refused is noted with the code, once a day', () => {
  const order = begun(usual.carrier.settle_scheduled(), 'settle', today, seconds(60));
  const sent = { step: opened(order), bySchedule: true, testsAccepted: false };
  const next = recordAnswer(order, sent, as('proves_nothing'), seconds(61)) ?? assert.fail('not stored');
  assert.deepEqual(next.steps.at(-1), {
    kind: 'settlement_due',
    number: order.version + 1,
    at: order.updatedAt,
    seen: [],
    orderNumber: 'N1',
    day: '2026-11-20',
    code: '42',
  });
  const [raised] = summarize(next).attention;
  assert.deepEqual(raised, { reason: 'settlement_due', note: '2026-11-20, code 42' });
  for (const outcome of [maintenance, succeeded()]) {
    assert.equal(
      recordAnswer(order, sent, outcome, noon)?.steps.some(({ kind }) => kind === 'settlement_due'),
      false,
    );
  }
  const returning = begun(usual.carrier.settle_scheduled(), 'return', null, seconds(60));
  const returned = recordAnswer(returning, { ...sent, step: opened(returning) }, refused, noon);
  assert.equal(
    returned?.steps.some(({ kind }) => kind === 'settlement_due'),
    false,
  );
  const byCaller = recordAnswer(order, { ...sent, bySchedule: false }, refused, noon);
  assert.equal(
    byCaller?.steps.some(({ kind }) => kind === 'settlement_due'),
    false,
  );
});

test('the attempts of a send that was not processed are counted on; those of a refusal begin anew', () => {
  const settle = (order: Order, outcome: Outcome<Done>) => answered(begun(order, 'settle', today), outcome);
  const attempts = (order: Order) => attemptsIn(begun(order, 'settle', today)).at(-1)?.attempts;
  const once = settle(usual.carrier.authorized(), maintenance);
  assert.equal(attempts(once), 2);
  assert.equal(attempts(settle(once, maintenance)), 3);
  assert.equal(attempts(settle(once, refused)), 1);
  // Another day is another settlement.
  assert.equal(attemptsIn(begun(once, 'settle', settlementOn('2026-11-21'))).at(-1)?.attempts, 1);
});

test('a stale claim of an operation is no unknown order: it is repeated', () => {
  const order = begun(usual.card.paid(), 'cancel');
  assert.equal(stale(order, seconds(600)), order);
});
