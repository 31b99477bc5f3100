import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fields from '../../../shared/zeus/wire/fields.ts';

/** Values that fit, and values that do not, for every kind. */
const kinds: [name: string, kind: fields.Kind, good: string[], bad: string[]][] = [
  ['digits', fields.digits(2, 4), ['01', '1234'], ['', '1', '12345', '1a', '１２', '-1', ' 12', '12\n']],
  [
    'yen',
    fields.yen(200, 299_999),
    ['200', '8000', '299999'],
    ['', '199', '300000', '0200', '8,000', '1e3', '２００', '-200'],
  ],
  ['yen from 0', fields.yen(0, 9_999_999), ['0', '9999999'], ['00', '10000000', '-0', '+1', '1.0']],
  [
    'ipCode',
    fields.ipCode,
    ['12345', '2019000001'],
    ['', '1234', '123456', '12345678901', '1234a', '１２３４５', '12345\n'],
  ],
  ['fixed', fields.fixed('mall'), ['mall'], ['', 'Mall', 'mall ']],
  ['oneOf', fields.oneOf(['01', '99']), ['01', '99'], ['', '02', '1']],
  ['printable', fields.printable(1, 3), ['a', '~! '], ['', 'abcd', 'é', 'ア', 'a\n']],
  [
    'freeText',
    fields.freeText(25),
    ['CARD 00001', '\\!#$%()~|-@[:]./`{*}?_\\ a', 'a'.repeat(25), '¥'.repeat(25)],
    ['', 'a'.repeat(26), 'a"', "a'", 'a&b', 'a+b', 'a=b', 'a;b', 'a<b', 'a,b', 'a^b', 'ア', 'a\tb', '😀'],
  ],
  [
    'email',
    fields.email,
    ['test@cardservice.co.jp', '!#$%*+-/=?^_`{|}~.@', `${'a'.repeat(46)}@b.c`],
    [
      'a&status=05&b=@x.jp',
      'a@b\r\nc',
      '',
      `${'a'.repeat(47)}@b.c`,
      'a b@c',
      'a"@c',
      'a(@c',
      'a,@c',
      "o'neil@c",
      'ア@c',
      'é@c',
    ],
  ],
  [
    'katakana',
    fields.katakana(8),
    ['ゼウス', 'ァヶーヴ'],
    ['', 'ゼウスオオ', 'ぜうす', 'ｾﾞｳｽ', 'ゼ ウ', 'ア・イ', 'ヷ', 'A', 'カ\u3099', '😀'],
  ],
  [
    'katakanaAndSpaces',
    fields.katakanaAndSpaces(10),
    ['ゼウス　ア', 'ア'],
    ['', '　', '　　', 'ゼウス ア', 'アアアアアア'],
  ],
];

for (const [name, kind, good, bad] of kinds) {
  test(`${name} takes what fits and explains what does not, without quoting it`, () => {
    for (const value of good) assert.equal(kind.problem(value), null, value);
    for (const value of bad) assert.match(kind.problem(value) ?? '', /^(must|has) /, JSON.stringify(value));
  });
}

test('each problem is told in full', () => {
  const told: [fields.Kind, value: string, problem: string][] = [
    [fields.digits(7, 32), '030000', 'must be at least 7 bytes'],
    [fields.digits(7, 32), '0'.repeat(33), 'must be at most 32 bytes'],
    [fields.digits(7, 32), '0'.repeat(99), 'must be at most 32 bytes'],
    [fields.digits(7, 32), '03-0000-0000', 'must be half-width digits'],
    [fields.yen(200, 299_999), '1', 'must be a whole number from 200 to 299999'],
    [fields.oneOf(['01', '99']), '1', 'must be 01, 99'],
    [fields.printable(1, 40), '', 'must not be empty'],
    [fields.printable(1, 40), 'ア', 'must be printable ASCII'],
    [fields.freeText(25), '"', 'must be letters, digits, spaces or \\!#$%()~|-@[:]./`{*}?_'],
    [fields.email, '&', 'must be letters, digits or !#$%*+-/=?^_`{|}~.@'],
    [fields.katakana(50), 'ぜ', 'must be full-width katakana'],
    [fields.katakanaAndSpaces(40), 'ぜ', 'must be full-width katakana and spaces'],
    [fields.katakanaAndSpaces(40), '　', 'must not be spaces alone'],
  ];
  for (const [kind, value, problem] of told) assert.equal(kind.problem(value), problem);
});

test('the shortest values and every letter and digit fit', () => {
  const alphanumeric = ['0123456789', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'];
  for (const kind of [fields.printable(1, 50), fields.freeText(50), fields.email]) {
    for (const value of ['a', ...alphanumeric, 'a'.repeat(50)]) assert.equal(kind.problem(value), null);
    assert.equal(kind.problem('a'.repeat(51)), 'must be at most 50 bytes');
  }
  assert.equal(fields.digits(1, 10).problem('0123456789'), null);
  assert.equal(fields.katakana(2).problem('ア'), null);
  assert.deepEqual([fields.ipCode.minBytes, fields.ipCode.maxBytes], [5, 10]);
  assert.equal(fields.ipCode.problem('0123456789'), null);
});

test('a problem never quotes the value', () => {
  for (const value of ['secret-Value@é', 'ヒミツ'.repeat(30)]) {
    for (const [name, kind] of kinds) assert.ok(!kind.problem(value)?.includes(value.slice(0, 6)), name);
  }
});

test('widths are counted in Shift_JIS bytes', () => {
  const kind = fields.characters('anything', /^/u, 1, 4);
  assert.equal(kind.problem('アア'), null);
  assert.equal(kind.problem('ｱｱｱｱ'), null);
  assert.equal(kind.problem('アアa'), 'must be at most 4 bytes');
  assert.equal(kind.problem('カ\u3099カ\u3099'), null);
  assert.equal(kind.problem('😀'), 'has characters that Shift_JIS cannot carry');
});

const table: fields.Field[] = [
  { wire: 'clientip', field: null, kind: fields.ipCode },
  { wire: 'money', field: 'amount', kind: fields.yen(0, 999) },
  { wire: 'sendid', field: 'cardId', kind: fields.freeText(25) },
];

test("the gateway's parameters are named as in our API, in any case", () => {
  assert.equal(fields.fieldOfParameter(table, 'money'), 'amount');
  assert.equal(fields.fieldOfParameter(table, 'SendID'), 'cardId');
  assert.equal(fields.fieldOfParameter(table, 'clientip'), null);
  assert.equal(fields.fieldOfParameter(table, 'amount'), null);
});

test("a form comes in the table's order, without what is undefined", () => {
  const values = { sendid: 'a b', money: undefined, clientip: '12345' };
  assert.equal(fields.encodeFields(table, values).toString('latin1'), 'clientip=12345&sendid=a+b');
});

test('a value that its kind refuses, and a name that the table lacks, are bugs that do not tell the value', () => {
  assert.throws(() => fields.encodeFields(table, { clientip: 'secret' }), {
    message: 'clientip must be 5 or 10 digits',
  });
  assert.throws(() => fields.encodeFields(table, { pubsec: 'secret' }), { message: 'pubsec is not in the table' });
});
