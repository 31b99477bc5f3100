/** A cancel whose answer fails ends in the truth: by a repeat with the same key, with a new one, and by due work alone. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { FaultName } from '../../local/simulator/state.ts';
import { cardActions } from '../support/card-actions.ts';
import { answerLosses } from '../support/faults.ts';
import { startLocal } from '../support/local.ts';
import { idOf, openCancel, placed } from '../support/orders.ts';

const local = await startLocal();
const { gateway } = local;
const { paid, cancel, read, resolve, runDueWork, store, at, effects } = cardActions(local);
beforeEach(() => {
  gateway.reset();
  gateway.settings({ cancelWaitMs: 0 });
});

const arm = (fault: FaultName, more: object = {}) => gateway.arm({ endpoint: 'cancel', fault, ...more });
const isCancelledOnce = async (orderId: string) => {
  const order = await read(orderId);
  assert.deepEqual([order.status, order.attention], ['cancelled', null]);
  assert.equal(effects('cancel').length, 1);
  return order;
};

for (const fault of answerLosses) {
  const loseAnswer = async (key: string) => {
    const orderId = await paid(key);
    arm(fault);
    const { status, body } = await cancel(orderId, 'first');
    assert.deepEqual([status, body.status, body.attention.reason], [202, 'cancelling', 'outcome_unknown']);
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

  test(`${fault}: due work alone ends it, and the key is then replayed`, async () => {
    const orderId = await loseAnswer(`${fault} due`);
    await runDueWork();
    await runDueWork();
    const { history } = await isCancelledOnce(orderId);
    assert.deepEqual(
      history.slice(-2).map((entry: { source: string }) => entry.source),
      ['schedule', 'gateway'],
    );
    const { status, headers } = await cancel(orderId, 'first');
    assert.deepEqual([status, headers['idempotent-replayed'], at('cancel').length], [200, 'true', 2]);
  });
}

test('while the answer stays away, due work goes on asking, once a run', async () => {
  const orderId = await paid('patience');
  arm('lost-answer', { count: 4 });
  await cancel(orderId, 'first');
  for (const sends of [2, 3, 4, 5, 5]) {
    await runDueWork();
    assert.equal(at('cancel').length, sends);
  }
  await isCancelledOnce(orderId);
});

test('maintenance: 503 with Retry-After, paid as before, left alone by due work, and the same key cancels', async () => {
  const orderId = await paid('maintenance');
  arm('maintenance');
  const { status, headers, body } = await cancel(orderId, 'first');
  assert.deepEqual(
    [status, body.code, body.order.status, body.order.attention],
    [503, 'gateway_maintenance', 'paid', null],
  );
  assert.match(String(headers['retry-after']), /^[1-9]\d*$/);
  await runDueWork();
  assert.deepEqual([(await read(orderId)).status, at('cancel').length], ['paid', 1]);
  assert.equal((await cancel(orderId, 'first')).status, 200);
  await isCancelledOnce(orderId);
});

test('maintenance after a lost answer restores paid (contract 1.6), and the same key finds the truth', async () => {
  const orderId = await paid('lost then maintenance');
  arm('lost-answer');
  await cancel(orderId, 'first');
  arm('maintenance');
  const { status, body } = await cancel(orderId, 'first');
  assert.deepEqual([status, body.order.status], [503, 'paid']);
  assert.equal((await cancel(orderId, 'first')).status, 200);
  await isCancelledOnce(orderId);
});

test('a refusal after a lost answer restores paid, and attention goes with it', async () => {
  const orderId = await paid('lost then refused');
  arm('closed-before');
  await cancel(orderId, 'first');
  arm('refusal', { code: '02130210' });
  const { status, body } = await cancel(orderId, 'second');
  assert.deepEqual(
    [status, body.gatewayCode, body.order.status, body.order.attention],
    [422, '02130210', 'paid', null],
  );
  assert.equal((await cancel(orderId, 'first')).status, 200);
  await isCancelledOnce(orderId);
});

test('a run that died after its claim: 409 while it may live, then due work takes it over', async () => {
  const at120 = (milliseconds: number) => new Date(Date.now() - 120_000 + milliseconds).toISOString();
  const dying = async (name: string, claimedAt: string) => {
    const orderId = await paid(name);
    const order = await store.find(orderId);
    assert.ok(order);
    const pending = { ...openCancel, lost: false };
    const claim = { id: 'dead', at: claimedAt };
    const dueAt = new Date(Date.parse(claimedAt) + 120_000).toISOString();
    const next = { ...order, status: 'cancelling', claim, pending, dueAt, version: order.version + 1 } as const;
    assert.ok((await store.replace(next)).stored);
    return orderId;
  };
  const alive = await dying('alive', at120(60_000));
  const dead = await dying('dead', at120(-1000));
  assert.deepEqual((await cancel(alive, 'new')).body.code, 'in_progress');
  await runDueWork();
  assert.deepEqual([(await read(alive)).status, at('cancel').length], ['cancelling', 1]);
  await isCancelledOnce(dead);
});

test('a callback that comes while the cancel is out is late: once in the history, no move', async () => {
  const orderId = await paid('late', { body: { email: 'no-callback@fault.invalid' } });
  arm('lost-answer');
  await cancel(orderId, 'first');
  const [call] = gateway.callbacks();
  for (const _ of [1, 2]) await gateway.resend(call?.id ?? '');
  const order = await read(orderId);
  assert.deepEqual([order.status, order.attention.reason], ['cancelling', 'outcome_unknown']);
  assert.deepEqual(
    order.history
      .filter((entry: { source: string }) => entry.source === 'callback')
      .map((entry: { note: string }) => entry.note),
    ['late'],
  );
  await runDueWork();
  await isCancelledOnce(orderId);
});

test('a callback between the send and its answer keeps its place in the history, and the cancel ends', async () => {
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

test('a person may quiet an order whose cancel is open; due work ends it all the same', async () => {
  const orderId = await paid('quiet');
  arm('lost-answer');
  await cancel(orderId, 'first');
  const { status, body } = await resolve(orderId, 'quiet', { outcome: 'acknowledged', note: 'seen' });
  assert.deepEqual([status, body.status, body.attention], [200, 'cancelling', null]);
  await runDueWork();
  await isCancelledOnce(orderId);
});

test('an order number that cannot be sent costs its own piece of work and no other', async () => {
  const long = '2020-01-01T00:00:00.000Z';
  const unsendable = { orderId: idOf('unsendable'), orderNumber: 'N'.repeat(51), pending: openCancel, dueAt: long };
  await store.create(placed('card', 'cancelling', unsendable));
  const orderId = await paid('beside');
  arm('lost-answer');
  await cancel(orderId, 'first');
  await assert.rejects(runDueWork(), /1 of 2 failed/);
  await isCancelledOnce(orderId);
});
