/** What each field of a charge may be, row by row. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardCalls, faultsOf } from '../support/card.ts';
import { countDynamoDb, startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway, call } = local;
const { bodyOf, charge, sent } = cardCalls(local);

const post = (body: unknown) => call('POST', '/card/charges', { key: 'input', body });

const rows: Record<string, { good: unknown[]; bad: unknown[] }> = {
  amount: {
    good: [1, 8000, 9_999_999],
    bad: [-1, 10_000_000, 0.5, 8000.1, '8000', null, true, [8000], {}, 1e21, undefined],
  },
  phone: {
    good: ['1234567', '1'.repeat(32), '090-1234-5678', ' 090 1234 5678 ', '0-0-0-0-0-0-0'],
    bad: [
      '123456',
      '1'.repeat(33),
      '',
      '-------',
      '090+1234567',
      '+819012345678',
      '(03)12345678',
      '０９０１２３４５６７８',
      9012345678,
      null,
      ['0312345678'],
      undefined,
    ],
  },
  email: {
    good: ['a@b', 'x', `${'e'.repeat(46)}@a.b`, '!#$%*+-/=?^_`{|}~.@'],
    bad: [
      '',
      `${'e'.repeat(47)}@a.b`,
      'a b@c',
      'a@b,c',
      "o'neil@b",
      '"a"@b',
      'a(b)@c',
      'ａ@b',
      '太郎@example.com',
      'a@b\n',
      5,
      null,
      undefined,
    ],
  },
  tokenKey: {
    good: [],
    bad: ['', 'x'.repeat(87), 'トークン', 'a\tb', 'a\u007f', 7, null, {}, undefined],
  },
  cardId: {
    good: ['C', 'C'.repeat(25), 'a b', '\\!#$%()~|-@[:]./`{*}?_', '¥'.repeat(25), undefined],
    bad: [
      '',
      'C'.repeat(26),
      ' a',
      'a ',
      ' ',
      'a+b',
      'a&b',
      'a,b',
      'a"b',
      "a'b",
      'a<b>',
      'a^b',
      'a;b',
      'カード',
      'a\nb',
      1,
      null,
    ],
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
        assert.deepEqual(
          [answer.status, answer.body.code, faultsOf(answer)],
          [400, 'invalid_request', [`${field} ${code}`]],
          JSON.stringify(value),
        );
      }
    });
    assert.deepEqual([sent().length - before, requests], [0, {}]);
  });
}
