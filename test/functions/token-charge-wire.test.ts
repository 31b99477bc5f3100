/** The bytes that reach secure.cgi: manual 000, parameters of the first charge, each field in the manual's order. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { cardCalls } from '../support/card.ts';
import { cardToken, startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway, call } = local;
const { bodyOf, sent, wire } = cardCalls(local);
beforeEach(() => gateway.reset());

/** Base64, of which `+` and `/` are escaped. */
const escapedToken = (token: string) => token.replaceAll('+', '%2B').replaceAll('/', '%2F').replaceAll('=', '%3D');

async function bodyOnTheWire(key: string, more: Record<string, unknown>) {
  const token = await cardToken(gateway.url);
  const { status } = await call('POST', '/card/charges', { key, body: bodyOf(token, more) });
  assert.equal(status, 201);
  assert.deepEqual(
    sent().flatMap(request => [...request.violations, ...request.notes]),
    [],
  );
  return { body: wire()[0], token: escapedToken(token), orderId: orderIdOf('test', key) };
}

test('the least: everything required, sendpoint and printord, nothing else', async () => {
  const { body, token, orderId } = await bodyOnTheWire('least', {});
  const head = `clientip=2019000001&token_key=${token}&money=8000&send=mall&telno=09012345678&email=taro%40example.com`;
  assert.equal(body, `${head}&sendpoint=${orderId}&printord=yes`);
});

test('the most: every field of the table but pubsec', async () => {
  const more = {
    amount: 9_999_999,
    phone: '0312345678',
    email: 'a@b',
    cardId: 'CARD 1',
    installments: '24',
    reference: 'not sent',
  };
  const { body, token, orderId } = await bodyOnTheWire('most', more);
  const head = `clientip=2019000001&token_key=${token}&money=9999999&send=mall&telno=0312345678&email=a%40b`;
  assert.equal(body, `${head}&sendid=CARD+1&sendpoint=${orderId}&printord=yes&div=24`);
});

test("every sign of the card ID's class, and of the e-mail's", async () => {
  const signs = { cardId: 'A\\!#$%()~|- @[:]./`{*}?_9', email: 'a!#$%*+-/=?^_`{|}~.9@example.com' };
  const { body, token, orderId } = await bodyOnTheWire('signs', signs);
  const head = `clientip=2019000001&token_key=${token}&money=8000&send=mall&telno=09012345678`;
  const email = 'a%21%23%24%25*%2B-%2F%3D%3F%5E_%60%7B%7C%7D%7E.9%40example.com';
  const cardId = 'A%5C%21%23%24%25%28%29%7E%7C-+%40%5B%3A%5D.%2F%60%7B*%7D%3F_9';
  assert.equal(body, `${head}&email=${email}&sendid=${cardId}&sendpoint=${orderId}&printord=yes`);
});

test('a yen sign and a backslash are one byte, and one character here', async () => {
  const { body, orderId } = await bodyOnTheWire('yen', { cardId: '¥1\\2' });
  assert.match(body ?? '', /&sendid=%5C1%5C2&/);
  assert.equal((await call('GET', `/orders/${orderId}`)).body.card.cardId, '\\1\\2');
});

test('hyphens and spaces of a phone never leave', async () => {
  const { body } = await bodyOnTheWire('phone', { phone: ' 090-1234 56-78 ' });
  assert.match(body ?? '', /&telno=09012345678&/);
});

test('the widest values of every field', async () => {
  const widest = { phone: '1'.repeat(32), email: `${'e'.repeat(46)}@a.b`, cardId: 'C'.repeat(25) };
  const { body } = await bodyOnTheWire('widest', widest);
  assert.match(body ?? '', /&telno=1{32}&email=e{46}%40a\.b&sendid=C{25}&/);
});

test('one POST of a form on a fresh connection, with no other headers than it needs', async () => {
  for (const key of ['connection-1', 'connection-2'])
    await call('POST', '/card/charges', { key, body: bodyOf(await cardToken(gateway.url)) });
  const [one, two] = sent();
  assert.notEqual(one?.connection, two?.connection);
  assert.deepEqual([one?.method, one?.path], ['POST', '/cgi-bin/secure.cgi']);
  const { host: _, 'content-length': length, ...headers } = one?.headers ?? {};
  assert.deepEqual(headers, { 'content-type': 'application/x-www-form-urlencoded', connection: 'close' });
  assert.equal(length, String(wire()[0]?.length));
});

test('katakana, full-width signs, emoji: nothing of them is sent', async () => {
  for (const cardId of [
    'カード',
    'ｶｰﾄﾞ',
    '〜',
    '～',
    '😀',
    'Ａ',
    '￥',
    'é',
    'a+b',
    'a&b',
    'a=b',
    'a"b',
    "a'b",
    'a,b',
    'a;b',
    'a<b',
    'a^b',
    'a\tb',
    'a\nb',
    '\u0000',
  ]) {
    const { status, body } = await call('POST', '/card/charges', { key: 'not-ascii', body: bodyOf('t', { cardId }) });
    assert.deepEqual([status, body.errors.map((each: { field: string }) => each.field)], [400, ['cardId']], cardId);
  }
  assert.deepEqual(sent(), []);
});
