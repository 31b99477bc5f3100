import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCardData, hasCardNumber } from '../../shared/lambda/card-data.ts';

const numbers = [
  'cardNumber', 'card_number', 'CARD-NUMBER', 'card number', 'cardnumber', 'Card.Number', 'ｃａｒｄＮｕｍｂｅｒ', 'card\u200bNumber',
  'cardNo', 'card_no', 'cardNum', 'creditCard', 'creditCardNumber', 'credit-card-no', 'ccNumber', 'cc_no', 'cc', 'pan', 'PAN', 'panNumber', 'card_pan',
  'primaryAccountNumber', 'card', 'zeus_token_card_number', 'maskedCardNumber', 'カード番号', 'ｶｰﾄﾞ番号', 'クレジットカード番号', 'カードNo',
]; // biome-ignore format: one family a line
const codes = [
  'cvv', 'CVV', 'cvv2', 'cvc', 'cvc2', 'cvn', 'cvd', 'csc', 'cid', 'cav', 'cav2', 'ccv', 'c.v.v', 'card_cvv', 'cardCvc', 'securityCode', 'security_code',
  'secCode', 'sec_code', 'verificationValue', 'cardVerificationNumber', 'cardVerificationCode', 'cardSecurityCode', 'セキュリティコード', 'セキュリティーコード', 'ｾｷｭﾘﾃｨｺｰﾄﾞ',
]; // biome-ignore format: one family a line
const expiries = [
  'expiry', 'expiryDate', 'expiry_date', 'expiration', 'expirationMonth', 'expires', 'expiresYear', 'card_expires_month', 'expire', 'expireDate', 'expire_month',
  'exp', 'expDate', 'exp_month', 'expYear', 'expmm', 'expyy', 'cardExp', 'cc_exp', 'mmyy', 'validThru', 'valid_through', 'validUntil', 'goodThru', '有効期限',
]; // biome-ignore format: one family a line

for (const [what, names] of Object.entries({
  'a card number': numbers,
  'a security code': codes,
  'an expiry': expiries,
})) {
  test(`${what} is known under every spelling`, () => {
    assert.deepEqual(
      names.filter(name => !hasCardData({ [name]: 'x' })),
      [],
    );
  });
}

test('it is found at any depth, in lists too, whatever its value', () => {
  for (const value of ['4111', 4111, null, true, [], {}])
    assert.equal(hasCardData({ a: [{ b: { c: [[{ cvv: value }]] } }] }), true);
  assert.equal(hasCardData([{ cvv: 1 }]), true);
  assert.equal(hasCardData(JSON.parse('{"__proto__":{"cvv":"123"}}')), true);
});

test('a body too deep to look through counts as such, and costs no stack', () => {
  const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
  assert.equal(hasCardData(nested(15)), false);
  assert.equal(hasCardData(nested(3000)), true);
});

test('values are not names, and no field of the contract is one', () => {
  const fields = [
    'tokenKey', 'amount', 'phone', 'email', 'cardId', 'installments', 'reference', 'matchPhone', 'carrier', 'name', 'success', 'failure', 'url', 'text',
    'test', 'id', 'type', 'on', 'by', 'store', 'outcome', 'gatewayOrderNumber', 'note',
  ]; // biome-ignore format: one family a line
  assert.equal(hasCardData(Object.fromEntries(fields.map(name => [name, 'cvv']))), false);
  for (const name of [
    'company',
    'panel',
    'export',
    'expected',
    'experience',
    'accountId',
    'postcard',
    'cidr',
    'cvs',
    'description',
  ]) {
    assert.equal(hasCardData({ [name]: 1 }), false, name);
  }
  for (const value of ['cardNumber', 1, null, undefined, true, [], ['cvv']]) assert.equal(hasCardData(value), false);
});

/** Test numbers that card brands and processors publish. */
const cardNumbers = [
  '4111111111111111', '4222222222222', '4000000000000000006', '5555555555554444', '5105105105105100', '2223003122003222', '2720990000000007',
  '6011111111111117', '378282246310005', '341111111111111', '3530111333300000', '3566002020360505', '30569309025904', '38520000023237', '36227206271667',
]; // biome-ignore format: a list

test('a card number as a value of cardId, reference or note is found, however it is written', () => {
  const written: ((number: string) => string)[] = [
    number => number,
    number => number.replace(/(.{4})(?=.)/g, '$1 '),
    number => number.replace(/(.{4})(?=.)/g, '$1-'),
    number => `card ${number}, please`,
    number => number.replace(/[0-9]/g, digit => String.fromCodePoint(0xff10 + Number(digit))),
    number => `  ${number.replace(/(.{2})(?=.)/g, '$1 - ')}`,
    number => `A${number}B`,
    number => `order 12: ${number}`,
    number => `0b9f1c9e-8a57-4b8e-9d8d-0a1b2c3d4e5f ${number}`,
  ];
  for (const number of cardNumbers) {
    for (const write of written) {
      for (const name of ['cardId', 'reference', 'note'])
        assert.ok(hasCardNumber({ [name]: write(number) }), write(number));
    }
  }
});

test('what is no card number as a whole, or stands elsewhere, is none', () => {
  const values = [
    '4111111111111112', '411111111111111', '41111111111111110', '9999999999999999', '20261120-4111111111111111', '1732071845678', '0312345678', '',
    '41111111-1111-4111-8111-111111111111', '11.111.11.11-4111-111-111-1-1-1-1', '4111.1111.1111.1111', '4111a1111b1111c1111', '2611200000000004', '2026112000000001',
  ]; // biome-ignore format: a list
  for (const value of values) {
    for (const name of ['cardId', 'reference', 'note']) assert.ok(!hasCardNumber({ [name]: value }), value);
  }
  for (const body of [
    null,
    [],
    '4111111111111111',
    { email: '4111111111111111@example.com' },
    { reference: 4111111111111111 },
    { success: { text: '4111111111111111' } },
  ])
    assert.ok(!hasCardNumber(body), JSON.stringify(body));
});

/** Ways in which shops number orders: a day, perhaps a time, and a counter, 14 to 16 digits together. */
const dated = ['YYYYMMDD', 'YYMMDD', 'YYYYMMDDhhmm', 'YYMMDDhhmm', 'YYYYMMDDhhmmss', 'YYMMDDhhmmss'];

test('of references of a day and a counter, 14 to 16 digits, fewer than one in a hundred is refused', () => {
  const every = Number(process.env.CARD_NUMBER_STEP ?? 11);
  let [refused, tried] = [0, 0];
  for (let i = 0; i < 1_000_000; i += every) {
    const time = new Date(Date.UTC(2024, 0, 1) + i * 1_000 * 247).toISOString().replace(/[^0-9]/g, '');
    const [year, rest] = [time.slice(0, 4), time.slice(4)];
    const form = dated[i % dated.length] ?? '';
    const day = form.startsWith('YYYY') ? year + rest : year.slice(2) + rest;
    const length = Math.max(14 + (i % 3), form.length);
    const reference =
      day.slice(0, form.length) +
      String(i)
        .padStart(16, '0')
        .slice(16 - (length - form.length), 16);
    tried += 1;
    if (hasCardNumber({ reference })) refused += 1;
  }
  assert.ok(tried > 50_000 && refused / tried < 0.01, `${refused} of ${tried} refused`);
});
