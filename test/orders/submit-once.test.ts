/** Claim, send, record, on a real table with a gateway that says what the test wants. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyCallback } from '../../shared/orders/apply-callback.ts';
import { change } from '../../shared/orders/change.ts';
import type { Draft, Submitted } from '../../shared/orders/new-order.ts';
import type { Order, Status } from '../../shared/orders/order.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import { type Findings, submitOnce } from '../../shared/orders/submit-once.ts';
import { statusesOf } from '../../shared/orders/transitions.ts';
import type { Outcome } from '../../shared/zeus/outcome.ts';
import { aNotice, failureWith, idOf, noon, placed, standingClock } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
type Answer = Outcome<Findings>;

const done: Answer = { kind: 'done', orderNumber: 'N1' };
const refused: Answer = { kind: 'refused', failure: failureWith('refused'), orderNumber: 'N1', truth: null };
const notSent: Answer = { kind: 'not_processed', reason: 'connection_failed', code: null, message: 'no connection' };
const lost: Answer = { kind: 'unknown', message: 'lost' };

let count = 0;
const draft = (changes: Partial<Draft> = {}): Draft => {
  count += 1;
  const { orderId, method, operation, amountYen, reference, test: isTest, request, card } = placed('card', 'sending');
  return { method, operation, amountYen, reference, test: isTest, request, card, ...changes, orderId: changes.orderId ?? idOf(`${orderId.slice(0, 5)}-${count}-`) };
};

/** What is submitted, with a gateway that counts; `during` runs while the request is out. */
function gateway(answer: Answer, during: (order: Draft) => Promise<unknown> = async () => {}) {
  const sent: string[] = [];
  const submit = (order: Draft, through: OrderStore = store, clock = standingClock()): Promise<Submitted> =>
    submitOnce({ ...clock, store: through }, order, async () => {
      sent.push(order.orderId);
      await during(order);
      return answer;
    });
  return { sent, submit };
}

const orderOf = (submitted: Submitted): Order => {
  assert.equal(submitted.kind, 'answered');
  return (submitted as { order: Order }).order;
};
const call = (orderId: string, status: string, changes = {}) =>
  applyCallback({ ...standingClock(), store, deploymentId: 'test', ipCode: '2019000001' }, aNotice('card', status, { orderId, ...changes }));

const outcomes: [what: string, answer: Answer, status: Status, attention: string | null, failure: string | null][] = [
  ['a success', done, 'paid', null, null],
  ['a refusal', refused, 'declined', null, 'refused'],
  ['no connection', notSent, 'not_processed', null, 'connection_failed'],
  ['maintenance', { ...notSent, reason: 'maintenance' }, 'not_processed', null, 'maintenance'],
  ['a lost answer', lost, 'unknown', 'outcome_unknown', null],
];

for (const [what, answer, status, attention, failure] of outcomes) {
  test(`${what} ends ${status}, stored before it is answered`, async () => {
    const { sent, submit } = gateway(answer);
    const order = draft();
    const submitted = await submit(order);
    const found = orderOf(submitted);
    assert.deepEqual([found.status, found.attention?.reason ?? null, found.failure?.reason ?? null], [status, attention, failure]);
    assert.deepEqual([found.claim, found.dueAt, sent.length], [null, null, 1]);
    assert.deepEqual(await store.find(order.orderId), found);
    assert.deepEqual(submitted, { kind: 'answered', order: found, replayed: false });
  });
}

test('amount 0 ends registered', async () => {
  assert.equal(orderOf(await gateway(done).submit(draft({ amountYen: 0 }))).status, 'registered');
});

test('the claim is stored before anything is sent, due when it goes stale', async () => {
  let during: Order | null = null;
  const { submit } = gateway(done, async order => {
    during = await store.find(order.orderId);
  });
  await submit(draft());
  const { status, claim, dueAt } = during as unknown as Order;
  assert.deepEqual([status, claim?.at, dueAt], ['sending', noon.toISOString(), '2026-11-20T03:02:00.000Z']);
  assert.match(claim?.id ?? '', /^[0-9a-f-]{36}$/);
});

test('of 20 at once one is sent; the others are in progress or see its outcome', async () => {
  const { sent, submit } = gateway(done);
  const order = draft();
  const all = await Promise.all(Array.from({ length: 20 }, () => submit(order)));
  assert.equal(sent.length, 1);
  assert.equal(all.filter(each => each.kind === 'answered' && !each.replayed).length, 1);
  assert.deepEqual(all.filter(each => each.kind === 'key_reused'), []);
});

test('another request under the same key is told so, whatever became of the first, and sends nothing', async () => {
  for (const status of statusesOf.card) {
    const order = draft();
    await store.create(placed('card', status, { orderId: order.orderId }));
    const { sent, submit } = gateway(done);
    assert.deepEqual(await submit({ ...order, request: 'another' }), { kind: 'key_reused' }, status);
    assert.equal(sent.length, 0);
  }
});

test('every status but not_processed is answered as it is, and sends nothing', async () => {
  for (const status of statusesOf.card.filter(each => each !== 'not_processed' && each !== 'sending')) {
    const order = draft();
    const { stored } = await store.create(placed('card', status, { orderId: order.orderId }));
    const { sent, submit } = gateway(done);
    assert.deepEqual(await submit(order), { kind: 'answered', order: stored, replayed: true }, status);
    assert.equal(sent.length, 0);
  }
});

test('a fresh claim is in progress, a stale one reads as unknown; neither is sent again', async () => {
  const order = draft();
  await store.create(placed('card', 'sending', { orderId: order.orderId }));
  const { sent, submit } = gateway(done);
  assert.deepEqual(await submit(order, store, standingClock(new Date(noon.getTime() + 119_999))), { kind: 'in_progress' });
  const stale = await submit(order, store, standingClock(new Date(noon.getTime() + 120_000)));
  assert.deepEqual([orderOf(stale).status, 'replayed' in stale && stale.replayed, sent.length], ['unknown', true, 0]);
});

test('not_processed is sent again under a claim of its own, and loses its failure', async () => {
  const order = draft();
  const first = orderOf(await gateway(notSent).submit(order));
  const { sent, submit } = gateway(done);
  const second = orderOf(await submit(order));
  assert.deepEqual([first.status, second.status, second.failure, sent.length], ['not_processed', 'paid', null, 1]);
  const steps = second.history.map(entry => [entry.source, entry.from, entry.to]);
  assert.deepEqual(steps, [
    ['api', null, 'sending'],
    ['gateway', 'sending', 'not_processed'],
    ['api', 'not_processed', 'sending'],
    ['gateway', 'sending', 'paid'],
  ]);
});

test('of 10 repeats of a not_processed order at once one is sent', async () => {
  const order = draft();
  await gateway(notSent).submit(order);
  const { sent, submit } = gateway(done);
  await Promise.all(Array.from({ length: 10 }, () => submit(order)));
  assert.equal(sent.length, 1);
});

test('what a callback says during the send is merged with, never overwritten', async () => {
  const cases: [called: string, answer: Answer, status: Status, attention: string | null][] = [
    ['OK', done, 'paid', null],
    ['OK', lost, 'paid', null],
    ['OK', refused, 'paid', 'contradiction'],
    ['NG', refused, 'declined', null],
    ['NG', lost, 'declined', null],
    ['NG', done, 'paid', 'contradiction'],
    ['NG', notSent, 'declined', null],
  ];
  for (const [called, answer, status, attention] of cases) {
    const { submit } = gateway(answer, ({ orderId }) => call(orderId, called));
    const order = orderOf(await submit(draft()));
    const what = `${called}, then ${answer.kind}`;
    assert.deepEqual([order.status, order.attention?.reason ?? null, order.claim], [status, attention, null], what);
    assert.deepEqual(order.history.map(entry => entry.source), ['api', 'callback', 'gateway'], what);
    assert.deepEqual([order.orderNumber, order.card?.last4], ['N1', '1111'], what);
  }
});

test('an answer with another number than the callback had contradicts it', async () => {
  const { submit } = gateway({ kind: 'done', orderNumber: 'N2' }, ({ orderId }) => call(orderId, 'OK'));
  const order = orderOf(await submit(draft()));
  assert.deepEqual([order.status, order.attention?.reason, order.orderNumber], ['paid', 'contradiction', 'N1']);
});

test('a mismatch that a callback raised outlives the answer', async () => {
  const { submit } = gateway(done, ({ orderId }) => call(orderId, 'OK', { amountYen: 1 }));
  const order = orderOf(await submit(draft()));
  assert.deepEqual([order.status, order.attention?.reason], ['paid', 'amount_mismatch']);
});

test('an answer that still comes settles an order that was given up', async () => {
  for (const [answer, status] of [[done, 'paid'], [refused, 'declined'], [notSent, 'not_processed']] as const) {
    const { submit } = gateway(answer, async ({ orderId }) => {
      const sending = (await store.find(orderId)) as Order;
      const givenUp = change(sending, { at: noon, source: 'schedule', event: 'claim_stale', to: 'unknown', attention: 'outcome_unknown' });
      assert.ok((await store.replace(givenUp)).stored);
    });
    const order = orderOf(await submit(draft()));
    assert.deepEqual([order.status, order.attention, order.claim], [status, null, null]);
  }
});

test('an outcome that cannot be stored is tried for 20 s, then thrown; the order is never sent again', async () => {
  const clock = standingClock();
  const failing: OrderStore = { ...store, replace: () => Promise.reject(new Error('engine stopped')) };
  const { sent, submit } = gateway(done);
  const order = draft();
  await assert.rejects(submit(order, failing, clock), { message: 'engine stopped' });
  assert.ok(clock.now().getTime() - noon.getTime() >= 15_000);
  assert.deepEqual(await submit(order), { kind: 'in_progress' });
  clock.set(new Date(noon.getTime() + 120_000));
  assert.equal(orderOf(await submit(order, store, clock)).status, 'unknown');
  assert.equal(sent.length, 1);
});

test('an outcome that can be stored after a while is', async () => {
  let failures = 3;
  const flaky: OrderStore = {
    ...store,
    replace: next => (failures-- > 0 ? Promise.reject(new Error('not now')) : store.replace(next)),
  };
  assert.equal(orderOf(await gateway(done).submit(draft(), flaky)).status, 'paid');
});

test('an outcome whose write went through unheard is not stored twice', async () => {
  let unheard = 1;
  const deaf: OrderStore = {
    ...store,
    async replace(next) {
      const written = await store.replace(next);
      if (unheard-- > 0) throw new Error('answer lost');
      return written;
    },
  };
  const order = orderOf(await gateway(done).submit(draft(), deaf));
  assert.deepEqual([order.status, order.history.length, order.version], ['paid', 2, 2]);
});

test('an older attempt whose outcome comes late leaves a newer claim alone', async () => {
  const order = draft();
  let newer: Order | null = null;
  const { submit } = gateway(notSent, async ({ orderId }) => {
    const sending = (await store.find(orderId)) as Order;
    const claim = { id: 'newer', at: noon.toISOString() };
    newer = change(sending, { at: noon, source: 'api', event: 'token_charge', fill: { claim } });
    assert.ok((await store.replace(newer)).stored);
  });
  await submit(order);
  assert.deepEqual(await store.find(order.orderId), newer);
});

test('a store that cannot be written to sends nothing', async () => {
  const failing: OrderStore = { ...store, create: () => Promise.reject(new Error('engine stopped')) };
  const { sent, submit } = gateway(done);
  await assert.rejects(submit(draft(), failing), { message: 'engine stopped' });
  assert.equal(sent.length, 0);
});
