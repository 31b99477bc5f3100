/** Manual 000, charge request for card-ID payments: each row with values that fit and values that do not. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { cardActions, recurringBody } from '../support/card-actions.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { recurring, at } = cardActions(local);
beforeEach(() => gateway.reset());

interface Row {
  field: string;
  wire: string | null;
  fits: unknown[];
  refused: unknown[];
}

const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');
const rows: Row[] = [
  {
    field: 'tokenKey',
    wire: 'token_key',
    fits: [undefined, 't', ascii.slice(0, 86), ascii.slice(-9)],
    refused: ['', 't'.repeat(87), 'ト', 't\n', 1, null],
  },
  {
    field: 'matchPhone',
    wire: 'cardnumber',
    fits: [undefined, true, false],
    refused: ['true', 1, null, '8888888888888888'],
  },
  {
    field: 'amount',
    wire: 'money',
    fits: [1, 8000, 9_999_999],
    refused: [undefined, 0, -1, 10_000_000, 0.5, '8000', null, true],
  },
  {
    field: 'phone',
    wire: 'telno',
    fits: ['1234567', '0'.repeat(31), '1'.repeat(32), '090-1234-5678', ' 03 1234 5678 '],
    refused: [
      undefined,
      '',
      '123456',
      '1'.repeat(33),
      '+819012345678',
      '０９０１２３４５６７８',
      'phone',
      9012345678,
      null,
    ],
  },
  {
    field: 'email',
    wire: 'email',
    fits: ['a', 'e'.repeat(50), 'a!#$%*+-/=?^_`{|}~.@9'],
    refused: [undefined, '', 'e'.repeat(51), 'a b@c', '"a"@b', 'あ@b', 'a\\@b', 7, null],
  },
  {
    field: 'cardId',
    wire: 'sendid',
    fits: ['C', 'c'.repeat(25), '\\!#$%()~|- @[:]./`{*}?_'],
    refused: [undefined, '', 'c'.repeat(26), ' c', 'c ', 'カード', 'a+b', 'a&b', 'a\tb', 1, null],
  },
  {
    field: 'installments',
    wire: 'div',
    fits: [undefined, '01', '03', '05', '06', '10', '12', '15', '18', '20', '24', '99'],
    refused: ['', '1', '00', '02', '04', '98', '100', 1, null],
  },
  {
    field: 'reference',
    wire: null,
    fits: [undefined, 'r', 'r'.repeat(64), '注文の番号', '😀'.repeat(64)],
    refused: ['', 'r'.repeat(65), 1, null],
  },
];

let count = 0;
const nextKey = () => `input-${++count}`;

for (const { field, wire, fits, refused } of rows) {
  test(`${field}: what fits reaches the gateway`, async () => {
    for (const value of fits) {
      const { status } = await recurring(nextKey(), { [field]: value });
      assert.notEqual(status, 400, JSON.stringify(value));
      // A token that the gateway did not issue is refused whatever its form.
      if (wire === null || wire === 'token_key') continue;
      assert.deepEqual(
        at('charge')
          .at(-1)
          ?.violations.filter(each => each.includes(wire)),
        [],
      );
    }
    assert.equal(at('charge').length, fits.length);
  });

  test(`${field}: what does not fit is named and never sent`, async () => {
    for (const value of refused) {
      const { status, headers, body } = await recurring(nextKey(), { [field]: value });
      assert.deepEqual(
        [status, body.code, headers['content-type']],
        [400, 'invalid_request', 'application/problem+json'],
        JSON.stringify(value),
      );
      assert.deepEqual(
        body.errors.map((each: { field: string }) => each.field),
        [field],
      );
      assert.equal(body.errors[0].code, value === undefined ? 'required' : 'invalid');
    }
    assert.deepEqual(at('charge'), []);
  });
}

test('all faults come at once', async () => {
  const body = {
    tokenKey: '',
    matchPhone: 1,
    amount: 0,
    phone: 'x',
    email: '',
    cardId: '',
    installments: '2',
    reference: '',
    surprise: 1,
  };
  const answer = await local.call('POST', '/card/recurring-charges', { key: nextKey(), body });
  assert.deepEqual(
    answer.body.errors.map((each: { field: string }) => each.field).toSorted(),
    Object.keys(body).toSorted(),
  );
});

test('a fault quotes no value', async () => {
  const { body } = await recurring(nextKey(), {
    phone: '0901234567x',
    email: 'canary mail',
    cardId: 'canary ',
    tokenKey: 'カナリア',
  });
  assert.doesNotMatch(JSON.stringify(body), /canary|0901234567|カナリア/);
});

test('rows that are ours alone cannot be sent by the caller', async () => {
  for (const field of ['clientip', 'send', 'sendpoint', 'pubsec', 'printord', 'div', 'telno', 'money', 'sendid']) {
    const { status, body } = await recurring(nextKey(), { [field]: 'yes' });
    assert.deepEqual([status, body.errors], [400, [{ field, code: 'unknown_field', message: body.errors[0].message }]]);
  }
  assert.deepEqual(at('charge'), []);
});

test('card data in any spelling is refused as such', async () => {
  for (const field of ['cardnumber', 'card_number', 'expyy', 'expmm', 'CVV', 'security-code', 'Expiry']) {
    const { status, body } = await recurring(nextKey(), { [field]: '00' });
    assert.deepEqual([status, body.code], [400, 'card_data_refused'], field);
  }
  assert.deepEqual(at('charge'), []);
});

test('the key is looked at before the body', async () => {
  for (const key of [undefined, '', 'k'.repeat(256), 'キー', 'tab\t']) {
    const options = { body: { amount: 0 }, ...(key !== undefined && { key }) };
    const { status, body } = await local.call('POST', '/card/recurring-charges', options);
    assert.deepEqual([status, body.code], [400, 'idempotency_key_invalid'], key);
  }
  for (const key of [' ', '~', 'k'.repeat(255)]) {
    assert.notEqual((await recurring(key)).status, 400);
  }
});

test('a body that is no object of JSON is refused', async () => {
  for (const body of ['', '{', '[]', 'null', '"x"', '1']) {
    const answer = await local.call('POST', '/card/recurring-charges', { key: nextKey(), body });
    assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request'], body);
  }
});

test('a request that was refused leaves its key free', async () => {
  const key = nextKey();
  assert.equal((await recurring(key, { amount: 0 })).status, 400);
  assert.notEqual((await recurring(key, recurringBody())).body.code, 'idempotency_key_reused');
});
