/** POST /cvs/orders, row by row of contract 1.7: what is refused is refused here, all faults at once, and nothing is sent. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { cvsCalls } from '../support/cvs.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal({ testPayments: 'accept' });
const { gateway, call } = local;
const { order, sent } = cvsCalls(local);
afterEach(() => assert.deepEqual(sent(), [], 'something reached the gateway'));

interface Fault {
  field: string;
  code: string;
  message: string;
}
const faultsOf = async (more: Record<string, unknown>): Promise<Fault[]> => {
  const { status, headers, body } = await order('invalid', more);
  assert.deepEqual(
    [status, body.status, body.code, headers['content-type']],
    [400, 400, 'invalid_request', 'application/problem+json'],
    JSON.stringify(more),
  );
  return body.errors;
};

const refused: Record<string, unknown[]> = {
  store: ['', 'D002', 'Lawson', 'lawson ', 'toString', 7, null, ['lawson'], {}],
  amount: [199, 300_000, 0, -200, 200.5, '8000', null, true, 1e21, [8000]],
  name: [
    ...['', ' ', '　', ' 　 ', 'ソ'.repeat(21), 'ｾﾞ'.repeat(21), `${'ソ'.repeat(20)} `],
    ...[
      '山田太郎',
      'ヤマダ太郎',
      'Zeus',
      'ゼウス1',
      'ゼウス１',
      'ゼウス・タロウ',
      'ｾﾞｳｽ･ﾀﾛｳ',
      'ゼウス、',
      'ゝ',
      'ヽ',
      '゛',
      'ﾞ',
      '〜',
      '～',
      '-',
      '−',
      '‐',
    ],
    ...[
      'ヷ',
      'か゚',
      'カ\u309a',
      '😀',
      '𛀀',
      'ㇰ',
      '\t',
      'ゼ\nウ',
      'ゼ\u0000',
      '\ufeffゼ',
      '\u00a0',
      '?',
      7,
      null,
      ['ゼ'],
    ],
  ],
  phone: [
    ...[
      '',
      '-',
      '01234567',
      '012345678901',
      '123456789',
      '12345678901',
      '+81312345678',
      '０３１２３４５６７８',
      '03(1234)5678',
      '03.1234.5678',
    ],
    ...['0312345678a', '03－1234－5678', 312345678, null],
  ],
  email: [
    ...['', `${'a'.repeat(39)}@example.com`, 'a b@c', ' a@b', 'a@b ', 'a\n@b', 'あ@c', 'ａ@c', 'é@c', '😀@c'],
    ...['(', ')', ',', ';', ':', '"', "'", '<', '>', '[', ']', '\\', '¥'].map(sign => `a${sign}b@c`),
    ...[7, null],
  ],
  reference: ['', 'a'.repeat(65), 7, null],
};

for (const [field, values] of Object.entries(refused)) {
  test(`${field}: what it must not be`, async () => {
    for (const value of values) {
      const what = `${field} ${JSON.stringify(value)}`;
      const faults = await faultsOf({ [field]: value });
      assert.deepEqual([...new Set(faults.map(fault => `${fault.field} ${fault.code}`))], [`${field} invalid`], what);
      assert.match(faults[0]?.message ?? '', /^[ -~]{5,}$/, what);
      if (typeof value === 'string' && value.length > 3)
        assert.ok(!faults[0]?.message.includes(value), `${what} is quoted`);
    }
  });
}

test('the test ID has one to eight digits, the test type one of three names', async () => {
  const test = { id: '12345678', type: 'paid' };
  for (const id of ['', '123456789', '1234567a', '１', ' 1', 12345678, null]) {
    assert.deepEqual(
      (await faultsOf({ test: { ...test, id } })).map(fault => [fault.field, fault.code]),
      [['test.id', 'invalid']],
      String(id),
    );
  }
  for (const type of ['', '1', 'Paid', 'cancelled', 1, null]) {
    assert.deepEqual(
      (await faultsOf({ test: { ...test, type } })).map(fault => [fault.field, fault.code]),
      [['test.type', 'invalid']],
      String(type),
    );
  }
  for (const value of [null, true, 'paid', ['1', 'paid']]) {
    assert.deepEqual(
      (await faultsOf({ test: value })).map(fault => fault.field),
      ['test'],
      String(value),
    );
  }
});

test('whatever is required and missing is named', async () => {
  for (const field of ['store', 'amount', 'name', 'phone', 'email']) {
    assert.deepEqual(await faultsOf({ [field]: undefined }), [{ field, code: 'required', message: 'is required' }]);
  }
  const required = ['test.id', 'test.type'].map(field => ({ field, code: 'required', message: 'is required' }));
  assert.deepEqual(await faultsOf({ test: {} }), required);
});

test('all faults at once, nested ones and unknown fields among them', async () => {
  const faults = await faultsOf({
    store: 'D002',
    amount: 199,
    name: '山田',
    phone: '1',
    email: undefined,
    reference: '',
    test: { id: 'x', type: '1', kind: 'paid' },
    installments: '01',
    コンビニ: 1,
  });
  assert.deepEqual(faults.map(fault => `${fault.field} ${fault.code}`).toSorted(), [
    'amount invalid',
    'email required',
    'installments unknown_field',
    'name invalid',
    'phone invalid',
    'reference invalid',
    'store invalid',
    'test.id invalid',
    'test.kind unknown_field',
    'test.type invalid',
    'コンビニ unknown_field',
  ]);
});

test('a kanji name is told what a name may be, and how wide', async () => {
  assert.match((await faultsOf({ name: '山田太郎' }))[0]?.message ?? '', /katakana/);
  assert.match((await faultsOf({ name: 'ソ'.repeat(21) }))[0]?.message ?? '', /40 bytes/);
  assert.match((await faultsOf({ name: '　' }))[0]?.message ?? '', /spaces/);
  assert.match((await faultsOf({ phone: '123456789' }))[0]?.message ?? '', /0/);
  assert.match(
    (await faultsOf({ store: 'poplar' }))[0]?.message ?? '',
    /seven-eleven, lawson, familymart, seicomart, ministop, daily-yamazaki/,
  );
});

test('a body that is no object is a fault too', async () => {
  for (const body of ['[]', '"text"', '1', 'null', '{', '{"store":}', 'store=lawson']) {
    const answered = await call('POST', '/cvs/orders', { key: 'no object', body });
    assert.deepEqual([answered.status, answered.body.code], [400, 'invalid_request'], body);
    assert.ok(answered.body.errors.length > 0, body);
  }
});

test('card data is refused by the name of its field', async () => {
  for (const more of [
    { cardNumber: '4111111111111111' },
    { cvv: '123' },
    { test: { id: '1', type: 'paid', expiry: '12/30' } },
  ]) {
    const { status, body } = await order('card data', more);
    assert.deepEqual([status, body.code], [400, 'card_data_refused']);
  }
});

test('the key comes first, and a refused request leaves none behind', async () => {
  for (const key of [undefined, '', 'a'.repeat(256), 'é', 'a\tb']) {
    const { status, body } = await call('POST', '/cvs/orders', {
      ...(key !== undefined && { key }),
      body: { store: 'nowhere' },
    });
    assert.deepEqual([status, body.code], [400, 'idempotency_key_invalid'], key);
  }
  await faultsOf({ amount: 199 });
  const { status, headers } = await order('invalid', { amount: 200 });
  assert.deepEqual([status, headers['idempotent-replayed']], [201, undefined]);
  await gateway.idle();
  assert.equal(sent().length, 1);
  gateway.reset();
});
