/** What a charge's request must be, row by row; everything wrong is named at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEvent } from '../../infra/local/event.ts';
import { cardCalls } from '../support/card.ts';
import { countDynamoDb, invoke, startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway, call } = local;
const { bodyOf, charge, sent } = cardCalls(local);

const post = (body: unknown, key = 'input') => call('POST', '/card/charges', { key, body });
const faultsOf = ({ body }: { body: { errors?: { field: string; code: string }[] } }) =>
  (body.errors ?? []).map(({ field, code }) => `${field} ${code}`).toSorted();

const rows: Record<string, { good: unknown[]; bad: unknown[] }> = {
  amount: {
    good: [1, 8000, 9_999_999],
    bad: [-1, 10_000_000, 0.5, 8000.1, '8000', null, true, [8000], {}, 1e21, undefined],
  },
  phone: {
    good: ['1234567', '1'.repeat(32), '090-1234-5678', ' 090 1234 5678 ', '0-0-0-0-0-0-0'],
    bad: ['123456', '1'.repeat(33), '', '-------', '090+1234567', '+819012345678', '(03)12345678', '０９０１２３４５６７８', 9012345678, null, ['0312345678'], undefined],
  },
  email: {
    good: ['a@b', 'x', `${'e'.repeat(46)}@a.b`, '!#$%&*+-/=?^_`{|}~.@'],
    bad: ['', `${'e'.repeat(47)}@a.b`, 'a b@c', 'a@b,c', "o'neil@b", '"a"@b', 'a(b)@c', 'ａ@b', '太郎@example.com', 'a@b\n', 5, null, undefined],
  },
  tokenKey: {
    good: [],
    bad: ['', 'x'.repeat(87), 'トークン', 'a\tb', 'a\u007f', 7, null, {}, undefined],
  },
  cardId: {
    good: ['C', 'C'.repeat(25), 'a b', '\\!#$%()~|-@[:]./`{*}?_', '¥'.repeat(25), undefined],
    bad: ['', 'C'.repeat(26), ' a', 'a ', ' ', 'a+b', 'a&b', 'a,b', 'a"b', "a'b", 'a<b>', 'a^b', 'a;b', 'カード', 'a\nb', 1, null],
  },
  installments: {
    good: ['01', '03', '05', '06', '10', '12', '15', '18', '20', '24', '99', undefined],
    bad: ['', '1', '02', '04', '11', '36', '00', '0 1', '０１', 3, null, ['03']],
  },
  reference: {
    good: ['A', 'x'.repeat(64), '注文 1', '😀'.repeat(64), undefined],
    bad: ['', 'x'.repeat(65), '😀'.repeat(65), 5, null, {}],
  },
};

let count = 0;
for (const [field, { good, bad }] of Object.entries(rows)) {
  test(`${field}: what fits is taken`, async () => {
    for (const value of good) {
      count += 1;
      const { status, body } = await charge(`good-${count}`, { body: { [field]: value } });
      assert.equal(status, 201, `${JSON.stringify(value)}: ${JSON.stringify(body)}`);
    }
  });

  test(`${field}: what does not fit is named, and nothing is sent or stored`, async () => {
    await gateway.idle();
    const before = sent().length;
    const requests = await countDynamoDb(async () => {
      for (const value of bad) {
        const answer = await post(bodyOf('token', { [field]: value }));
        const code = value === undefined ? 'required' : 'invalid';
        assert.deepEqual([answer.status, answer.body.code, faultsOf(answer)], [400, 'invalid_request', [`${field} ${code}`]], JSON.stringify(value));
      }
    });
    assert.deepEqual([sent().length - before, requests], [0, {}]);
  });
}

test('everything wrong is named at once, in one problem document, and no value of it comes back', async () => {
  const canary = { amount: -987654, phone: 'phone-canary', email: 'mail canary', cardId: ' card-canary', installments: 'canary', reference: '', extra: 'extra-canary' };
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
  const body = JSON.stringify(bodyOf('t')).replace('}', ',"currency":"JPY","token":"x","":1,"constructor":1,"__proto__":{"a":1},"amount ":1}');
  assert.deepEqual(faultsOf(await post(body)), [' unknown_field', '__proto__ unknown_field', 'amount  unknown_field', 'constructor unknown_field', 'currency unknown_field', 'token unknown_field']);
});

test('a body that is no JSON object is one fault', async () => {
  for (const body of ['{', '', 'null', '[]', '"text"', '1', 'true', '{"amount":1,}', "{'amount':1}", '{"amount":NaN}', `${JSON.stringify(bodyOf('t'))}x`, '\u{feff}']) {
    const answer = await post(body);
    assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request'], body);
    assert.ok(answer.body.errors.length > 0, body);
  }
});

const eventOf = (body: Buffer) =>
  toEvent(
    { method: 'POST', path: '/card/charges', rawQuery: '', headers: { 'idempotency-key': 'raw' }, body, sourceIp: '127.0.0.1' },
    { routeKey: 'POST /card/charges', pathParameters: {} },
  );

test('a body that is no UTF-8 is refused, not repaired', async () => {
  for (const bytes of [[0x83, 0x4a], [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80]]) {
    const body = Buffer.concat([Buffer.from('{"reference":"'), Buffer.from(bytes), Buffer.from('"}')]);
    const answer = (await invoke('token-charge', eventOf(body))) as { statusCode: number; body: string };
    assert.deepEqual([answer.statusCode, JSON.parse(answer.body).code], [400, 'invalid_request']);
  }
});

test('a base64 body is read as well', async () => {
  const answer = (await invoke('token-charge', eventOf(Buffer.from('{"amount":-1}')))) as { statusCode: number; body: string };
  assert.deepEqual([answer.statusCode, JSON.parse(answer.body).errors.length], [400, 4]);
});

test('a body far larger than any of the contract is refused before it is read', async () => {
  const { status, body } = await post(bodyOf('t', { reference: 'x'.repeat(20_000) }));
  assert.deepEqual([status, body.code, body.errors.length], [400, 'invalid_request', 1]);
});

test('a reference that no database can store is a fault of the caller', async () => {
  const { status, body } = await post(JSON.stringify(bodyOf('t')).replace('}', ',"reference":"a\\ud800b"}'), 'surrogate');
  assert.deepEqual([status, body.code, faultsOf({ body })], [400, 'invalid_request', ['reference invalid']]);
});

test('card data in any field name is refused as such, at any depth, and comes back nowhere', async () => {
  const planted = '4000000000000002';
  const bodies = [{ cardNumber: planted }, { card: { number: planted } }, { more: [{ CVV: planted }] }, { tokenKey: { expiry: planted } }, { 'カード番号': planted }];
  const before = local.lines.length;
  for (const more of bodies) {
    const answer = await post(bodyOf('t', more));
    assert.deepEqual([answer.status, answer.body.code, answer.body.errors], [400, 'card_data_refused', undefined], JSON.stringify(more));
    assert.doesNotMatch(JSON.stringify(answer), new RegExp(planted));
  }
  assert.doesNotMatch(JSON.stringify(local.lines.slice(before)), new RegExp(planted));
  assert.equal(local.lines.length - before, bodies.length);
});

test('the key must be there, printable ASCII, and at most 255 characters; it is looked at first', async () => {
  for (const key of [undefined, '', 'x'.repeat(256), 'キー', 'a\tb', 'a\nb', 'a\u007f', 'é']) {
    const answer = await call('POST', '/card/charges', { ...(key !== undefined && { key }), body: { cardNumber: '4111', amount: -1 } });
    assert.deepEqual([answer.status, answer.body.code], [400, 'idempotency_key_invalid'], JSON.stringify(key));
    assert.equal(answer.headers['content-type'], 'application/problem+json');
  }
});

test('nothing of all this was sent', () => {
  assert.deepEqual(sent().filter(request => request.answer?.body.startsWith('Invalid')), []);
});
