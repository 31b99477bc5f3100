/** What each call costs at DynamoDB. */
import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { post } from '../local/simulator/support.ts';
import { authenticationCalls, passed } from '../support/authentication.ts';
import { callBack, cardParameters } from '../support/callbacks.ts';
import { cardActions } from '../support/card-actions.ts';
import { cardToken, countDynamoDb, startLocal } from '../support/local.ts';
import { noonText } from '../support/orders.ts';

const local = await startLocal();
const { gateway, call } = local;
const { bodyOf, charge, paid, cancel, remove, recurring, resolve } = cardActions(local);
const silent = { card: null, carrier: null, cvs: null };
// Noon: from 23:55 a settlement without a day is for the next one.
mock.timers.enable({ apis: ['Date'], now: new Date(noonText) });
beforeEach(() => {
  gateway.reset();
  gateway.settings({ callbacks: silent, cancelWaitMs: 0 });
  gateway.setClock(noonText);
});

const readAndWrite = { GetItem: 1, PutItem: 1 };
const operation = { GetItem: 1, PutItem: 2 };

async function costOfCharge(key: string, more: Record<string, unknown> = {}, number?: string) {
  const token = await cardToken(gateway.url, number);
  return countDynamoDb(() => call('POST', '/card/charges', { key, body: bodyOf(token, more) }));
}

async function orderWith(key: string, fault?: 'lost-answer') {
  if (fault) gateway.arm({ endpoint: 'charge', fault });
  const { body } = await charge(key);
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
  assert.deepEqual(await costOfCharge('not-processed'), { PutItem: 3 });
});

test('with a cardId: one more, for the card; a charge of a stored card: two', async () => {
  assert.deepEqual(await costOfCharge('kept', { cardId: 'C1' }), { PutItem: 2, UpdateItem: 1 });
  assert.deepEqual(await costOfCharge('registered', { cardId: 'C1', amount: 0 }), { PutItem: 2, UpdateItem: 1 });
  assert.deepEqual(await countDynamoDb(() => recurring('stored', { cardId: 'C1' })), { PutItem: 2 });
});

test('with 3-D Secure: two writes until the payer takes over; a completion reads once and writes three times', async () => {
  const { begin, risk, complete } = authenticationCalls(local);
  assert.deepEqual(await countDynamoDb(() => begin('3ds enrolled')), { PutItem: 2 });
  assert.deepEqual(await countDynamoDb(() => begin('3ds kept', { cardId: 'C1' })), { PutItem: 2, UpdateItem: 1 });
  const { body } = await begin('3ds completed');
  await risk(body.browser.md);
  const finish = () => complete(body.orderId, 'k', { md: body.browser.md, ...passed });
  assert.deepEqual(await countDynamoDb(finish), { GetItem: 1, PutItem: 3 });
  assert.deepEqual(await countDynamoDb(finish), { GetItem: 1 });
  const other = await begin('3ds refused');
  const refuse = () => complete(other.body.orderId, 'k', { md: other.body.browser.md, paRes: 'N', status: 'success' });
  assert.deepEqual(await countDynamoDb(refuse), { GetItem: 1, PutItem: 1 });
});

test('a replay, a reused key, a read: one', async () => {
  const { orderId } = await orderWith('again');
  assert.deepEqual(await costOfCharge('again'), { PutItem: 1 });
  assert.deepEqual(await costOfCharge('again', { amount: 1 }), { PutItem: 1 });
  assert.deepEqual(await countDynamoDb(() => call('GET', `/orders/${orderId}`)), { GetItem: 1 });
});

test('a cancel: three, its replay one', async () => {
  const orderId = await paid('cancelled');
  assert.deepEqual(await countDynamoDb(() => cancel(orderId, 'cancel')), operation);
  assert.deepEqual(await countDynamoDb(() => cancel(orderId, 'cancel')), { GetItem: 1 });
});

test('a deletion: three, its replay one', async () => {
  await charge('kept for deletion', { body: { amount: 0, cardId: 'C2' } });
  assert.deepEqual(await countDynamoDb(() => remove('delete', { cardId: 'C2' })), operation);
  assert.deepEqual(await countDynamoDb(() => remove('delete', { cardId: 'C2' })), { GetItem: 1 });
});

/** A carrier order that the payer has authorized. */
async function authorized(key: string): Promise<string> {
  gateway.settings({ callbacks: { ...silent, carrier: `${local.inbox.url}/local/carrier` } });
  const body = { carrier: 'docomo', amount: 8000, name: 'ゼウス', phone: '0312345678' };
  const made = await call('POST', '/carrier/orders', { key, body });
  await post(made.body.form.action, made.body.form.fields);
  gateway.carrier({ orderNumber: gateway.orders().at(-1)?.orderNumber ?? '', action: 'complete' });
  await gateway.idle();
  gateway.settings({ callbacks: silent });
  return made.body.orderId;
}
const operate = (orderId: string, name: 'settlement' | 'return', body?: object, method = 'POST') =>
  countDynamoDb(async () => {
    const { status } = await call(method, `/carrier/orders/${orderId}/${name}`, { key: `${name} ${method}`, body });
    assert.equal(status, 200);
  });

test('a settlement, a return: three', async () => {
  const orderId = await authorized('settled');
  assert.deepEqual(await operate(orderId, 'settlement'), operation);
  assert.deepEqual(await operate(orderId, 'return'), operation);
});

test('a booking in our own schedule and its withdrawal: two; at the gateway: three', async () => {
  const ours = await authorized('booked here');
  assert.deepEqual(await operate(ours, 'settlement', { on: '2026-11-23' }), readAndWrite);
  assert.deepEqual(await operate(ours, 'settlement', undefined, 'DELETE'), readAndWrite);
  const theirs = await authorized('booked at the gateway');
  assert.deepEqual(await operate(theirs, 'settlement', { on: '2026-11-23', by: 'gateway' }), operation);
  assert.deepEqual(await operate(theirs, 'settlement', undefined, 'DELETE'), operation);
});

test('an operator: two', async () => {
  const { orderId } = await orderWith('decided', 'lost-answer');
  const decision = { outcome: 'declined', note: 'seen in the console' };
  assert.deepEqual(await countDynamoDb(() => resolve(orderId, 'decide', decision)), readAndWrite);
});

test('a callback: two, before the response or after it; an equal one: one', async () => {
  for (const fault of [undefined, 'lost-answer'] as const) {
    const { costOf } = await orderWith(`callback ${fault}`, fault);
    assert.deepEqual(await costOf(), readAndWrite, fault);
    for (let i = 0; i < 3; i += 1) assert.deepEqual(await costOf(), { GetItem: 1 }, fault);
  }
});

test('a callback that contradicts or does not match: two; under a further gateway number: one more', async () => {
  const { costOf } = await orderWith('against');
  for (const changes of [{ result: 'NG' }, { money: '1' }, { clientip: '12345' }, { result: 'XX' }])
    assert.deepEqual(await costOf(changes), readAndWrite, JSON.stringify(changes));
  assert.deepEqual(await costOf({ ordd: 'N-9' }), { GetItem: 1, PutItem: 2 });
  assert.deepEqual(await costOf({ ordd: 'N-9', result: 'NG' }), readAndWrite);
  assert.deepEqual(await costOf({ ordd: 'N-9', result: 'NG' }), { GetItem: 1 });
});

test('a callback of no order of ours: one, and one more to look for its sendpoint; so does an equal one', async () => {
  const cost = (sendpoint: string | null, result = 'OK') =>
    countDynamoDb(() => callBack(cardParameters({ sendpoint, ordd: `E-${sendpoint}`, result })));
  for (let i = 0; i < 2; i += 1) {
    assert.deepEqual(await cost(null), { PutItem: 1 });
    assert.deepEqual(await cost('A'.repeat(32)), readAndWrite);
  }
  assert.deepEqual(await cost(null, 'NG'), { PutItem: 2 });
});

test('what is refused before it is read: none', async () => {
  assert.deepEqual(await countDynamoDb(() => callBack(cardParameters(), { sourceIp: '192.0.2.1' })), {});
  assert.deepEqual(await countDynamoDb(() => callBack(cardParameters({ result: null }))), {});
});
