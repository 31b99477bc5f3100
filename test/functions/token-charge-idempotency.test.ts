/** Contract 1.1, case by case. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { orderIdOf } from '../../shared/domain/identity.ts';
import type { Send } from '../../shared/domain/order.ts';
import { cardCalls, FAILING } from '../support/card.ts';
import { startGate } from '../support/gate.ts';
import { cardToken, countDynamoDb, startLocal, until } from '../support/local.ts';
import { answered, begun, succeeded } from '../support/orders.ts';
import { dynamoOf, tableName } from '../support/table.ts';

const [local, gate] = await Promise.all([startLocal(), startGate()]);
const { gateway, engine, call } = local;
const { bodyOf, charge, chargeThenCallback, read, sent } = cardCalls(local);
const store = ordersTable(dynamoOf(engine.endpoint), tableName);
beforeEach(() => gateway.reset());
afterEach(() => mock.timers.reset());

const replayed = (headers: Record<string, unknown>) => headers['idempotent-replayed'];

test('a paid order is answered as it now is: 200, replayed, nothing sent, whatever the token', async () => {
  const { order } = await chargeThenCallback('paid');
  const { status, headers, body } = await charge('paid');
  assert.deepEqual([status, replayed(headers), body], [200, 'true', order]);
  assert.deepEqual([sent().length, gateway.ledger().length], [1, 1]);
});

test('a registered card, a refusal and an unknown outcome are answered as they are', async () => {
  const cases: [key: string, options: Parameters<typeof charge>[1], fault: 'lost-answer' | null, status: number][] = [
    ['registered', { body: { amount: 0, cardId: 'C' } }, null, 200],
    ['declined', { number: FAILING }, null, 402],
    ['unknown', {}, 'lost-answer', 202],
  ];
  for (const [key, options, fault, expected] of cases) {
    gateway.settings({ callbacks: { card: null } });
    if (fault) gateway.arm({ endpoint: 'charge', fault });
    const tokenKey = await cardToken(gateway.url, options?.number);
    const again = { ...options, body: { ...options?.body, tokenKey } };
    const first = await charge(key, again);
    const second = await charge(key, again);
    assert.deepEqual(
      [first.body.status, second.status, replayed(second.headers), second.body],
      [key, expected, 'true', first.body],
    );
  }
  assert.equal(sent().length, 3);
});

test('an order that was cancelled since is answered so', async () => {
  await charge('cancelled');
  await gateway.idle();
  const paid = await store.find(orderIdOf('test', 'cancelled'));
  assert.ok(paid);
  const cancelling = begun(paid, 'cancel');
  for (const [order, status, code] of [
    [cancelling, 'cancelling', 202],
    [answered(cancelling, succeeded()), 'cancelled', 200],
  ] as const) {
    assert.ok((await store.replace(order)).stored);
    const replay = await charge('cancelled');
    assert.deepEqual([replay.status, replayed(replay.headers), replay.body.status], [code, 'true', status]);
  }
  assert.equal(sent().length, 1);
});

test('another body under the same key: 422, nothing sent, the order untouched', async () => {
  const { order } = await chargeThenCallback('reused', { body: { reference: 'A', installments: '01', cardId: 'C1' } });
  const own = { reference: 'A', installments: '01', cardId: 'C1' };
  const others = [
    { ...own, amount: 8001 },
    { ...own, cardId: 'C2' },
    { ...own, installments: '03' },
    { ...own, reference: 'B' },
    { ...own, reference: undefined },
    {},
  ];
  for (const body of others) {
    const answer = await charge('reused', { body });
    assert.deepEqual(
      [answer.status, answer.body.code, replayed(answer.headers)],
      [422, 'idempotency_key_reused', undefined],
      JSON.stringify(body),
    );
  }
  assert.deepEqual([sent().length, await read(order.orderId)], [1, order]);
});

test('phone, e-mail and token are no part of the request: with others it is a replay, and nothing is sent', async () => {
  const { order } = await chargeThenCallback('payer');
  for (const body of [{ phone: '09012345679' }, { phone: '090-1234-5678' }, { email: 'jiro@example.com' }]) {
    const again = await charge('payer', { body });
    assert.deepEqual([again.status, replayed(again.headers), again.body], [200, 'true', order], JSON.stringify(body));
  }
  assert.equal(sent().length, 1);
});

test('key order, white space and the way numbers and letters are written do not count', async () => {
  const token = await cardToken(gateway.url);
  const { body } = await call('POST', '/card/charges', { key: 'spelling', body: bodyOf(token) });
  const spellings = [
    `{"email":"taro@example.com","phone":"09012345678","amount":8000,"tokenKey":"another"}`,
    ` {\r\n "tokenKey" : "x" ,\t"amount":8e3, "phone":"09012345678","email":"taro@example.com" }\n`,
    `{"tokenKey":"x","amount":8000.0,"phone":"0901234567\\u0038","\\u0065mail":"taro@example.com"}`,
  ];
  for (const spelling of spellings) {
    const answer = await call('POST', '/card/charges', { key: 'spelling', body: spelling });
    assert.deepEqual(
      [answer.status, replayed(answer.headers), answer.body.orderId],
      [200, 'true', body.orderId],
      spelling,
    );
  }
  assert.equal(sent().length, 1);
});

test('keys differ by every character', async () => {
  const keys = ['k', 'K', 'k ', ' k', 'k1', 'k"', '~', 'x'.repeat(255), `${'x'.repeat(254)}y`];
  const ids = [];
  for (const key of keys) ids.push((await charge(key)).body.orderId);
  assert.equal(new Set(ids).size, keys.length);
});

test('20 equal requests at once: one request at the gateway, one charge, and every answer is of its order', async () => {
  const token = await cardToken(gateway.url);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => call('POST', '/card/charges', { key: 'twenty', body: bodyOf(token) })),
  );
  await gateway.idle();
  assert.deepEqual([sent().length, gateway.ledger().length], [1, 1]);
  assert.equal(answers.filter(each => each.status === 201).length, 1);
  for (const { status, headers, body } of answers) {
    if (status === 409)
      assert.deepEqual([body.code, /^[1-9]\d*$/.test(String(headers['retry-after']))], ['in_progress', true]);
    else assert.deepEqual([body.orderId, body.status], [orderIdOf('test', 'twenty'), 'paid']);
  }
});

/** A charge that has reached the gateway and gets no answer before `release`. */
async function chargeOnHold(key: string) {
  gateway.settings({ callbacks: { card: gate.url } });
  gateway.arm({ endpoint: 'charge', fault: 'callback-first' });
  const answer = charge(key);
  await until(async () => gate.entered(), 'the request to arrive');
  return { answer, release: gate.release };
}

test('while the first runs: 409 in_progress with Retry-After, 422 for another body, and a read says sending', async () => {
  const { answer, release } = await chargeOnHold('running');
  const second = await charge('running');
  assert.deepEqual(
    [second.status, second.body.code, second.headers['content-type']],
    [409, 'in_progress', 'application/problem+json'],
  );
  assert.match(String(second.headers['retry-after']), /^[1-9]\d*$/);
  assert.equal((await charge('running', { body: { amount: 1 } })).status, 422);
  assert.equal((await read(orderIdOf('test', 'running'))).status, 'sending');
  release();
  assert.equal((await answer).status, 201);
  assert.equal(sent().length, 1);
});

test('a claim gone stale reads as unknown, is never sent again, and the answer that still comes settles it', async () => {
  const { answer: first, release } = await chargeOnHold('stale');
  const orderId = orderIdOf('test', 'stale');
  const { createdAt } = await read(orderId);
  const at = (milliseconds: number) => new Date(Date.parse(createdAt) + milliseconds);
  const token = await cardToken(gateway.url);

  mock.timers.enable({ apis: ['Date'], now: at(119_999) });
  assert.equal((await read(orderId)).status, 'sending');
  assert.equal((await call('POST', '/card/charges', { key: 'stale', body: bodyOf(token) })).status, 409);

  mock.timers.setTime(at(120_000).getTime());
  const order = await read(orderId);
  assert.deepEqual(
    [order.status, order.attention],
    ['unknown', [{ reason: 'outcome_unknown', since: at(120_000).toISOString(), note: null }]],
  );
  const repeated = await call('POST', '/card/charges', { key: 'stale', body: bodyOf(token) });
  assert.deepEqual([repeated.status, replayed(repeated.headers), repeated.body.status], [202, 'true', 'unknown']);

  release();
  const answer = await first;
  assert.deepEqual([answer.status, answer.body.status, answer.body.attention], [201, 'paid', []]);
  assert.deepEqual([sent().length, gateway.ledger().length], [1, 1]);
});

test('a stale claim whose function is dead is settled by its callback', async () => {
  gateway.arm({ endpoint: 'charge', fault: 'no-callback' });
  const { body } = await charge('dead');
  const order = await store.find(body.orderId);
  assert.ok(order);
  // As a function leaves it that dies while it waits.
  const at = new Date(Date.now() - 120_000).toISOString();
  const steps = order.steps.map(step => ({ ...step, claim: { id: 'dead', at }, answer: null }) as Send);
  const left = { ...order, steps, numbers: [], history: order.history.slice(0, 1), version: order.version + 1 };
  assert.ok((await store.replace(left)).stored);
  assert.equal((await read(body.orderId)).status, 'unknown');
  const [record] = gateway.callbacks();
  await gateway.resend(record?.id ?? '');
  const settled = await read(body.orderId);
  assert.deepEqual([settled.status, settled.attention], ['paid', []]);
  const events = settled.history.map(({ event, from, to }: Record<string, string>) => [event, from, to]);
  assert.deepEqual(events, [
    ['token_charge', null, 'sending'],
    ['card_ok', 'sending', 'paid'],
  ]);
});

test('a call answered 400 leaves no key behind', async () => {
  assert.equal((await charge('after-400', { body: { amount: -1 } })).status, 400);
  assert.equal((await charge('after-400', { body: { cardNumber: '4111' } })).status, 400);
  assert.equal((await charge('after-400')).status, 201);
});

test('a body that is not valid is 400 under a used key too: the body is checked before the key is looked up', async () => {
  await charge('used');
  await gateway.idle();
  const count = await countDynamoDb(async () => {
    const { status, body } = await charge('used', { body: { amount: -1 } });
    assert.deepEqual([status, body.code], [400, 'invalid_request']);
  });
  assert.deepEqual(count, {});
});
