import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Masked } from '../../../shared/domain/masked.ts';
import {
  encode,
  fields,
  type RecurringCharge,
  recurringCharge,
} from '../../../shared/zeus/operations/recurring-charge.ts';
import { answered, fixture, orderId, recorder } from '../card-fixtures.ts';
import { rows, testChargeAnswers, testRows } from '../charge-cases.ts';

const charge: RecurringCharge = {
  ipCode: '2019000001',
  tokenKey: new Masked('T'),
  matchPhone: true,
  amountYen: 9_999_999,
  phone: new Masked('0300000000'),
  email: new Masked('taro+test@example.com'),
  cardId: 'CARD00001',
  orderId,
  installments: '99',
};

test('search by phone and card ID, with token and installments, byte for byte', async () => {
  const { send, sent } = recorder(answered('success.txt'));
  await recurringCharge(send, charge);
  const [path, contentType] = ['/cgi-bin/secure.cgi', 'application/x-www-form-urlencoded'];
  assert.deepEqual(sent, [{ path, contentType, body: fixture('recurring-charge-by-phone.request.txt') }]);
});

test('search by card ID alone, without token and installments', () => {
  const least = { ...charge, matchPhone: false, tokenKey: null, installments: null };
  assert.deepEqual(encode(least), fixture('recurring-charge-by-card-id.request.txt'));
});

test('every installment value of the manual travels as it is', () => {
  for (const installments of ['01', '03', '05', '06', '10', '12', '15', '18', '20', '24', '99']) {
    assert.match(encode({ ...charge, installments }).toString(), new RegExp(`&div=${installments}$`));
  }
});

test('an amount of 0 throws, and nothing is sent', async () => {
  const { send, sent } = recorder(answered('success.txt'));
  await assert.rejects(recurringCharge(send, { ...charge, amountYen: 0 }));
  assert.equal(sent.length, 0);
});

const { clientip, token_key, money, ...others } = rows;
testRows(fields, {
  clientip,
  token_key,
  cardnumber: {
    good: ['8888888888888888', '8888888888888882'],
    bad: ['', '8888888888888881', '4111111111111111', '888'],
  },
  expyy: { good: ['00'], bad: ['', '0', '30'] },
  expmm: { good: ['00'], bad: ['', '12'] },
  money: { ...money, bad: ['0', ...money.bad] },
  ...others,
});

testChargeAnswers((send, installments) => recurringCharge(send, { ...charge, installments }), {
  fields,
  parameters: {
    clientip: null,
    token_key: 'tokenKey',
    cardnumber: null,
    expyy: null,
    expmm: null,
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
