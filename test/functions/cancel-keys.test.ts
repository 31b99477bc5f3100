/** Contract 1.1 for calls on an existing order, case by case. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { cardActions, longAgo } from '../support/card-actions.ts';
import { startLocal } from '../support/local.ts';
import { aCallback, idOf, usual, withCallbacks } from '../support/orders.ts';

const local = await startLocal();
const { gateway } = local;
const { paid, cancel, charge, recurring, resolve, store, at, effects, bodyOf, runDueWorkAfter } = cardActions(local);
beforeEach(() => {
  gateway.reset();
  gateway.settings({ cancelWaitMs: 0 });
});

const REFUSED = '02130210';
const refuse = (count = 1) => gateway.arm({ endpoint: 'cancel', fault: 'refusal', code: REFUSED, count });
const acknowledged = { outcome: 'acknowledged', note: 'seen' };
const isReused = ({ status, body }: { status: number; body: { code: string } }) =>
  assert.deepEqual([status, body.code], [422, 'idempotency_key_reused']);

test('a key of another call on the same order: 422 in both directions, nothing sent', async () => {
  const cancelled = await paid('k-1');
  await cancel(cancelled, 'one');
  isReused(await resolve(cancelled, 'one', acknowledged));
  const attended = idOf('attended');
  await store.create(withCallbacks({ ...usual.card.paid(), orderId: attended }, [aCallback('card', 'NG')]));
  assert.equal((await resolve(attended, 'one', acknowledged)).status, 200);
  isReused(await cancel(attended, 'one'));
  isReused(await resolve(attended, 'one', { ...acknowledged, note: 'other' }));
  assert.equal(at('cancel').length, 1);
});

test('the same key on another order is another call, and so is the key that made the order', async () => {
  const [one, two] = [await paid('k-2'), await paid('k-3')];
  for (const [orderId, key] of [
    [one, 'k-2'],
    [two, 'k-2'],
  ] as const)
    assert.equal((await cancel(orderId, key)).status, 200);
  assert.equal(effects('cancel').length, 2);
});

test('while a cancel runs: 409 in_progress with Retry-After for the same key and a new one, 422 for another request', async () => {
  const orderId = await paid('k-4');
  gateway.arm({ endpoint: 'cancel', fault: 'late-answer', ms: 400 });
  const first = cancel(orderId, 'one');
  while (at('cancel').length === 0) await new Promise(done => setTimeout(done, 5));
  for (const key of ['one', 'two']) {
    const { status, headers, body } = await cancel(orderId, key);
    assert.deepEqual([status, body.code], [409, 'in_progress']);
    assert.match(String(headers['retry-after']), /^[1-9]\d*$/);
  }
  isReused(await resolve(orderId, 'one', acknowledged));
  assert.equal((await first).status, 200);
  assert.equal(at('cancel').length, 1);
});

test('an answered 409 leaves no key: it is free for another call on the order', async () => {
  const orderId = idOf('unknown');
  await store.create({ ...usual.card.unknown(), orderId });
  const decision = { outcome: 'paid', gatewayOrderNumber: 'N1' };
  assert.equal((await cancel(orderId, 'one')).body.code, 'order_state');
  assert.equal((await resolve(orderId, 'one', { ...decision, note: 'seen at the gateway' })).status, 200);
  assert.equal((await resolve(orderId, 'two', { ...decision, note: 'again' })).body.code, 'order_state');
  gateway.arm({ endpoint: 'cancel', fault: 'refusal', code: '000' });
  const order = await store.find(orderId);
  assert.ok(order);
  const steps = order.steps.map(step => ({ ...step, at: longAgo }));
  await store.replace({ ...order, steps, version: order.version + 1 });
  assert.equal((await cancel(orderId, 'two')).status, 200);
});

test('an answered 404 or 400 leaves no key', async () => {
  const path = `/card/charges/${orderIdOf('test', 'k-5')}`;
  assert.equal((await local.call('POST', `${path}/cancel`, { key: 'one' })).body.code, 'order_not_found');
  const orderId = await paid('k-5');
  assert.equal((await cancel(orderId, 'one', { x: 1 })).body.code, 'invalid_request');
  assert.equal((await cancel(orderId, 'one')).status, 200);
});

test('a refused key is sent again, and no body is the same request as {}', async () => {
  const orderId = await paid('k-6');
  refuse(2);
  assert.equal((await cancel(orderId, 'one')).body.code, 'gateway_refused');
  assert.equal((await cancel(orderId, 'one', {})).body.code, 'gateway_refused');
  const third = await cancel(orderId, 'one', ' { } ');
  assert.deepEqual([third.status, third.headers['idempotent-replayed'], at('cancel').length], [200, undefined, 3]);
});

test('the last 10 keys are compared with, and one that is older is new again', async () => {
  const orderId = await paid('k-7');
  refuse(11);
  for (let i = 1; i <= 11; i += 1) assert.equal((await cancel(orderId, `key-${i}`)).body.code, 'gateway_refused');
  assert.equal(Object.keys((await store.find(orderId))?.keys ?? {}).length, 10);
  for (let i = 2; i <= 11; i += 1) isReused(await resolve(orderId, `key-${i}`, acknowledged));
  assert.equal((await resolve(orderId, 'key-1', acknowledged)).body.code, 'order_state');
  assert.equal((await cancel(orderId, 'key-1')).status, 200);
});

test('a key forgotten behind ten others stays new to the order when due work ends what it began', async () => {
  const orderId = await paid('k-8');
  gateway.arm({ endpoint: 'cancel', fault: 'closed-before', count: 12 });
  for (let i = 1; i <= 12; i += 1) assert.equal((await cancel(orderId, `key-${i}`)).status, 202);
  await runDueWorkAfter(6 * 60);
  const again = await cancel(orderId, 'key-1');
  assert.deepEqual([again.status, again.body.status, effects('cancel').length], [200, 'cancelled', 1]);
});

test('creating calls share one key space, and a cancel is none of them', async () => {
  const orderId = await paid('shared');
  isReused(await recurring('shared'));
  isReused(await local.call('POST', '/card/charges', { key: 'shared', body: bodyOf('t', { amount: 1 }) }));
  assert.equal((await cancel(orderId, 'shared')).status, 200);
  const replayed = await charge('shared');
  assert.deepEqual(
    [replayed.status, replayed.headers['idempotent-replayed'], replayed.body.status],
    [200, 'true', 'cancelled'],
  );
});

test('a creating call is replayed with the order as it is now, in every status', async () => {
  const orderId = await paid('now');
  gateway.arm({ endpoint: 'cancel', fault: 'lost-answer' });
  await cancel(orderId, 'one');
  const during = await charge('now');
  assert.deepEqual(
    [during.status, during.body.status, during.headers['idempotent-replayed']],
    [202, 'cancelling', 'true'],
  );
  await cancel(orderId, 'one');
  const after = await charge('now');
  assert.deepEqual([after.status, after.body.status, at('charge').length], [200, 'cancelled', 1]);
});
