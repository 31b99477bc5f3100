/** What a charge's request must be as a whole; everything wrong is named at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEvent } from '../../local/event.ts';
import { cardCalls, faultsOf } from '../support/card.ts';
import { invoke, startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway, call } = local;
const { bodyOf } = cardCalls(local);

const post = (body: unknown, key = 'input') => call('POST', '/card/charges', { key, body });

test('everything wrong is named at once, in one problem document, and no value of it comes back', async () => {
  const canary = {
    amount: -987654,
    phone: 'phone-canary',
    email: 'mail canary',
    cardId: ' card-canary',
    installments: 'canary',
    reference: '',
    extra: 'extra-canary',
  };
  const answer = await post(canary);
  const { errors, ...problem } = answer.body;
  assert.deepEqual(problem, {
    type: 'urn:zeus-payments:problem:invalid_request',
    title: problem.title,
    status: 400,
    code: 'invalid_request',
    detail: problem.detail,
  });
  assert.deepEqual([answer.status, answer.headers['content-type']], [400, 'application/problem+json']);
  assert.deepEqual(faultsOf(answer), [
    'amount invalid',
    'cardId invalid',
    'email invalid',
    'extra unknown_field',
    'installments invalid',
    'phone invalid',
    'reference invalid',
    'tokenKey required',
  ]);
  for (const { message } of errors) assert.match(message, /^[a-z][ -~]+$/);
  assert.doesNotMatch(JSON.stringify(answer.body), /canary|987654/);
});

test('amount 0 needs a cardId, and says so along with the other faults', async () => {
  assert.deepEqual(faultsOf(await post(bodyOf('t', { amount: 0 }))), ['cardId required']);
  assert.deepEqual(faultsOf(await post(bodyOf('t', { amount: 0, email: '' }))), ['cardId required', 'email invalid']);
  assert.deepEqual(faultsOf(await post(bodyOf('t', { amount: -0 }))), ['cardId required']);
});

test('unknown fields are faults, one each, nested ones and inherited names too', async () => {
  const body = JSON.stringify(bodyOf('t')).replace(
    '}',
    ',"currency":"JPY","token":"x","":1,"constructor":1,"__proto__":{"a":1},"amount ":1}',
  );
  assert.deepEqual(faultsOf(await post(body)), [
    ' unknown_field',
    '__proto__ unknown_field',
    'amount  unknown_field',
    'constructor unknown_field',
    'currency unknown_field',
    'token unknown_field',
  ]);
});

test('a body that is no JSON object is one fault', async () => {
  for (const body of [
    '{',
    '',
    'null',
    '[]',
    '"text"',
    '1',
    'true',
    '{"amount":1,}',
    "{'amount':1}",
    '{"amount":NaN}',
    `${JSON.stringify(bodyOf('t'))}x`,
    '\u{feff}',
  ]) {
    const answer = await post(body);
    assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request'], body);
    assert.ok(answer.body.errors.length > 0, body);
  }
});

const eventOf = (body: Buffer) =>
  toEvent(
    {
      method: 'POST',
      path: '/card/charges',
      rawQuery: '',
      headers: { 'idempotency-key': 'raw' },
      body,
      sourceIp: '127.0.0.1',
    },
    { routeKey: 'POST /card/charges', pathParameters: {} },
  );

test('a body that is no UTF-8 is refused, not repaired', async () => {
  const [head, tail] = JSON.stringify(bodyOf('t', { reference: '|' })).split('|') as [string, string];
  for (const bytes of [[0x83, 0x4a], [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80]]) {
    const body = Buffer.concat([Buffer.from(head), Buffer.from(bytes), Buffer.from(tail)]);
    const answer = (await invoke('token-charge', eventOf(body))) as { statusCode: number; body: string };
    assert.deepEqual([answer.statusCode, faultsOf({ body: JSON.parse(answer.body) })], [400, [' invalid']]);
  }
});

test('a base64 body is read as well', async () => {
  const answer = (await invoke('token-charge', eventOf(Buffer.from('{"amount":-1}')))) as {
    statusCode: number;
    body: string;
  };
  assert.deepEqual([answer.statusCode, JSON.parse(answer.body).errors.length], [400, 4]);
});

test('a body far larger than any of the contract is refused before it is read', async () => {
  const { status, body } = await post(bodyOf('t', { reference: 'x'.repeat(20_000) }));
  assert.deepEqual([status, body.code, body.errors.length], [400, 'invalid_request', 1]);
});

test('card data in any field name is refused as such, at any depth, and comes back nowhere', async () => {
  const planted = '4000000000000002';
  const bodies = [
    { cardNumber: planted },
    { card: { number: planted } },
    { more: [{ CVV: planted }] },
    { tokenKey: { expiry: planted } },
    { カード番号: planted },
  ];
  const before = local.lines.length;
  for (const more of bodies) {
    const answer = await post(bodyOf('t', more));
    assert.deepEqual(
      [answer.status, answer.body.code, answer.body.errors],
      [400, 'card_data_refused', undefined],
      JSON.stringify(more),
    );
    assert.doesNotMatch(JSON.stringify(answer), new RegExp(planted));
  }
  assert.doesNotMatch(JSON.stringify(local.lines.slice(before)), new RegExp(planted));
  assert.equal(local.lines.length - before, bodies.length);
});

test('the key must be there, printable ASCII, and at most 255 characters; it is looked at first', async () => {
  for (const key of [undefined, '', 'x'.repeat(256), 'キー', 'a\tb', 'a\nb', 'a\u007f', 'é']) {
    const answer = await call('POST', '/card/charges', {
      ...(key !== undefined && { key }),
      body: { cardNumber: '4111', amount: -1 },
    });
    assert.deepEqual([answer.status, answer.body.code], [400, 'idempotency_key_invalid'], JSON.stringify(key));
    assert.equal(answer.headers['content-type'], 'application/problem+json');
  }
});

test('nothing of all this was sent', () => {
  assert.deepEqual(gateway.requests(), []);
});

test('a reference that no database can store is a fault of the caller', async () => {
  const { status, body } = await post(
    JSON.stringify(bodyOf('t')).replace('}', ',"reference":"a\\ud800b"}'),
    'surrogate',
  );
  assert.deepEqual([status, body.code, faultsOf({ body })], [400, 'invalid_request', ['reference invalid']]);
});
