/** Claim, send, record, for calls that make an order (contract 1.1, 1.4 and 1.6). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft } from '../../shared/domain/new-order.ts';
import type { Order } from '../../shared/domain/order.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import { submit } from '../../shared/orders/engine.ts';
import { answering, done, newId, orderOf, ordersIn } from '../support/engine.ts';
import {
  draftOf,
  lost,
  maintenance,
  noonText,
  notSent,
  reasonsOf,
  refused,
  seconds,
  statusOf,
  usual,
} from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
const { find, deps } = ordersIn(store);
const draft = (changes: Partial<Draft> = {}): Draft => draftOf('card', { orderId: newId(), ...changes });

const outcomes = [
  ['a success', done, 'paid', [], null],
  ['a refusal', refused, 'declined', [], 'refused'],
  ['no connection', notSent, 'not_processed', [], 'connection_failed'],
  ['maintenance', maintenance, 'not_processed', [], 'maintenance'],
  ['a lost answer', lost, 'unknown', ['outcome_unknown'], null],
] as const;
for (const [what, outcome, status, reasons, failure] of outcomes) {
  test(`${what} ends ${status}, stored before it is answered`, async () => {
    const { sent, send } = answering([outcome]);
    const wanted = draft();
    const submitted = await submit(deps(), wanted, send);
    const order = await find(wanted);
    assert.deepEqual(submitted, { kind: 'answered', order, replayed: false });
    const summary = summarize(order);
    assert.deepEqual(
      [summary.status, reasonsOf(order), summary.failure?.reason ?? null, summary.open, summary.dueAt],
      [status, reasons, failure, null, null],
    );
    assert.equal(sent.length, 1);
  });
}

test('amount 0 ends registered, and nothing is paid', async () => {
  const order = orderOf(await submit(deps(), draft({ amountYen: 0 }), answering([done]).send));
  assert.deepEqual([statusOf(order), summarize(order).paid], ['registered', null]);
});

test('the claim is stored before anything is sent, due when it goes stale', async () => {
  const wanted = draft();
  const { send } = answering([done], async () => {
    const { status, open, dueAt } = summarize(await find(wanted));
    assert.deepEqual([status, open?.claim?.at, dueAt], ['sending', noonText, '2026-11-20T03:02:00.000Z']);
    assert.match(open?.claim?.id ?? '', /^[0-9a-f-]{36}$/);
  });
  assert.equal(statusOf(orderOf(await submit(deps(), wanted, send))), 'paid');
});

const statuses = Object.keys(usual.card) as (keyof typeof usual.card)[];
const kept = async (status: keyof typeof usual.card): Promise<Order> => {
  const { stored } = await store.create({ ...usual.card[status](), orderId: newId() });
  return stored ?? assert.fail('not stored');
};

test('another request under the same key is refused, whatever became of the first, and sends nothing', async () => {
  for (const status of statuses) {
    const { orderId } = await kept(status);
    const { sent, send } = answering([]);
    const submitted = await submit(deps(), draft({ orderId, request: 'another' }), send);
    assert.deepEqual([submitted, sent], [{ kind: 'key_reused' }, []], status);
  }
});

test('every status but not_processed is answered as it is, and sends nothing', async () => {
  for (const status of statuses.filter(each => each !== 'not_processed' && each !== 'sending')) {
    const order = await kept(status);
    const { sent, send } = answering([]);
    const submitted = await submit(deps(), draft({ orderId: order.orderId }), send);
    assert.deepEqual([submitted, sent], [{ kind: 'answered', order, replayed: true }, []], status);
  }
});

test('a fresh claim is in progress, a stale one is answered as unknown; neither is sent again', async () => {
  const order = await kept('sending');
  const wanted = draft({ orderId: order.orderId });
  const { sent, send } = answering([]);
  assert.deepEqual(await submit(deps(seconds(119.999)), wanted, send), { kind: 'in_progress' });
  assert.deepEqual(await submit(deps(seconds(120)), wanted, send), { kind: 'answered', order, replayed: true });
  assert.deepEqual(sent, []);
});

test('not_processed is sent again under a claim of its own, as often as it ends so, and loses its failure', async () => {
  const wanted = draft();
  const { sent, send } = answering([notSent, maintenance, done]);
  for (const status of ['not_processed', 'not_processed', 'paid', 'paid']) {
    assert.equal(statusOf(orderOf(await submit(deps(), wanted, send))), status);
  }
  const order = await find(wanted);
  assert.deepEqual([summarize(order).failure, order.steps.length, sent.length], [null, 1, 3]);
  assert.deepEqual(
    order.history.map(({ source, event, from, to }) => [source, event, from, to]),
    [
      ['api', 'token_charge', null, 'sending'],
      ['gateway', 'not_processed', 'sending', 'not_processed'],
      ['api', 'token_charge', 'not_processed', 'sending'],
      ['gateway', 'not_processed', 'sending', 'not_processed'],
      ['api', 'token_charge', 'not_processed', 'sending'],
      ['gateway', 'done', 'sending', 'paid'],
    ],
  );
});

test('a later attempt may be refused or lost: then that is final', async () => {
  for (const [outcome, status] of [
    [refused, 'declined'],
    [lost, 'unknown'],
  ] as const) {
    const wanted = draft();
    const { sent, send } = answering([notSent, outcome]);
    for (let i = 0; i < 3; i += 1) await submit(deps(), wanted, send);
    assert.deepEqual([statusOf(await find(wanted)), sent.length], [status, 2]);
  }
});

test('a store that cannot be written to sends nothing', async () => {
  const broken = { ...store, create: () => Promise.reject(new Error('engine stopped')) };
  const { sent, send } = answering([]);
  await assert.rejects(submit(deps(undefined, broken), draft(), send), { message: 'engine stopped' });
  assert.deepEqual(sent, []);
});
