import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as token from '../../../shared/zeus/operations/token.ts';
import { tokenCodes } from '../../../shared/zeus/wire/token-codes.ts';
import { parseXml, textAt } from '../../../shared/zeus/wire/xml.ts';
import { fixture, lines, longestTokenKey } from '../card-fixtures.ts';

const parse: token.ParseXml = xml => {
  const tree = parseXml(Buffer.from(xml, 'latin1'));
  return tree && ((...path) => textAt(tree, ...path));
};

const decode = (name: string, status = 200) => token.decodeToken(status, fixture(name).toString('latin1'), parse);
const codeOf = (answer: token.TokenAnswer) => (answer.kind === 'refused' ? answer.fault.code : answer);

const card: token.NewCard = {
  cardNumber: '4111111111111111',
  expiresYear: '2030',
  expiresMonth: '05',
  cvv: '123',
  cardName: 'A & <B> "C\'',
};

test('it is a POST of XML to its own address', () => {
  assert.deepEqual([token.tokenPath, token.tokenContentType], ['/cgi-bin/token/token.cgi', 'text/xml']);
});

test('newcard asks in the bytes of the manual, values escaped', () => {
  assert.equal(token.encodeNewCard('2019000001', card), fixture('token-newcard.request.xml').toString());
  const least = { ...card, cardNumber: '0000000000000000', expiresMonth: '12', cvv: null, cardName: null };
  assert.equal(token.encodeNewCard('12345', least), fixture('token-newcard-least.request.xml').toString());
});

test('quick asks with the CVV or without', () => {
  assert.equal(token.encodeQuick('2019000001', '1234'), fixture('token-quick.request.xml').toString());
  assert.equal(token.encodeQuick('2019000001', null), fixture('token-quick-without-cvv.request.xml').toString());
});

test('the longest request stays under 1,024 bytes', () => {
  const longest = { ...card, cvv: '1234', cardName: '"'.repeat(50) };
  assert.deepEqual(token.checkNewCard(longest), []);
  assert.ok(Buffer.byteLength(token.encodeNewCard('2019000001', longest)) <= 1024);
});

test('success gives the key and what may be shown', () => {
  assert.deepEqual(decode('token-success.xml'), {
    kind: 'token',
    token: {
      tokenKey: longestTokenKey,
      maskedCvv: '***',
      maskedCardNumber: '4111********1111',
      expiresYear: '2030',
      expiresMonth: '05',
      cardName: 'TARO & ZEUS',
    },
  });
});

test('success of quick has the key alone', () => {
  const [maskedCvv, maskedCardNumber, expiresYear, expiresMonth, cardName] = [null, null, null, null, null];
  const expected = { tokenKey: 'XXXXXXXXXX', maskedCvv, maskedCardNumber, expiresYear, expiresMonth, cardName };
  assert.deepEqual(decode('token-quick-success.xml'), { kind: 'token', token: expected });
});

test('invalid and failure are refusals with a code, for the payer in Japanese', () => {
  assert.deepEqual(decode('token-invalid.xml'), {
    kind: 'refused',
    fault: {
      field: 'expiresYear',
      code: '02130717',
      message: 'The expiry year is malformed',
      payerMessage: '有効期限の年に誤りがあるようです。ご確認ください。',
    },
  });
  assert.equal(codeOf(decode('token-failure.xml')), '02130922');
  assert.equal(codeOf(decode('token-invalid-without-code.xml')), '99999999');
  assert.equal(codeOf(decode('token-invalid-no-code.xml')), '99999999');
});

test('an unlisted code is kept and says that it is not listed', () => {
  const answer = decode('token-invalid-unlisted.xml');
  assert.ok(answer.kind === 'refused');
  assert.equal(answer.fault.code, '02139999');
  assert.equal(answer.fault.field, null);
  assert.match(answer.fault.message, /does not list/);
  assert.match(answer.fault.payerMessage, /お試しください/);
});

test('maintenance is 88888888, an unreachable gateway 90100100', () => {
  assert.equal(codeOf(decode('token-maintenance.xml')), '88888888');
  assert.equal(token.tokenFault('90100100').message, 'The gateway could not be reached');
});

test('whatever is none of the answers is 99999999', () => {
  const names = [
    'unlisted-status',
    'success-without-key',
    'success-long-key',
    'truncated',
    'wrong-root',
    'wrong-charset',
  ];
  for (const name of names) assert.equal(codeOf(decode(`token-${name}.xml`)), '99999999', name);
  for (const name of ['html.txt', 'empty.txt', 'success.txt']) assert.equal(codeOf(decode(name)), '99999999', name);
  for (const status of [302, 403, 500, 503]) assert.equal(codeOf(decode('token-success.xml', status)), '99999999');
});

test("the manual's 34 codes are there, once each, with words of our own in both languages", () => {
  const codes = lines('token-codes.txt');
  assert.equal(codes.length, 34);
  assert.deepEqual([...tokenCodes.keys()], codes);
  const source = readFileSync(new URL('../../../shared/zeus/wire/token-codes.ts', import.meta.url), 'utf8');
  for (const code of codes) {
    assert.match(code, /^[0-9]{8}$/);
    assert.equal(source.split(`['${code}', `).length, 2, code);
    const fault = token.tokenFault(code);
    assert.match(fault.message, /^[ -~]{10,}$/, code);
    assert.match(fault.payerMessage, /^[\u3000-\u9fff0-9]{10,}。$/, code);
  }
});

const rows: [field: keyof token.NewCard, good: (string | null)[], bad: [value: string, code: string][]][] = [
  [
    'cardNumber',
    ['1', '0000000000000000'],
    [
      ['', '02130514'],
      ['41111111111111111', '02130517'],
      ['4111-1111', '02130517'],
      ['４１１１', '02130517'],
      ['4111 ', '02130517'],
    ],
  ],
  [
    'expiresYear',
    ['2030', '1999'],
    [
      ['', '02130714'],
      ['30', '02130717'],
      ['20300', '02130717'],
      ['２０３０', '02130717'],
    ],
  ],
  [
    'expiresMonth',
    ['01', '09', '10', '12'],
    [
      ['', '02130814'],
      ['1', '02130817'],
      ['5月', '02130817'],
      ['00', '02130825'],
      ['13', '02130825'],
      ['20', '02130825'],
    ],
  ],
  [
    'cvv',
    [null, '098', '1234'],
    [
      ['', '02131014'],
      ['12', '02131017'],
      ['12345', '02131017'],
      ['12a', '02131017'],
    ],
  ],
  [
    'cardName',
    [null, 'TARO ZEUS', '~!"#$%&\'()', 'A'.repeat(50)],
    [
      ['', '02131117'],
      ['A'.repeat(51), '02131117'],
      ['ゼウス', '02131117'],
      ['é', '02131117'],
      ['A\n', '02131117'],
    ],
  ],
];

for (const [field, good, bad] of rows) {
  test(`${field} is checked as the manual's table says, with the gateway's own code`, () => {
    for (const value of good) assert.deepEqual(token.checkNewCard({ ...card, [field]: value }), [], String(value));
    for (const [value, code] of bad)
      assert.deepEqual(token.checkNewCard({ ...card, [field]: value }), [token.tokenFault(code)], value);
  });
}

test('all faults come at once', () => {
  const empty = { cardNumber: '', expiresYear: '', expiresMonth: '', cvv: '', cardName: '' };
  const codes = token.checkNewCard(empty).map(fault => fault.code);
  assert.deepEqual(codes, ['02130514', '02130714', '02130814', '02131014', '02131117']);
  assert.deepEqual(token.checkCvv('1'), [token.tokenFault('02131017')]);
});

test('a code names the field that the payer must look at, by the digits that the manual gives each', () => {
  const fields: Record<string, token.TokenField> = {
    '021305': 'cardNumber',
    '021306': 'cardNumber',
    '021307': 'expiresYear',
    '021308': 'expiresMonth',
    '021309': 'expires',
    '021310': 'cvv',
    '021311': 'cardName',
  };
  for (const code of lines('token-codes.txt')) {
    assert.equal(token.tokenFault(code).field, fields[code.slice(0, 6)] ?? null, code);
  }
});

test('nothing of Node and no library is imported, so that it runs in a browser', () => {
  for (const file of ['operations/token.ts', 'wire/escape-xml.ts', 'wire/token-codes.ts']) {
    const source = readFileSync(new URL(`../../../shared/zeus/${file}`, import.meta.url), 'utf8');
    const imports = Array.from(source.matchAll(/from '([^']*)'/g), match => match[1]);
    assert.deepEqual(
      imports,
      file === 'operations/token.ts' ? ['../wire/escape-xml.ts', '../wire/token-codes.ts'] : [],
    );
    assert.doesNotMatch(source, /\b(Buffer|process|require)\b/);
  }
});
