/** `successok` only after the write: what a call is answered when something behind it fails. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Masked } from '../../shared/domain/masked.ts';
import { applyCallback } from '../../shared/orders/apply-callback.ts';
import { fromMessage, type KeepDeps, toMessage } from '../../shared/orders/keep-callback.ts';
import { persist } from '../../shared/orders/persist.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import type { Notice } from '../../shared/zeus/callbacks/callback.ts';
import { callbackEvent, cardParameters } from '../support/callbacks.ts';
import { cardCalls } from '../support/card.ts';
import { startLocal } from '../support/local.ts';
import { standingClock } from '../support/orders.ts';
import { brokenStore, dynamoOf, tableName } from '../support/table.ts';

const local = await startLocal();
const { gateway, engine, lines } = local;
const { charge, read } = cardCalls(local);
// Reads the environment, which is complete only now.
const { callbackHandler } = await import('../../shared/lambda/callback.ts');
const { logError } = await import('../../shared/lambda/log.ts');
const { ordersTable } = await import('../../shared/aws/orders-table.ts');
const store = ordersTable(dynamoOf(engine.endpoint), tableName);

const failed = { statusCode: 500, headers: { 'content-type': 'text/plain' }, body: 'ERR500' };

/** The handler as it is deployed, but for its store, its clock and its queue, which takes nothing. */
const handlerOver = (through: OrderStore, clock = standingClock()) =>
  handlerWith((notice: Notice) => {
    const deps = { ...clock, store: through, deploymentId: 'test', ipCode: '2019000001' };
    return persist(deps, () => applyCallback(deps, notice));
  }, clock);

const handlerWith = (apply: KeepDeps['apply'], clock = standingClock()) =>
  callbackHandler({
    apply,
    now: clock.now,
    within: (_, work) => work,
    queue: () => Promise.reject(new Error('no queue')),
    onError: logError,
  });

async function lostCharge(key: string) {
  gateway.settings({ callbacks: { card: null } });
  gateway.arm({ endpoint: 'charge', fault: 'lost-answer' });
  const { body } = await charge(key);
  const ordd = gateway.orders().at(-1)?.orderNumber ?? '';
  return { orderId: body.orderId as string, parameters: cardParameters({ sendpoint: body.orderId, ordd }) };
}

test('an engine and a queue that are gone: ERR500 after about 20 s of trying, both errors and an alarm line, and the order untouched', async () => {
  const { orderId, parameters } = await lostCharge('gone');
  const clock = standingClock();
  const begun = clock.now().getTime();
  const before = lines.length;
  assert.deepEqual(await handlerOver(brokenStore(), clock)(callbackEvent(parameters)), failed);
  const waited = clock.now().getTime() - begun;
  assert.ok(waited >= 15_000 && waited <= 20_000, `${waited} ms`);
  const logged = lines.slice(before) as { event: string }[];
  assert.deepEqual(
    logged.map(line => line.event),
    ['error', 'error', 'callback_not_stored'],
  );
  assert.equal((await read(orderId)).status, 'unknown');
});

test('an engine that is gone: successok, and the queue holds what was said, nothing of the payer', async () => {
  const { orderId, parameters } = await lostCharge('queued');
  const clock = standingClock();
  const queued: Notice[] = [];
  const before = lines.length;
  const handler = callbackHandler({
    now: clock.now,
    within: (_, work) => work,
    apply(notice) {
      const deps = { ...clock, store: brokenStore(), deploymentId: 'test', ipCode: '2019000001' };
      return persist(deps, () => applyCallback(deps, notice));
    },
    queue: async notice => void queued.push(fromMessage(toMessage(notice))),
    onError: logError,
  });
  const { statusCode, body } = await handler(callbackEvent(parameters));
  assert.deepEqual([statusCode, body, queued.length, queued[0]?.orderId], [200, 'successok', 1, orderId]);
  assert.doesNotMatch(JSON.stringify(queued), /09012345678|taro|CARD1/);
  assert.deepEqual(
    (lines.slice(before) as { event: string }[]).map(line => line.event),
    ['error', 'callback_queued'],
  );
  assert.deepEqual(lines.at(-1), { event: 'callback_queued', service: 'card' });
});

test('an engine that comes back in time: successok, stored once', async () => {
  const { orderId, parameters } = await lostCharge('comes-back');
  let failures = 5;
  const flaky: OrderStore = {
    ...store,
    advance: move => (failures-- > 0 ? brokenStore().advance(move) : store.advance(move)),
  };
  const { statusCode, body } = await handlerOver(flaky)(callbackEvent(parameters));
  assert.deepEqual([statusCode, body, (await read(orderId)).status], [200, 'successok', 'paid']);
});

test('a write that went through unheard is found stored when it is tried again', async () => {
  const { orderId, parameters } = await lostCharge('unheard');
  let unheard = 1;
  const deaf: OrderStore = {
    ...store,
    async advance(move) {
      const written = await store.advance(move);
      if (unheard-- > 0) throw new Error('answer lost');
      return written;
    },
  };
  assert.equal((await handlerOver(deaf)(callbackEvent(parameters))).body, 'successok');
  const { status, history } = await read(orderId);
  assert.deepEqual([status, history.length], ['paid', 3]);
});

test('the answer comes after the write, never before it', async () => {
  const { orderId, parameters } = await lostCharge('after');
  let stored = false;
  const slow: OrderStore = {
    ...store,
    async advance(move) {
      const written = await store.advance(move);
      await new Promise(resolve => setTimeout(resolve, 20));
      stored = true;
      return written;
    },
  };
  const answer = await handlerOver(slow)(callbackEvent(parameters));
  assert.deepEqual([answer.body, stored, (await read(orderId)).status], ['successok', true, 'paid']);
});

test('whatever is thrown, the answer is one of the contract and the log does not quote it', async () => {
  const canary = 'canary-of-the-thrown';
  for (const thrown of [
    new Error(canary),
    new TypeError(`${canary}\n    at ${canary}`),
    canary,
    null,
    undefined,
    { canary },
    new Masked(canary),
  ]) {
    const before = lines.length;
    const handler = handlerWith(() => Promise.reject(thrown));
    assert.deepEqual(await handler(callbackEvent(cardParameters())), failed);
    assert.doesNotMatch(JSON.stringify(lines.slice(before)), new RegExp(canary));
    assert.deepEqual(
      (lines.slice(before) as { event: string }[]).map(line => line.event),
      ['error', 'error', 'callback_not_stored'],
    );
  }
});

test('an event that is no call at all is answered, not thrown', async () => {
  const handler = handlerWith(() => Promise.reject(new Error('never reached')));
  for (const event of [{}, { requestContext: {} }, { requestContext: { http: { sourceIp: '127.0.0.1' } } }]) {
    assert.equal((await handler(event as never)).statusCode, 500);
  }
});
