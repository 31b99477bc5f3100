/** Contract 1.3: the order as the merchant sees it, and 1.4: a claim that is stale reads as unknown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acknowledge, asOf, book, decide, giveUp } from '../../shared/domain/changes.ts';
import { externalOrder } from '../../shared/domain/new-order.ts';
import { isFresh, type Order } from '../../shared/domain/order.ts';
import { present } from '../../shared/domain/present.ts';
import { beginSend } from '../../shared/domain/sends.ts';
import {
  aCallback,
  anOrder,
  answered,
  begun,
  caller,
  failureWith,
  idOf,
  lost,
  noon,
  noonText,
  seconds,
  settlementOn,
  statusOf,
  succeeded,
  told,
  usual,
  withCallbacks,
} from '../support/orders.ts';

const staleAt = '2026-11-20T03:02:00.000Z';
const entry = (changes: object) => ({ at: noonText, code: null, note: null, actor: null, count: 1, ...changes });

test('a claim is fresh for 120 s', () => {
  const claim = { id: 'c', at: noonText };
  assert.deepEqual(
    [isFresh(claim, seconds(119.999)), isFresh(claim, seconds(120)), isFresh(null, noon)],
    [true, false, false],
  );
});

test('`sending` reads as unknown from 120 s on, with attention since then; what is stored stays as it is', () => {
  const order = anOrder('card');
  assert.equal(asOf(order, seconds(119.999)), order);
  const shown = present(order, seconds(600));
  const { status, attention, version, updatedAt, history } = shown as Record<string, unknown> & { history: object[] };
  assert.deepEqual(
    { status, attention, version, updatedAt },
    {
      status: 'unknown',
      attention: [{ reason: 'outcome_unknown', since: staleAt, note: null }],
      version: 1,
      updatedAt: noonText,
    },
  );
  assert.deepEqual(history, [
    entry({ source: 'api', event: 'token_charge', from: null, to: 'sending', actor: 'test' }),
    entry({ at: staleAt, source: 'schedule', event: 'claim_stale', from: 'sending', to: 'unknown' }),
  ]);
  assert.equal(order.history.length, 1);
});

test('read as unknown, or stored so by due work: the same order but for version and time', () => {
  const order = told(anOrder('card'), 'XX');
  const bookkeeping = { version: 0, updatedAt: '' };
  const stored = giveUp(order, seconds(120)) as Order;
  assert.deepEqual(
    { ...present(stored, seconds(200)), ...bookkeeping },
    { ...present(order, seconds(200)), ...bookkeeping },
  );
});

test('a stale claim hides no reason for attention that was raised before', () => {
  const shown = present(told(anOrder('card'), 'XX'), seconds(600));
  assert.deepEqual(shown.attention, [
    { reason: 'unlisted_status', since: noonText, note: 'status XX of order number N1' },
    { reason: 'outcome_unknown', since: staleAt, note: null },
  ]);
});

test('no other status changes by waiting', () => {
  for (const method of ['card', 'carrier', 'cvs'] as const) {
    for (const [status, make] of Object.entries(usual[method])) {
      if (status === 'sending') continue;
      const order = make();
      assert.equal(asOf(order, seconds(1_000_000)), order, `${method} ${status}`);
    }
  }
});

test('a repeatable operation whose claim is stale stays open: due work repeats it', () => {
  const order = begun(usual.card.paid(), 'cancel');
  assert.equal(asOf(order, seconds(600)), order);
  assert.equal(statusOf(order), 'cancelling');
});

test('a paid card order, whole', () => {
  const draft = { reference: 'A-1', card: { cardId: 'CARD1', installments: '03' } };
  const order = withCallbacks(answered(anOrder('card', draft), succeeded({ orderNumber: 'N1' }), seconds(2)), [
    aCallback('card', 'OK', { at: seconds(3).toISOString() }),
  ]);
  const two = seconds(2).toISOString();
  assert.deepEqual(present(order, noon), {
    orderId: idOf('order'),
    method: 'card',
    operation: 'token_charge',
    status: 'paid',
    amount: 8000,
    currency: 'JPY',
    reference: 'A-1',
    test: false,
    failure: null,
    attention: [],
    paid: { amount: 8000, at: two },
    returned: null,
    otherPayments: [],
    gateway: { orderNumber: 'N1', status: 'OK' },
    card: { cardId: 'CARD1', last4: '1111', brand: 'visa', installments: '03', authentication: null },
    createdAt: noonText,
    updatedAt: two,
    version: 3,
    history: [
      entry({ source: 'api', event: 'token_charge', from: null, to: 'sending', actor: 'test' }),
      entry({ at: two, source: 'gateway', event: 'done', from: 'sending', to: 'paid' }),
      entry({ source: 'callback', event: 'card_ok', from: 'paid', to: 'paid' }),
    ],
  });
});

test('a carrier order: settlement, settleBy, what was paid and what went back, the other payment', () => {
  const settled = answered(
    begun(usual.carrier.authorized(), 'settle', settlementOn('2026-11-20', 'schedule', 5000)),
    succeeded(),
    seconds(1),
  );
  const both = withCallbacks(settled, [aCallback('carrier', '02', { orderNumber: 'N2' })]);
  const returned = answered(begun(both, 'return', null, seconds(2)), succeeded(), seconds(3));
  const { carrier, paid, returned: back, otherPayments, status, gateway } = present(returned, noon);
  assert.deepEqual(
    { carrier, paid, back, otherPayments, status, gateway },
    {
      status: 'cancelled',
      gateway: { orderNumber: 'N1', status: '03' },
      carrier: {
        type: 'docomo',
        settlement: { on: '2026-11-20', amount: 5000, by: 'schedule' },
        settleBy: '2027-01-09',
      },
      paid: { amount: 5000, at: seconds(1).toISOString() },
      back: { amount: 5000, at: seconds(3).toISOString() },
      otherPayments: [{ orderNumber: 'N2', status: 'declined', paid: null, returned: null }],
    },
  );
});

test('a booking, and settleBy once 03 is known and not before', () => {
  const carrier = (order: Order) => present(order, noon).carrier;
  assert.deepEqual(carrier(anOrder('carrier')), { type: 'docomo', settlement: null, settleBy: null });
  assert.deepEqual(carrier(told(anOrder('carrier'), '03')), {
    type: 'docomo',
    settlement: null,
    settleBy: '2027-01-09',
  });
  assert.deepEqual(carrier(book(usual.carrier.authorized(), 'N1', settlementOn('2026-12-01'), caller, noon)), {
    type: 'docomo',
    settlement: { on: '2026-12-01', amount: 8000, by: 'schedule' },
    settleBy: '2027-01-09',
  });
});

test('settleBy counts from the day the order was made, in JST, however late 03 comes', () => {
  const late = anOrder('carrier', {}, new Date('2026-11-20T15:00:00.000Z'));
  const order = withCallbacks(late, [aCallback('carrier', '03', { at: '2026-11-30T00:00:00.000Z' })]);
  assert.equal((present(order, noon).carrier as { settleBy: string }).settleBy, '2027-01-10');
});

test('a store order: store, payment numbers under their labels, deadline, page', () => {
  const paymentNumbers = [{ label: '受付番号', value: '12345678' }];
  const cvs = { paymentNumbers, payBy: '2026-12-04', redirectUrl: 'https://pay.example/1' };
  const order = answered(anOrder('cvs'), succeeded({ orderNumber: 'N1', cvs }));
  assert.deepEqual(present(order, noon).cvs, { store: 'lawson', ...cvs });
});

test("the gateway's status: the callback's that counts most, or the one that the answer stands for", () => {
  const gatewayStatus = (order: Order) => (present(order, noon).gateway as { status: string | null }).status;
  assert.equal(gatewayStatus(usual.card.sending()), null);
  assert.equal(gatewayStatus(usual.card.paid()), 'OK');
  assert.equal(gatewayStatus(usual.card.declined()), 'NG');
  assert.equal(gatewayStatus(usual.card.not_processed()), null);
  assert.equal(gatewayStatus(told(usual.card.declined(), 'OK')), 'OK');
  assert.equal(gatewayStatus(usual.cvs.awaiting_customer()), '01');
  assert.equal(gatewayStatus(usual.cvs.declined()), null);
  assert.equal(gatewayStatus(usual.cvs.reversed()), '06');
  assert.equal(gatewayStatus(usual.carrier.paid()), '03');
  assert.equal(gatewayStatus(told(usual.carrier.paid(), '07', '06')), '07');
});

test('why a payment failed: the operator before the answer, the answer before a callback', () => {
  const reasonOf = (order: Order) => (present(order, noon).failure as { reason: string } | null)?.reason ?? null;
  const ng = aCallback('card', 'NG', { failure: failureWith('gateway_error') });
  const unknown = withCallbacks(usual.card.unknown(), [ng]);
  assert.equal(reasonOf(unknown), 'gateway_error');
  assert.equal(reasonOf(withCallbacks(usual.card.declined(), [ng])), 'refused');
  const declined = { outcome: 'declined', orderNumber: 'N1', amountYen: null } as const;
  assert.equal(reasonOf(decide(unknown, declined, caller, 'seen', noon)), 'operator');
  assert.equal(reasonOf(usual.card.not_processed()), 'connection_failed');
  assert.equal(reasonOf(usual.card.unknown()), null);
  assert.equal(reasonOf(withCallbacks(usual.card.paid(), [ng])), null);
});

test('a store order shows the latest payBy that callbacks named, and of an external one the store', () => {
  const named = (payBy: string | null, status: string) =>
    aCallback('cvs', status, { cvs: { store: 'ministop', paymentNumbers: [], payBy } });
  const callbacks = [named('2026-12-04', '01'), named('2026-12-01', '04'), named(null, '05')];
  const cvs = (order: Order) => present(withCallbacks(order, callbacks), noon).cvs;
  const shown = { store: 'ministop', paymentNumbers: [], payBy: '2026-12-04', redirectUrl: null };
  const [first = aCallback('cvs', '01')] = callbacks;
  assert.deepEqual(cvs(externalOrder(idOf('other'), first, 'cvs', noon)), shown);
  assert.deepEqual(cvs(usual.cvs.unknown()), shown);
});

test('what was taken before is kept by an operator who says that it was received, paid or given back', () => {
  const received = withCallbacks(usual.cvs.awaiting_customer(), [
    aCallback('cvs', '04', { at: seconds(5).toISOString() }),
  ]);
  for (const outcome of ['received', 'paid'] as const) {
    const order = decide(received, { outcome, orderNumber: 'N1', amountYen: null }, caller, 'seen', seconds(60));
    assert.deepEqual(present(order, noon).paid, { amount: 8000, at: seconds(5).toISOString() }, outcome);
  }
  const cancelled = { outcome: 'cancelled', orderNumber: 'N1', amountYen: null } as const;
  const order = decide(usual.carrier.paid(), cancelled, caller, 'seen', seconds(60));
  assert.deepEqual(
    [present(order, noon).paid, present(order, noon).returned],
    [
      { amount: 8000, at: noonText },
      { amount: 8000, at: seconds(60).toISOString() },
    ],
  );
});

test('a test payment that is refused says so as the failure', () => {
  const order = withCallbacks(usual.card.unknown(), [aCallback('card', 'OK', { orderNumber: 'TEST1' })]);
  const { status, failure, attention } = present(order, noon);
  const message = 'A test payment succeeded, and test payments are refused here.';
  assert.deepEqual([status, failure], ['declined', { ...failureWith('test_payment'), message }]);
  const note = 'status OK of order number TEST1';
  assert.deepEqual(attention, [{ reason: 'test_payment', since: noonText, note }]);
});

test('an order that is not ours shows the installments that a callback named, if not the first', () => {
  const [silent, named] = [null, '03'].map((installments, i) =>
    aCallback('card', 'OK', { amountYen: 100 + i, card: { last4: null, brand: null, installments } }),
  );
  assert.ok(silent && named);
  const order = withCallbacks(externalOrder(idOf('other'), silent, 'card', noon), [silent, named]);
  assert.equal((present(order, noon).card as { installments: string }).installments, '03');
});

test('an order that is not ours, whole, before its first callback is added', () => {
  const callback = aCallback('card', 'OK', { card: { last4: '1111', brand: 'visa', installments: '03' } });
  const { steps, ...order } = externalOrder(idOf('other'), callback, 'card', noon);
  assert.deepEqual(steps, []);
  assert.deepEqual(order, {
    orderId: idOf('other'),
    method: 'card',
    operation: 'external',
    amountYen: 0,
    reference: null,
    test: false,
    conflicting: false,
    request: '',
    card: { cardId: null, installments: '03' },
    carrier: null,
    cvs: null,
    createdAt: noonText,
    updatedAt: noonText,
    version: 0,
    callbacks: [],
    keys: {},
    history: [entry({ source: 'callback', event: 'unmatched', from: null, to: 'unknown' })],
    numbers: [],
    attentionSince: { unmatched: noonText },
  });
  for (const [method, block] of [
    ['carrier', { card: null, carrier: { type: null }, cvs: null }],
    ['cvs', { card: null, carrier: null, cvs: { store: null } }],
  ] as const) {
    const { card, carrier, cvs } = externalOrder(idOf('other'), aCallback(method, '01'), method, noon);
    assert.deepEqual({ card, carrier, cvs }, block);
  }
});

test("the gateway's status is what it said itself, not what an operator decided", () => {
  const paid = { outcome: 'paid', orderNumber: 'N1', amountYen: null } as const;
  const order = decide(usual.card.unknown(), paid, caller, 'seen', noon);
  const { status, gateway } = present(order, noon);
  assert.deepEqual([status, gateway], ['paid', { orderNumber: 'N1', status: null }]);
});

test("only the block of the order's own method is shown", () => {
  for (const method of ['card', 'carrier', 'cvs'] as const) {
    const names = Object.keys(present(anOrder(method), noon)).filter(name => ['card', 'carrier', 'cvs'].includes(name));
    assert.deepEqual(names, [method]);
  }
});

test('attention is listed oldest first, each reason once; one that goes takes no other with it', () => {
  const unknown = answered(anOrder('card'), lost, seconds(1));
  const unlisted = withCallbacks(unknown, [aCallback('card', 'XX')], seconds(2));
  const mismatched = withCallbacks(
    unlisted,
    [aCallback('card', 'OK', { amountYen: 1 }), aCallback('card', 'OK', { amountYen: 2 })],
    seconds(3),
  );
  const reasons = (order: Order) =>
    (present(order, noon).attention as { reason: string; since: string }[]).map(({ reason, since }) => [reason, since]);
  const [one, two, three] = [1, 2, 3].map(count => seconds(count).toISOString());
  assert.deepEqual(reasons(mismatched), [
    ['outcome_unknown', one],
    ['unlisted_status', two],
    ['amount_mismatch', three],
  ]);
  const known = withCallbacks(mismatched, [aCallback('card', 'OK')], seconds(4));
  assert.deepEqual(reasons(known), [
    ['unlisted_status', two],
    ['amount_mismatch', three],
  ]);
  const acknowledged = acknowledge(known, ['unlisted_status'], caller, 'seen', seconds(5));
  assert.deepEqual(reasons(acknowledged), [['amount_mismatch', three]]);
});

test('keys, claims and digests are not shown', () => {
  const named = { key: 'the key', request: 'the request', actor: null };
  const order = beginSend(
    anOrder('carrier', { request: 'the first request' }),
    { operation: 'settle', orderNumber: null, settlement: null },
    named,
    noon,
  );
  const claim = order.steps.find(step => step.kind === 'send')?.claim?.id ?? '';
  const shown = JSON.stringify(present(order, noon));
  assert.doesNotMatch(shown, /the key|request/);
  assert.ok(claim !== '' && !shown.includes(claim));
});
