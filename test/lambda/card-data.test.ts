import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCardData } from '../../shared/lambda/card-data.ts';

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
