/** A cancel without a usable response: its outcome is found by a repeat with the same key, with a new one, and by due work. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { FaultName } from '../../local/simulator/state.ts';
import { reasonsIn } from '../support/card.ts';
import { cardActions, longAgo } from '../support/card-actions.ts';
import { answerLosses } from '../support/faults.ts';
import { startLocal } from '../support/local.ts';
import { anOrder, answered, begun, idOf, lost, succeeded } from '../support/orders.ts';

const local = await startLocal();
const { gateway } = local;
const { paid, cancel, read, resolve, runDueWork, runDueWorkAfter, store, at, effects } = cardActions(local);
beforeEach(() => {
  gateway.reset();
  gateway.settings({ cancelWaitMs: 0 });
});

const arm = (fault: FaultName, more: object = {}) => gateway.arm({ endpoint: 'cancel', fault, ...more });
const isCancelledOnce = async (orderId: string) => {
  const order = await read(orderId);
  assert.deepEqual([order.status, order.attention, order.returned?.amount], ['cancelled', [], 8000]);
  assert.equal(effects('cancel').length, 1);
  return order;
};

for (const fault of answerLosses) {
  const loseAnswer = async (key: string) => {
    const orderId = await paid(key);
    arm(fault);
    const { status, body } = await cancel(orderId, 'first');
    assert.deepEqual([status, body.status, reasonsIn(body)], [202, 'cancelling', ['outcome_unknown']]);
    return orderId;
  };

  test(`${fault}: 202 cancelling with attention at once, and the same key ends it`, async () => {
    const orderId = await loseAnswer(`${fault} same`);
    const second = await cancel(orderId, 'first');
    assert.deepEqual(
      [second.status, second.body.status, second.headers['idempotent-replayed']],
      [200, 'cancelled', undefined],
    );
    const third = await cancel(orderId, 'first');
    assert.deepEqual([third.status, third.headers['idempotent-replayed'], at('cancel').length], [200, 'true', 2]);
    await isCancelledOnce(orderId);
  });

  test(`${fault}: a new key ends it, and the old one is then replayed`, async () => {
    const orderId = await loseAnswer(`${fault} new`);
    assert.equal((await cancel(orderId, 'second')).status, 200);
    for (const key of ['first', 'second']) {
      const { status, headers } = await cancel(orderId, key);
      assert.deepEqual([status, headers['idempotent-replayed']], [200, 'true'], key);
    }
    assert.equal(at('cancel').length, 2);
    await isCancelledOnce(orderId);
  });

  test(`${fault}: due work alone ends it, after 5 minutes, and the key is then replayed`, async () => {
    const orderId = await loseAnswer(`${fault} due`);
    await runDueWorkAfter(4.9);
    assert.equal(at('cancel').length, 1);
    await runDueWorkAfter(5.1);
    await runDueWorkAfter(24 * 60);
    const { history } = await isCancelledOnce(orderId);
    assert.deepEqual(
      history.slice(-2).map((entry: { source: string }) => entry.source),
      ['schedule', 'gateway'],
    );
    const { status, headers } = await cancel(orderId, 'first');
    assert.deepEqual([status, headers['idempotent-replayed'], at('cancel').length], [200, 'true', 2]);
  });
}

test('while responses are lost, due work repeats after 5, 10, 20 minutes, and so on', async () => {
  const orderId = await paid('backoff');
  arm('lost-answer', { count: 4 });
  await cancel(orderId, 'first');
  const sends: number[] = [];
  for (const minutes of [5.1, 15, 15.3, 35, 35.5, 75, 76]) {
    await runDueWorkAfter(minutes);
    sends.push(at('cancel').length);
  }
  assert.deepEqual(sends, [2, 2, 3, 3, 4, 4, 5]);
  await isCancelledOnce(orderId);
});

test('maintenance: 503 with Retry-After, paid as before, left alone by due work, and the same key cancels', async () => {
  const orderId = await paid('maintenance');
  arm('maintenance');
  const { status, headers, body } = await cancel(orderId, 'first');
  assert.deepEqual(
    [status, body.code, body.order.status, body.order.attention],
    [503, 'gateway_maintenance', 'paid', []],
  );
  assert.match(String(headers['retry-after']), /^[1-9]\d*$/);
  await runDueWorkAfter(24 * 60);
  assert.deepEqual([(await read(orderId)).status, at('cancel').length], ['paid', 1]);
  assert.equal((await cancel(orderId, 'first')).status, 200);
  await isCancelledOnce(orderId);
});

/** Contract 1.6: after a lost answer these prove nothing. The first send did cancel. */
const proveNothing: [what: string, fault: FaultName, more: object][] = [
  ['maintenance', 'maintenance', {}],
  ['the code of maintenance', 'refusal', { code: '02000012' }],
  ['a refusal', 'refusal', { code: '02130210' }],
  ['a refusal that no manual lists', 'refusal', { code: '02999999' }],
];
for (const [what, fault, more] of proveNothing) {
  test(`after a lost answer, ${what}: 202, still cancelling, and due work goes on until the outcome is known`, async () => {
    const orderId = await paid(`lost, then ${what}`);
    arm('lost-answer');
    await cancel(orderId, 'first');
    arm(fault, { ...more, count: 3 });
    for (const key of ['first', 'second']) {
      const { status, body, headers } = await cancel(orderId, key);
      assert.deepEqual(
        [status, body.status, reasonsIn(body), headers['idempotent-replayed']],
        [202, 'cancelling', ['outcome_unknown'], undefined],
        key,
      );
    }
    await runDueWorkAfter(21);
    const open = await read(orderId);
    assert.deepEqual([open.status, reasonsIn(open), at('cancel').length], ['cancelling', ['outcome_unknown'], 4]);
    await runDueWorkAfter(24 * 60);
    await isCancelledOnce(orderId);
    for (const key of ['first', 'second'])
      assert.equal((await cancel(orderId, key)).headers['idempotent-replayed'], 'true', key);
    assert.equal(at('cancel').length, 5);
  });
}

test('a function that died after its claim: 409 while it may live, then due work repeats', async () => {
  const dying = async (name: string, claimedAt: number) => {
    const orderId = await paid(name);
    const order = await store.find(orderId);
    assert.ok(order);
    assert.ok((await store.replace(begun(order, 'cancel', null, new Date(claimedAt)))).stored);
    return orderId;
  };
  const alive = await dying('alive', Date.now() - 60_000);
  const dead = await dying('dead', Date.now() - 121_000);
  assert.deepEqual((await cancel(alive, 'new')).body.code, 'in_progress');
  await runDueWork();
  assert.deepEqual([(await read(alive)).status, at('cancel').length], ['cancelling', 1]);
  await isCancelledOnce(dead);
  await runDueWorkAfter(2);
  assert.deepEqual([(await read(alive)).status, at('cancel').length], ['cancelled', 2]);
});

test('a callback of the charge while the cancel is open is stored once and moves nothing', async () => {
  const orderId = await paid('late', { body: { email: 'no-callback@fault.invalid' } });
  arm('lost-answer');
  await cancel(orderId, 'first');
  const [record] = gateway.callbacks();
  for (const _ of [1, 2]) await gateway.resend(record?.id ?? '');
  const order = await read(orderId);
  assert.deepEqual([order.status, reasonsIn(order)], ['cancelling', ['outcome_unknown']]);
  const fromCallbacks = order.history.filter((entry: { source: string }) => entry.source === 'callback');
  assert.deepEqual(
    fromCallbacks.map(({ event, from, to, count }: Record<string, unknown>) => [event, from, to, count]),
    [['card_ok', 'cancelling', 'cancelling', 1]],
  );
  await runDueWorkAfter(5.1);
  await isCancelledOnce(orderId);
});

test('a callback between the request and its response keeps its place in the history, and the cancel ends', async () => {
  const orderId = await paid('between', { body: { email: 'no-callback@fault.invalid' } });
  arm('late-answer', { ms: 400 });
  const cancelling = cancel(orderId, 'first');
  while (effects('cancel').length === 0) await new Promise(resolve => setTimeout(resolve, 5));
  await gateway.resend(gateway.callbacks()[0]?.id ?? '');
  assert.equal((await cancelling).status, 200);
  const { history } = await isCancelledOnce(orderId);
  assert.deepEqual(history.map((entry: { event: string }) => entry.event).slice(-3), [
    'cancel',
    'card_ok',
    'cancel_done',
  ]);
});

test('an unknown outcome cannot be acknowledged; an operator decides it, and due work leaves it alone', async () => {
  const orderId = await paid('decided');
  arm('lost-answer');
  await cancel(orderId, 'first');
  const acknowledged = { outcome: 'acknowledged', note: 'seen' };
  assert.equal((await resolve(orderId, 'all', acknowledged)).status, 400);
  assert.equal((await resolve(orderId, 'one', { ...acknowledged, reasons: ['outcome_unknown'] })).status, 400);
  const { status, body } = await resolve(orderId, 'decide', { outcome: 'cancelled', note: 'seen in the console' });
  assert.deepEqual([status, body.status, body.attention], [200, 'cancelled', []]);
  await runDueWorkAfter(24 * 60);
  assert.equal(at('cancel').length, 1);
  await isCancelledOnce(orderId);
});

test('an order number that cannot be sent costs its own piece of work and no other', async () => {
  const paidLongAgo = answered(
    anOrder('card', { orderId: idOf('unsendable') }, new Date(longAgo)),
    succeeded({ orderNumber: 'N'.repeat(51) }),
    new Date(longAgo),
  );
  await store.create(answered(begun(paidLongAgo, 'cancel', null, new Date(longAgo)), lost, new Date(longAgo)));
  const orderId = await paid('beside');
  arm('lost-answer');
  await cancel(orderId, 'first');
  await assert.rejects(runDueWorkAfter(5.1), /1 of 2 failed/);
  await isCancelledOnce(orderId);
});
