/** What happens to an order while its request is out, and when its outcome cannot be stored at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order, Status } from '../../shared/domain/order.ts';
import { applyCallback } from '../../shared/orders/apply-callback.ts';
import { change } from '../../shared/orders/change.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import { aNotice, noon, standingClock } from '../support/orders.ts';
import { type Answer, answering, done, draft, lost, notSent, orderOf, refused } from '../support/submit.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
const gateway = (answer: Answer, during?: Parameters<typeof answering>[2]) => answering(store, answer, during);

const call = (orderId: string, status: string, changes = {}) =>
  applyCallback(
    { ...standingClock(), store, deploymentId: 'test', ipCode: '2019000001' },
    aNotice('card', status, { orderId, ...changes }),
  );

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
    assert.deepEqual(
      order.history.map(entry => entry.source),
      ['api', 'callback', 'gateway'],
      what,
    );
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
  for (const [answer, status] of [
    [done, 'paid'],
    [refused, 'declined'],
    [notSent, 'not_processed'],
  ] as const) {
    const { submit } = gateway(answer, async ({ orderId }) => {
      const sending = (await store.find(orderId)) as Order;
      const givenUp = change(sending, {
        at: noon,
        source: 'schedule',
        event: 'claim_stale',
        to: 'unknown',
        attention: 'outcome_unknown',
      });
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
