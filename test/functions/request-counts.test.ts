/** What each call costs at DynamoDB. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { callBack, cardParameters } from '../support/callbacks.ts';
import { cardCalls } from '../support/card.ts';
import { cardToken, countDynamoDb, startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway, call } = local;
const { bodyOf } = cardCalls(local);
beforeEach(() => {
  gateway.reset();
  gateway.settings({ callbacks: { card: null } });
});

async function costOfCharge(key: string, more: Record<string, unknown> = {}, number?: string) {
  const token = await cardToken(gateway.url, number);
  return countDynamoDb(() => call('POST', '/card/charges', { key, body: bodyOf(token, more) }));
}

async function orderWith(key: string, fault?: 'lost-answer') {
  if (fault) gateway.arm({ endpoint: 'charge', fault });
  const { body } = await call('POST', '/card/charges', { key, body: bodyOf(await cardToken(gateway.url)) });
  const ordd = gateway.orders().at(-1)?.orderNumber ?? '';
  const parameters = (changes = {}) => cardParameters({ sendpoint: body.orderId, ordd, ...changes });
  return {
    orderId: body.orderId as string,
    costOf: (changes = {}) => countDynamoDb(() => callBack(parameters(changes))),
  };
}

test('a charge: two writes and no read, however it ends', async () => {
  assert.deepEqual(await costOfCharge('paid'), { PutItem: 2 });
  assert.deepEqual(await costOfCharge('declined', {}, '0000000000000000'), { PutItem: 2 });
  gateway.arm({ endpoint: 'charge', fault: 'lost-answer' });
  assert.deepEqual(await costOfCharge('unknown'), { PutItem: 2 });
  gateway.arm({ endpoint: 'charge', fault: 'maintenance' });
  assert.deepEqual(await costOfCharge('not-processed'), { PutItem: 2 });
});

test('with a cardId: one more, for the card', async () => {
  assert.deepEqual(await costOfCharge('kept', { cardId: 'C1' }), { PutItem: 2, UpdateItem: 1 });
  assert.deepEqual(await costOfCharge('registered', { cardId: 'C1', amount: 0 }), { PutItem: 2, UpdateItem: 1 });
});

test('a replay, a reused key: one request', async () => {
  await costOfCharge('again');
  assert.deepEqual(await costOfCharge('again'), { PutItem: 1 });
  assert.deepEqual(await costOfCharge('again', { amount: 1 }), { PutItem: 1 });
});

test('a read: one', async () => {
  const { orderId } = await orderWith('read');
  assert.deepEqual(await countDynamoDb(() => call('GET', `/orders/${orderId}`)), { GetItem: 1 });
});

test('a normal callback, first or after the answer, and each repeat of it: one', async () => {
  for (const [key, fault] of [
    ['normal', undefined],
    ['normal-lost', 'lost-answer'],
  ] as const) {
    const { costOf } = await orderWith(key, fault);
    for (let i = 0; i < 3; i += 1) assert.deepEqual(await costOf(), { UpdateItem: 1 }, `${key}, call ${i}`);
  }
});

test('a contradictory or mismatched callback: two', async () => {
  const { costOf } = await orderWith('against');
  assert.deepEqual(await costOf({ result: 'NG' }), { UpdateItem: 1, PutItem: 1 });
  assert.deepEqual(await costOf({ ordd: 'N-9' }), { UpdateItem: 1, PutItem: 1 });
  assert.deepEqual(await costOf({ money: '1' }), { UpdateItem: 1, PutItem: 1 });
  assert.equal(sum(await costOf({ clientip: '12345' })), 2);
  assert.equal(sum(await costOf({ result: 'XX' })), 2);
});

test('a callback of nobody: two where its sendpoint could be ours, and two when it comes again', async () => {
  const parameters = cardParameters({ sendpoint: 'A'.repeat(32), ordd: 'E-1' });
  for (let i = 0; i < 2; i += 1) assert.equal(sum(await countDynamoDb(() => callBack(parameters))), 2);
});

test('what is refused before it is believed: none', async () => {
  assert.deepEqual(await countDynamoDb(() => callBack(cardParameters(), { sourceIp: '192.0.2.1' })), {});
  assert.deepEqual(await countDynamoDb(() => callBack(cardParameters({ result: null }))), {});
});

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);
