/** Claim, send, record, on a real table with a gateway that says what the test wants. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order, Status } from '../../shared/domain/order.ts';
import { statusesOf } from '../../shared/orders/transitions.ts';
import { noon, placed, standingClock } from '../support/orders.ts';
import {
  type Answer,
  answering,
  done,
  draft,
  lost,
  maintenance,
  notSent,
  orderOf,
  refused,
} from '../support/submit.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
const gateway = (answer: Answer, during?: Parameters<typeof answering>[2]) => answering(store, answer, during);

const outcomes: [what: string, answer: Answer, status: Status, attention: string | null, failure: string | null][] = [
  ['a success', done, 'paid', null, null],
  ['a refusal', refused, 'declined', null, 'refused'],
  ['no connection', notSent, 'not_processed', null, 'connection_failed'],
  ['maintenance', maintenance, 'not_processed', null, 'maintenance'],
  ['a lost answer', lost, 'unknown', 'outcome_unknown', null],
];

for (const [what, answer, status, attention, failure] of outcomes) {
  test(`${what} ends ${status}, stored before it is answered`, async () => {
    const { sent, submit } = gateway(answer);
    const order = draft();
    const submitted = await submit(order);
    const found = orderOf(submitted);
    assert.deepEqual(
      [found.status, found.attention?.reason ?? null, found.failure?.reason ?? null],
      [status, attention, failure],
    );
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
  assert.deepEqual(
    all.filter(each => each.kind === 'key_reused'),
    [],
  );
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
  assert.deepEqual(await submit(order, store, standingClock(new Date(noon.getTime() + 119_999))), {
    kind: 'in_progress',
  });
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
