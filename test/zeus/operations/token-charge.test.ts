import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Masked } from '../../../shared/domain/masked.ts';
import { encode, fields, type TokenCharge, tokenCharge } from '../../../shared/zeus/operations/token-charge.ts';
import { answered, fixture, longestTokenKey, orderId, recorder } from '../card-fixtures.ts';
import { rows, testChargeAnswers, testRows } from '../charge-cases.ts';

const charge: TokenCharge = {
  ipCode: '2019000001',
  tokenKey: new Masked(longestTokenKey),
  amountYen: 8000,
  phone: new Masked('0300000000'),
  email: new Masked('taro+test@example.com'),
  cardId: 'A b\\!#$%()~|-@[:]./`{*}?_',
  orderId,
  installments: '03',
};

const least: TokenCharge = {
  ipCode: '12345',
  tokenKey: new Masked('T'),
  amountYen: 0,
  phone: new Masked('0300000'),
  email: new Masked('a@b'),
  cardId: null,
  orderId,
  installments: null,
};

test("one POST of the fields in the manual's order, byte for byte", async () => {
  const { send, sent } = recorder(answered('success.txt'));
  await tokenCharge(send, charge);
  const [path, contentType] = ['/cgi-bin/secure.cgi', 'application/x-www-form-urlencoded'];
  assert.deepEqual(sent, [{ path, contentType, body: fixture('token-charge.request.txt') }]);
});

test('optional fields are left out, an amount of 0 is not', () => {
  assert.deepEqual(encode(least), fixture('token-charge-least.request.txt'));
});

test('a card ID with the yen sign is sent as with the backslash', () => {
  assert.deepEqual(encode({ ...charge, cardId: 'A¥b' }), encode({ ...charge, cardId: 'A\\b' }));
});

test('callbacks are never switched off', () => {
  assert.ok(!fields.some(field => field.wire === 'pubsec'));
});

test('a value that should have been refused before throws, and nothing is sent', async () => {
  const { send, sent } = recorder(answered('success.txt'));
  const bad: Partial<TokenCharge>[] = [
    { amountYen: 1.5 },
    { amountYen: 10_000_000 },
    { cardId: '' },
    { installments: '02' },
  ];
  for (const change of bad) await assert.rejects(tokenCharge(send, { ...charge, ...change }));
  await assert.rejects(tokenCharge(send, { ...charge, phone: new Masked('secret') }), error => {
    return error instanceof Error && !error.message.includes('secret');
  });
  assert.equal(sent.length, 0);
});

testRows(fields, { ...rows, money: { ...rows.money, good: ['0', ...rows.money.good] } });

testChargeAnswers((send, installments) => tokenCharge(send, { ...charge, installments }), {
  fields,
  parameters: {
    clientip: null,
    token_key: 'tokenKey',
    money: 'amount',
    send: null,
    telno: 'phone',
    email: 'email',
    sendid: 'cardId',
    sendpoint: null,
    printord: null,
    div: 'installments',
  },
});
