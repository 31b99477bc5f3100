import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { DeleteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { cardActions } from '../support/card-actions.ts';
import { startLocal } from '../support/local.ts';
import { readersOf, tableName } from '../support/table.ts';

const local = await startLocal();
const { gateway, lines } = local;
const { charge, remove, at, effects, client } = cardActions(local);
const { cardOf } = readersOf(client);
beforeEach(() => gateway.reset());

let registrations = 0;
const keep = async (cardId: string, phone = '09012345678') => {
  registrations += 1;
  const { status } = await charge(`keep ${registrations}`, { body: { amount: 0, cardId, phone } });
  assert.equal(status, 201);
};
const pairs = () => gateway.cards().map(({ sendid, telno }) => [sendid, telno]);
const phonesSent = () => at('deletion').map(({ parameters }) => parameters.find(each => each.name === 'telno')?.value);

test('a card is deleted with the phone kept for it: 200, and the record that stays holds no phone', async () => {
  await keep('D-1');
  const { status, headers, body } = await remove('d-1', { cardId: 'D-1' });
  assert.deepEqual([status, body], [200, { cardId: 'D-1', deleted: true }]);
  assert.deepEqual([headers['content-type'], headers['idempotent-replayed']], ['application/json', undefined]);
  assert.deepEqual(
    effects('deletion').map(({ sendid }) => sendid),
    ['D-1'],
  );
  assert.deepEqual(pairs(), []);
  const record = await cardOf('D-1');
  assert.ok(record);
  assert.deepEqual(
    [record.phones, record.deletion, record.dueAt, record.claim],
    [undefined, undefined, undefined, undefined],
  );
});

test('the bytes on the wire: manual 000, the deletion table in its order', async () => {
  const cardId = 'A\\!#$%()~|- @[:]./`{*}?_9';
  await keep(cardId, '0312345678');
  await remove('d-wire', { cardId });
  const [request] = at('deletion');
  const sendid = 'A%5C%21%23%24%25%28%29%7E%7C-+%40%5B%3A%5D.%2F%60%7B*%7D%3F_9';
  const wire = Buffer.from(request?.raw ?? '', 'base64').toString('latin1');
  assert.equal(wire, `sendiddel=yes&clientip=2019000001&telno=0312345678&sendid=${sendid}`);
  const { host: _, 'content-length': __, ...headers } = request?.headers ?? {};
  assert.deepEqual(headers, { 'content-type': 'application/x-www-form-urlencoded', connection: 'close' });
  assert.deepEqual(
    [request?.method, request?.path, request?.violations, request?.notes],
    ['POST', '/cgi-bin/secure.cgi', [], []],
  );
});

test('every pair of a card registered with several phones goes, and no other card', async () => {
  for (const phone of ['0311110001', '0311110002', '0311110003', '0311110001']) await keep('D-3', phone);
  await keep('D-30', '0311110001');
  const { status } = await remove('d-3', { cardId: 'D-3' });
  assert.deepEqual([status, phonesSent().toSorted()], [200, ['0311110001', '0311110002', '0311110003']]);
  assert.deepEqual([pairs(), effects('deletion').length], [[['D-30', '0311110001']], 3]);
  assert.equal((await cardOf('D-3'))?.phones, undefined);
});

test("the caller's phone deletes that pair alone; the others stay for the next call", async () => {
  for (const phone of ['0311110001', '0311110002']) await keep('D-4', phone);
  assert.equal((await remove('d-4-one', { cardId: 'D-4', phone: '03-1111 0002' })).status, 200);
  assert.deepEqual([phonesSent(), pairs()], [['0311110002'], [['D-4', '0311110001']]]);
  assert.deepEqual((await cardOf('D-4'))?.phones, new Set(['0311110001']));
  assert.equal((await remove('d-4-rest', { cardId: 'D-4' })).status, 200);
  assert.deepEqual(pairs(), []);
});

test('a card that we never kept is deleted by the phone that the caller knows', async () => {
  await keep('D-5');
  const key = { pk: 'card#D-5' };
  await DynamoDBDocumentClient.from(client).send(new DeleteCommand({ TableName: tableName, Key: key }));
  const { status, body } = await remove('d-5', { cardId: 'D-5', phone: '09012345678' });
  assert.deepEqual([status, body.deleted, pairs()], [200, true, []]);
});

test('no phone kept and none given: 400 on phone, nothing is sent, and the key stays free', async () => {
  const { status, body } = await remove('d-6', { cardId: 'D-6' });
  assert.deepEqual(
    [status, body.code, body.errors.map((each: { field: string }) => each.field)],
    [400, 'invalid_request', ['phone']],
  );
  assert.deepEqual([at('deletion'), await cardOf('D-6')], [[], undefined]);
  assert.equal((await remove('d-6', { cardId: 'D-6', phone: '0311112222' })).status, 404);
});

test('a pair that the gateway does not know: 404, and the key stays free', async () => {
  const { status, headers, body } = await remove('d-7', { cardId: 'D-7', phone: '0311112222' });
  assert.deepEqual([status, body.code, headers['content-type']], [404, 'card_not_found', 'application/problem+json']);
  await keep('D-70');
  const other = await remove('d-7', { cardId: 'D-70' });
  assert.deepEqual([other.status, other.body.deleted], [200, true]);
  const again = await remove('d-7', { cardId: 'D-7', phone: '0311113333' });
  assert.deepEqual([again.status, again.body.code], [404, 'card_not_found']);
});

test('after a deletion there is no phone left to go by', async () => {
  await keep('D-8');
  await remove('d-8', { cardId: 'D-8' });
  const { status, body } = await remove('d-8-again', { cardId: 'D-8' });
  assert.deepEqual([status, body.errors[0].field], [400, 'phone']);
  const named = await remove('d-8-named', { cardId: 'D-8', phone: '09012345678' });
  assert.deepEqual([named.status, effects('deletion').length], [404, 1]);
});

test('the same key again: 200 replayed, nothing sent, and no card registered since is touched', async () => {
  await keep('D-9');
  await remove('d-9', { cardId: 'D-9' });
  await keep('D-9');
  const { status, headers, body } = await remove('d-9', { cardId: 'D-9' });
  assert.deepEqual([status, body, headers['idempotent-replayed']], [200, { cardId: 'D-9', deleted: true }, 'true']);
  assert.deepEqual([pairs(), at('deletion').length], [[['D-9', '09012345678']], 1]);
  assert.equal((await remove('d-9-new', { cardId: 'D-9' })).status, 200);
  assert.deepEqual(pairs(), []);
});

test('the phone is no part of the request: under the same key, a pair that was not deleted yet is sent', async () => {
  for (const phone of ['0311110001', '0311110002']) await keep('D-10', phone);
  assert.equal((await remove('d-10', { cardId: 'D-10', phone: '0311110001' })).status, 200);
  const second = await remove('d-10', { cardId: 'D-10', phone: '0311110002' });
  assert.deepEqual(
    [second.status, second.body, second.headers['idempotent-replayed']],
    [200, { cardId: 'D-10', deleted: true }, undefined],
  );
  assert.deepEqual([phonesSent(), pairs()], [['0311110001', '0311110002'], []]);
});

test('a pair that is not stored, under a key that deleted already: sent, and answered 200 replayed', async () => {
  await keep('D-16');
  await remove('d-16', { cardId: 'D-16' });
  const { status, body, headers } = await remove('d-16', { cardId: 'D-16', phone: '0311112222' });
  assert.deepEqual([status, body, headers['idempotent-replayed']], [200, { cardId: 'D-16', deleted: true }, 'true']);
  assert.deepEqual([phonesSent(), pairs()], [['09012345678', '0311112222'], []]);
});

test('keys are compared within a card: the same key deletes another card', async () => {
  for (const cardId of ['D-11', 'D-12']) await keep(cardId);
  for (const cardId of ['D-11', 'D-12']) assert.equal((await remove('d-11', { cardId })).status, 200);
  assert.deepEqual(pairs(), []);
});

test('while a deletion runs, the same key and a new one are 409 with Retry-After', async () => {
  await keep('D-13');
  gateway.arm({ endpoint: 'deletion', fault: 'late-answer', ms: 400 });
  const first = remove('d-13', { cardId: 'D-13' });
  while (at('deletion').length === 0) await new Promise(resolve => setTimeout(resolve, 5));
  for (const key of ['d-13', 'd-13-new']) {
    const { status, headers, body } = await remove(key, { cardId: 'D-13' });
    assert.deepEqual([status, body.code], [409, 'in_progress']);
    assert.match(String(headers['retry-after']), /^[1-9]\d*$/);
  }
  assert.equal((await first).status, 200);
  assert.equal(at('deletion').length, 1);
  assert.equal((await remove('d-13-new', { cardId: 'D-13', phone: '09012345678' })).status, 404);
});

test('of 20 equal requests at once one is sent', async () => {
  await keep('D-14');
  const all = await Promise.all(Array.from({ length: 20 }, () => remove('d-14', { cardId: 'D-14' })));
  assert.deepEqual(
    all.filter(({ status }) => ![200, 409].includes(status)),
    [],
  );
  assert.deepEqual([at('deletion').length, effects('deletion').length], [1, 1]);
});

test('no line of the log holds a phone or a card ID', () => {
  assert.ok(lines.length > 0);
  assert.doesNotMatch(JSON.stringify(lines), /09012345678|031111|D-1|taro/);
});
