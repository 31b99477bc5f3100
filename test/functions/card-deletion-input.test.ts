/** Manual 000, deletion of a stored card: each row with values that fit and values that do not. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { cardActions } from '../support/card-actions.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { remove, at } = cardActions(local);
beforeEach(() => gateway.reset());

const rows: { field: string; wire: string; fits: [value: string, sent: string][]; refused: unknown[] }[] = [
  {
    field: 'phone',
    wire: 'telno',
    fits: [
      ['1234567', '1234567'],
      ['1'.repeat(32), '1'.repeat(32)],
      ['090-1234 5678', '09012345678'],
    ],
    refused: [
      '',
      '123456',
      '1'.repeat(33),
      '+819012345678',
      '０９０１２３４５６７８',
      'phone',
      9012345678,
      null,
      ['09012345678'],
    ],
  },
  {
    field: 'cardId',
    wire: 'sendid',
    fits: [
      ['C', 'C'],
      ['c'.repeat(25), 'c'.repeat(25)],
      ['\\!#$%()~|- @[:]./`{*}?_', '\\!#$%()~|- @[:]./`{*}?_'],
      ['¥', '\\'],
    ],
    refused: [undefined, '', 'c'.repeat(26), ' c', 'c ', 'カード', 'ｶ', 'a+b', 'a&b', 'a"b', 'a\nb', 1, null],
  },
];

let count = 0;
const post = (more: Record<string, unknown>) =>
  remove(`input-${++count}`, { cardId: 'I-1', phone: '0311112222', ...more });

for (const { field, wire, fits, refused } of rows) {
  test(`${field}: what fits reaches the gateway`, async () => {
    for (const [value, sent] of fits) {
      assert.equal((await post({ [field]: value })).status, 404);
      const request = at('deletion').at(-1);
      assert.equal(request?.parameters.find(each => each.name === wire)?.value, sent);
      assert.deepEqual(request?.violations, []);
    }
  });

  test(`${field}: what does not fit is named and never sent`, async () => {
    for (const value of refused) {
      const { status, body } = await post({ [field]: value });
      assert.deepEqual([status, body.code], [400, 'invalid_request'], JSON.stringify(value));
      assert.deepEqual(
        body.errors.map((each: { field: string }) => each.field),
        [field],
      );
    }
    assert.deepEqual(at('deletion'), []);
  });
}

test('rows that are ours alone, and fields of nothing, cannot be sent by the caller', async () => {
  for (const field of ['sendiddel', 'clientip', 'telno', 'sendid', 'amount', 'tokenKey']) {
    const { status, body } = await post({ [field]: 'yes' });
    assert.deepEqual([status, body.errors[0].field, body.errors[0].code], [400, field, 'unknown_field']);
  }
  assert.equal((await post({ cardNumber: '4111111111111111' })).body.code, 'card_data_refused');
  assert.deepEqual(at('deletion'), []);
});

test('all faults come at once, and quote no value', async () => {
  const { body } = await post({ cardId: 'canary ', phone: '12345x', surprise: 'canary' });
  assert.deepEqual(body.errors.map((each: { field: string }) => each.field).toSorted(), [
    'cardId',
    'phone',
    'surprise',
  ]);
  assert.doesNotMatch(JSON.stringify(body), /canary|12345/);
});

test('the key is looked at first, then the body', async () => {
  const { body } = await local.call('POST', '/card/deletions', { body: {} });
  assert.equal(body.code, 'idempotency_key_invalid');
  assert.equal((await remove('empty', undefined)).body.errors[0].field, 'cardId');
});
