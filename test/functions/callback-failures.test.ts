/** `successok` only after the write: what a call is answered when something behind it fails. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localSecrets } from '../../local/secrets.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { Masked } from '../../shared/domain/masked.ts';
import { callbackHandler, fromMessage } from '../../shared/lambda/callback.ts';
import { parseIpCodes, parsePathTokens } from '../../shared/lambda/secret.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import { callbackEvent, cardParameters } from '../support/callbacks.ts';
import { cardCalls } from '../support/card.ts';
import { startLocal } from '../support/local.ts';
import { standingClock } from '../support/orders.ts';
import { brokenStore, dynamoOf, tableName } from '../support/table.ts';

const local = await startLocal();
const { gateway, engine, lines } = local;
const { charge, read } = cardCalls(local);
const store = ordersTable(dynamoOf(engine.endpoint), tableName);

const headers = { 'content-type': 'text/plain', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
const failed = { statusCode: 500, headers, body: 'ERR500' };
const noQueue = () => Promise.reject(new Error('no queue'));

/** The handler as it is deployed, but for its store, its clock and its queue, which takes nothing unless it is given. */
const handlerOver = (
  through: OrderStore,
  clock = standingClock(),
  queue: (message: string) => Promise<void> = noQueue,
) =>
  callbackHandler({
    ...clock,
    store: through,
    queue,
    deploymentId: 'test',
    strictCallbacks: false,
    testsAccepted: false,
    callbackSources: ['127.0.0.1'],
    ipCodes: async () => parseIpCodes(JSON.stringify(localSecrets)),
    pathTokens: async () => parsePathTokens(JSON.stringify(localSecrets)),
  });

/** A store whose every request throws. */
const throwing = (thrown: unknown): OrderStore => {
  const fail = () => Promise.reject(thrown);
  return { ...store, find: fail, create: fail, replace: fail };
};

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

test('an engine that is gone: successok, and the queue holds the callback, nothing of the payer', async () => {
  const { orderId, parameters } = await lostCharge('queued');
  const clock = standingClock();
  const queued: ReturnType<typeof fromMessage>[] = [];
  const before = lines.length;
  const handler = handlerOver(brokenStore(), clock, async message => void queued.push(fromMessage(message)));
  const { statusCode, body } = await handler(callbackEvent(parameters));
  assert.deepEqual(
    [statusCode, body, queued.length, queued[0] && 'orderId' in queued[0] && queued[0].orderId],
    [200, 'successok', 1, orderId],
  );
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
    replace: next => (failures-- > 0 ? brokenStore().replace(next) : store.replace(next)),
  };
  const { statusCode, body } = await handlerOver(flaky)(callbackEvent(parameters));
  assert.deepEqual([statusCode, body, (await read(orderId)).status], [200, 'successok', 'paid']);
});

test('a write that succeeded without an answer is found stored when it is tried again', async () => {
  const { orderId, parameters } = await lostCharge('unanswered');
  let unanswered = 1;
  const flaky: OrderStore = {
    ...store,
    async replace(next) {
      const written = await store.replace(next);
      if (unanswered-- > 0) throw new Error('answer lost');
      return written;
    },
  };
  assert.equal((await handlerOver(flaky)(callbackEvent(parameters))).body, 'successok');
  const { status, history } = await read(orderId);
  assert.deepEqual([status, history.length], ['paid', 3]);
});

test('the answer comes after the write, never before it', async () => {
  const { orderId, parameters } = await lostCharge('after');
  let stored = false;
  const slow: OrderStore = {
    ...store,
    async replace(next) {
      const written = await store.replace(next);
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
    const handler = handlerOver(throwing(thrown));
    assert.deepEqual(await handler(callbackEvent(cardParameters())), failed);
    assert.doesNotMatch(JSON.stringify(lines.slice(before)), new RegExp(canary));
    assert.deepEqual(
      (lines.slice(before) as { event: string }[]).map(line => line.event),
      ['error', 'error', 'callback_not_stored'],
    );
  }
});

test('an event that is no call at all is answered, not thrown', async () => {
  const handler = handlerOver(throwing(new Error('never reached')));
  for (const event of [{}, { requestContext: {} }, { requestContext: { http: { sourceIp: '127.0.0.1' } } }]) {
    assert.equal((await handler(event as never)).statusCode, 500);
  }
});
