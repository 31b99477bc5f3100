/** Every change of an order is its next version: pure, one version on, with its entry in history. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  acknowledge,
  addCallback,
  asOf,
  book,
  decide,
  giveUp,
  noteDue,
  withdrawBooking,
} from '../../shared/domain/changes.ts';
import { beginAgain, newOrder } from '../../shared/domain/new-order.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { Caller } from '../../shared/domain/revise.ts';
import { beginSend, recordAnswer } from '../../shared/domain/sends.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import {
  aCallback,
  anOrder,
  answered,
  begun,
  caller,
  draftOf,
  idOf,
  lost,
  noon,
  noonText,
  otherKey,
  reasonsOf,
  refused,
  seconds,
  settlementOn,
  statusOf,
  succeeded,
  usual,
} from '../support/orders.ts';

const opened = (order: Order) => summarize(order).open ?? assert.fail('nothing is open');
const record = (order: Order, at: Date): Order | null =>
  recordAnswer(
    order,
    { step: opened(order), bySchedule: false, testsAccepted: false },
    succeeded({ orderNumber: 'N1' }),
    at,
  );
const decision = { outcome: 'paid', orderNumber: 'N1', amountYen: null } as const;

/** Every kind of change, of an order that allows it. */
const changes: Record<string, [make: () => Order, change: (order: Order, at: Date) => Order | null]> = {
  addCallback: [usual.card.paid, (order, at) => addCallback(order, aCallback('card', 'OK'), at)],
  beginSend: [
    usual.card.paid,
    (order, at) => beginSend(order, { operation: 'cancel', orderNumber: 'N1', settlement: null }, caller, at),
  ],
  beginAgain: [usual.card.not_processed, (order, at) => beginAgain(order, { actor: 'test' }, at)],
  recordAnswer: [usual.card.sending, record],
  giveUp: [usual.card.sending, order => giveUp(order, seconds(120))],
  book: [usual.carrier.authorized, (order, at) => book(order, 'N1', settlementOn('2026-12-01'), caller, at)],
  withdrawBooking: [usual.carrier.settle_scheduled, (order, at) => withdrawBooking(order, 'N1', caller, at)],
  decide: [usual.card.unknown, (order, at) => decide(order, decision, caller, 'seen', at)],
  acknowledge: [usual.card.paid, (order, at) => acknowledge(order, ['contradiction'], caller, 'seen', at)],
  noteDue: [usual.carrier.authorized, (order, at) => noteDue(order, 'settlement_due', 'N1', '2027-01-09', at)],
};

for (const [name, [make, change]] of Object.entries(changes)) {
  test(`${name}: one version on, one entry more, the order that was read as it was`, () => {
    const order = make();
    const before = structuredClone(order);
    const next = change(order, seconds(60)) ?? assert.fail('no change');
    assert.deepEqual(order, before);
    assert.deepEqual([next.version, next.history.length], [order.version + 1, order.history.length + 1]);
    assert.deepEqual([next.createdAt, next.updatedAt], [noonText, next.history.at(-1)?.at]);
    assert.deepEqual([next.history.at(-1)?.from, next.history.at(-1)?.to], [statusOf(order), statusOf(next)]);
  });

  test(`${name}: what was stored before stays`, () => {
    const order = acknowledge(make(), ['unmatched'], caller, 'seen', noon);
    const next = change(order, seconds(60)) ?? assert.fail('no change');
    assert.deepEqual(next.callbacks.slice(0, order.callbacks.length), order.callbacks);
    assert.deepEqual(
      next.steps.find(({ kind }) => kind === 'acknowledgement'),
      order.steps.at(-1),
    );
  });

  test(`${name}: updatedAt never goes back, whatever the clock says`, () => {
    const order = { ...make(), updatedAt: seconds(3600).toISOString() };
    assert.equal(change(order, seconds(60))?.updatedAt, seconds(3600).toISOString());
  });
}

test('what history says of each change: who, what and why', () => {
  const entries = Object.entries(changes).map(([name, [make, change]]) => {
    const { source, event, code, note, actor } = change(make(), seconds(60))?.history.at(-1) ?? assert.fail(name);
    return [name, source, event, code, note, actor];
  });
  assert.deepEqual(entries, [
    ['addCallback', 'callback', 'card_ok', null, null, null],
    ['beginSend', 'api', 'cancel', null, null, 'test'],
    ['beginAgain', 'api', 'token_charge', null, null, 'test'],
    ['recordAnswer', 'gateway', 'done', null, null, null],
    ['giveUp', 'schedule', 'claim_stale', null, null, null],
    ['book', 'api', 'book', null, 'for 2026-12-01', 'test'],
    ['withdrawBooking', 'api', 'withdraw', null, null, 'test'],
    ['decide', 'operator', 'paid', null, 'seen', 'test'],
    ['acknowledge', 'operator', 'acknowledged', null, 'seen', 'test'],
    ['noteDue', 'schedule', 'settlement_due', null, '2027-01-09', null],
  ]);
});

test('the step that each call leaves, and its key', () => {
  const seen = ['N1\t03\t8000'];
  const leaves = (order: Order) => [order.steps.at(-1), order.keys];
  const at = seconds(60).toISOString();
  const authorized = usual.carrier.authorized();
  const common = { number: 3, at, seen };
  const keys = { key: { request: 'request', at, step: 3 } };
  const settlement = settlementOn('2026-12-01');
  assert.deepEqual(leaves(book(authorized, 'N1', settlement, caller, seconds(60))), [
    { ...common, kind: 'booking', seen: [], orderNumber: 'N1', settlement },
    keys,
  ]);
  assert.deepEqual(leaves(decide(authorized, decision, caller, 'seen', seconds(60))), [
    { ...common, kind: 'decision', ...decision },
    keys,
  ]);
  assert.deepEqual(leaves(acknowledge(authorized, ['contradiction'], caller, 'seen', seconds(60))), [
    { ...common, kind: 'acknowledgement', reasons: ['contradiction'] },
    keys,
  ]);
  const [withdrawal, withdrawalKeys] = leaves(
    withdrawBooking(book(authorized, 'N1', settlement, caller, noon), 'N1', caller, seconds(60)),
  );
  const nothing = { orderNumber: null, bookedOn: null, elsewhere: false, cvs: null, testsAccepted: false };
  const answer = { at, kind: 'done', ...nothing };
  const send = { operation: 'withdraw', orderNumber: 'N1', settlement: null, attempts: 1, triedAt: null, lost: false };
  assert.deepEqual(withdrawal, { ...common, kind: 'send', number: 4, ...send, claim: null, answer });
  assert.deepEqual(withdrawalKeys, { key: { ...keys.key, step: 4 } });
});

test('a new order that is sent at once holds its claim, and who made it', () => {
  const order = newOrder(draftOf('card', { orderId: idOf('new'), reference: 'A-1', actor: 'shop' }), true, noon);
  const { steps, history, ...rest } = order;
  const [step] = steps;
  assert.ok(step?.kind === 'send' && step.claim);
  const { claim, ...send } = step;
  assert.deepEqual([claim.at, statusOf(order)], [noonText, 'sending']);
  const nothing = { seen: [], orderNumber: null, settlement: null, triedAt: null, lost: false, answer: null };
  assert.deepEqual(send, { kind: 'send', number: 1, at: noonText, operation: 'create', attempts: 1, ...nothing });
  const entry = { source: 'api', event: 'token_charge', from: null, to: 'sending', actor: 'shop' };
  assert.deepEqual(history, [{ at: noonText, ...entry, code: null, note: null, count: 1 }]);
  assert.deepEqual(rest, {
    orderId: idOf('new'),
    method: 'card',
    operation: 'token_charge',
    amountYen: 8000,
    reference: 'A-1',
    test: false,
    conflicting: false,
    request: 'request',
    card: { cardId: null, installments: '01' },
    carrier: null,
    cvs: null,
    createdAt: noonText,
    updatedAt: noonText,
    version: 1,
    callbacks: [],
    keys: {},
    numbers: [],
    attentionSince: {},
  });
});

test('a callback that equals a stored one in number, status and amount adds nothing', () => {
  const order = addCallback(usual.card.paid(), aCallback('card', 'OK'), noon) ?? assert.fail('not added');
  const equal = aCallback('card', 'OK', { at: seconds(60).toISOString(), card: null, code: '11' });
  assert.equal(addCallback(order, equal, seconds(60)), null);
  for (const other of [{ orderNumber: 'N2' }, { amountYen: 1 }, { amountYen: null }, { ipCode: 'other' as const }])
    assert.equal(addCallback(order, { ...equal, ...other }, noon)?.callbacks.length, 2, JSON.stringify(other));
});

test('the history of a callback: its name, the code, and what was not checked or not counted', () => {
  const entryOf = (status: string, more: Partial<ReturnType<typeof aCallback>> = {}) => {
    const { event, code, note } = addCallback(usual.card.paid(), aCallback('card', status, more), noon)?.history.at(
      -1,
    ) ?? { event: null };
    return [event, code, note];
  };
  assert.deepEqual(entryOf('OK'), ['card_ok', null, null]);
  assert.deepEqual(entryOf('NG', { code: '42' }), ['card_ng', '42', null]);
  assert.deepEqual(entryOf('OK', { amountYen: null, ipCode: 'absent' }), [
    'card_ok',
    null,
    'unchecked, not in the callback: amount, IP code',
  ]);
  assert.deepEqual(entryOf('OK', { orderNumber: 'N2' }), ['card_ok', null, 'order number N2']);
  assert.deepEqual(entryOf('OK', { amountYen: 1 }).slice(0, 2), ['card_ok', null]);
  assert.match(String(entryOf('OK', { amountYen: 1 })[2]), /^not counted \(amount_mismatch\): .*amount 1/);
  assert.match(String(entryOf('OK', { ipCode: 'other' })[2]), /^not counted \(ip_code_mismatch\): /);
  assert.deepEqual(entryOf('XX').slice(0, 2), ['card_unlisted', 'XX']);
});

test('every gateway number is kept once, with the version that brought it', () => {
  const numbers = ['N1', 'N2', null, 'N3', 'N2'];
  const order = numbers.reduce<Order>(
    (known, orderNumber, i) =>
      addCallback(known, aCallback('card', i % 2 ? 'NG' : 'OK', { orderNumber }), noon) ?? known,
    usual.card.paid(),
  );
  assert.deepEqual(order.numbers, [
    { number: 'N1', version: 2 },
    { number: 'N2', version: 4 },
    { number: 'N3', version: 6 },
  ]);
});

test('the number of an answer is kept too where a callback of another number is further on', () => {
  const sending = usual.cvs.sending();
  const received = addCallback(sending, aCallback('cvs', '04', { orderNumber: 'N2' }), noon) ?? assert.fail();
  const sent = { step: opened(sending), bySchedule: false, testsAccepted: true };
  const answer = recordAnswer(received, sent, succeeded({ orderNumber: 'N1' }), noon) ?? assert.fail();
  assert.deepEqual(answer.numbers, [
    { number: 'N2', version: 2 },
    { number: 'N1', version: 3 },
  ]);
  assert.equal(summarize(answer).orderNumber, 'N2');
});

test('attention keeps since when it stands, and loses it when it goes', () => {
  const unknown = usual.card.unknown();
  const other = addCallback(unknown, aCallback('card', 'OK', { amountYen: 1 }), seconds(60)) ?? assert.fail();
  const since = { outcome_unknown: noonText, amount_mismatch: seconds(60).toISOString() };
  assert.deepEqual([reasonsOf(other), other.attentionSince], [Object.keys(since), since]);
  const paid = addCallback(other, aCallback('card', 'OK'), seconds(120)) ?? assert.fail();
  assert.deepEqual(paid.attentionSince, { amount_mismatch: seconds(60).toISOString() });
});

test('what is open is claimed again as the same step; its answer counts as lost', () => {
  const order = usual.card.cancelling();
  const before = opened(order);
  const again = beginSend(
    order,
    { operation: 'cancel', orderNumber: 'N1', settlement: null },
    otherKey('k2'),
    seconds(9),
  );
  const after = opened(again);
  assert.deepEqual(after, { ...before, claim: after.claim, attempts: 2, lost: true });
  assert.equal(after.claim?.at, seconds(9).toISOString());
  assert.deepEqual([again.keys.key?.step, again.keys.k2?.step], [before.number, before.number]);
});

test('of ten keys the newest stay, also of one moment, and a key used again is the newest', () => {
  const use = (order: Order, key: string, at: Date) => {
    const by: Caller = otherKey(key);
    return answered(
      beginSend(order, { operation: 'cancel', orderNumber: 'N1', settlement: null }, by, at),
      refused,
      at,
    );
  };
  const keys = Array.from({ length: 10 }, (_, i) => `k${i}`);
  const used = keys.reduce((order, key, i) => use(order, key, seconds(i)), usual.card.paid());
  assert.deepEqual(Object.keys(use(used, 'new', seconds(20)).keys).toSorted(), [...keys.slice(1), 'new'].toSorted());
  const again = use(use(used, 'k0', seconds(20)), 'new', seconds(21));
  assert.deepEqual(['k0' in again.keys, 'k1' in again.keys], [true, false]);
  const atOnce = [...keys, 'new'].reduce((order, key) => use(order, key, noon), usual.card.paid());
  assert.deepEqual(['new' in atOnce.keys, Object.keys(atOnce.keys).length], [true, 10]);
});

test('sends without effect do not pile up: one of a kind is kept, and of all kinds 20', () => {
  let order = usual.carrier.authorized();
  for (let i = 0; i < 60; i += 1) {
    order = answered(begun(order, 'settle', settlementOn('2026-11-20', 'schedule', 1 + (i % 30))), refused);
  }
  assert.equal(order.steps.length, 21);
  for (let i = 0; i < 5; i += 1) order = answered(begun(order, 'return'), refused);
  assert.deepEqual(
    [order.steps.length, order.steps.filter(step => 'operation' in step && step.operation === 'return').length],
    [21, 1],
  );
});

test('an answer to a step that is answered already, or that is no longer there, adds nothing', () => {
  const sending = usual.card.sending();
  const paid = record(sending, noon) ?? assert.fail();
  for (const outcome of [succeeded({ orderNumber: 'N2' }), refused, lost])
    assert.equal(
      recordAnswer(paid, { step: opened(sending), bySchedule: false, testsAccepted: false }, outcome, noon),
      null,
    );
  const retried = beginAgain(usual.card.not_processed(), { actor: 'test' }, seconds(9));
  assert.equal(
    recordAnswer(retried, { step: opened(sending), bySchedule: false, testsAccepted: false }, refused, noon),
    null,
  );
});

test('a claim that is stale reads as unknown, at the moment it went stale, in the version that is stored', () => {
  const order = anOrder('card');
  for (const at of [noon, seconds(119.999)]) assert.equal(asOf(order, at), order);
  const read = asOf(order, seconds(3600));
  assert.deepEqual(
    [statusOf(read), reasonsOf(read), read.version, read.updatedAt],
    ['unknown', ['outcome_unknown'], order.version, noonText],
  );
  assert.deepEqual(
    [read.attentionSince, read.history.at(-1)?.event],
    [{ outcome_unknown: seconds(120).toISOString() }, 'claim_stale'],
  );
});

test('a stale claim is given up only while nothing else ended the send', () => {
  assert.equal(giveUp(anOrder('card'), seconds(119.999)), null);
  for (const order of [
    usual.card.paid(),
    addCallback(anOrder('card'), aCallback('card', 'OK'), noon) ?? assert.fail(),
    decide(usual.card.sending(), decision, caller, 'seen', seconds(130)),
  ]) {
    assert.equal(giveUp(order, seconds(240)), null);
    assert.equal(asOf(order, seconds(240)), order);
  }
});
