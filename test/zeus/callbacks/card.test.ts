import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReceivedCallback } from '../../../shared/zeus/callbacks/callback.ts';
import { readCardCallback } from '../../../shared/zeus/callbacks/card.ts';
import { cardDeclined } from '../../../shared/zeus/wire/card-declined.ts';
import { fixture, orderId, orderNumber } from '../card-fixtures.ts';

const read = (name: string) => readCardCallback(fixture(`callback-${name}.txt`));

const ok: ReceivedCallback = {
  method: 'card',
  status: 'OK',
  orderId,
  orderNumber,
  ipCode: '2019000001',
  amountYen: 8000,
  code: null,
  failure: null,
  testId: false,
  isNameless: false,
  card: { last4: '1234', brand: 'visa', installments: '01' },
  carrier: null,
  cvs: null,
};
const nothing = { last4: null, brand: null, installments: null };
const least: ReceivedCallback = { ...ok, orderNumber: null, ipCode: null, amountYen: null, card: nothing };

const callbacks: Record<string, ReceivedCallback> = {
  ok,
  ng: {
    ...ok,
    status: 'NG',
    failure: cardDeclined,
    amountYen: 0,
    card: { last4: '1234', brand: 'proper', installments: '99' },
  },
  'unlisted-result': { ...ok, status: 'PENDING' },
  'short-ip-code-padded': { ...ok, ipCode: '0000012345' },
  least,
  'order-number-only': { ...least, orderId: null, orderNumber },
  'lower-case-hex-and-blanks': {
    ...ok,
    orderId: 'Zx',
    orderNumber: '11.TEST-1',
    card: { last4: '1234', brand: 'jcb', installments: '03' },
  },
  'shift-jis-strangers': { ...least, orderId: 'A1', amountYen: 100 },
  'number-and-garbage': { ...least, orderId: 'A1', ipCode: 'unreadable', amountYen: 'invalid' },
};

for (const [name, callback] of Object.entries(callbacks)) {
  test(`callback: ${name}`, () => assert.deepEqual(read(name), { kind: 'read', callback }));
}

const unreadable: Record<string, string[]> = {
  'without-result': ['result'],
  'empty-result': ['result'],
  'without-ids': ['sendpoint', 'ordd'],
  'unreadable-values': ['sendpoint', 'ordd'],
  nothing: ['result', 'sendpoint', 'ordd'],
};

for (const [name, missing] of Object.entries(unreadable)) {
  test(`unreadable: ${name}`, () => assert.deepEqual(read(name), { kind: 'unreadable', missing }));
}

test('each brand letter of the manual, and no other', () => {
  const brandOf = (letter: string) => {
    const reading = readCardCallback(Buffer.from(`result=OK&sendpoint=A&cardbrand=${letter}`));
    return reading.kind === 'read' ? reading.callback.card?.brand : reading;
  };
  const brands = { V: 'visa', M: 'mastercard', J: 'jcb', A: 'amex', D: 'diners', P: 'proper' };
  for (const [letter, brand] of Object.entries(brands)) assert.equal(brandOf(letter), brand);
  for (const letter of ['', 'v', 'X', 'VM', '%83%5B']) assert.equal(brandOf(letter), null);
});

test('the last four are exactly four digits', () => {
  const last4 = (value: string) => {
    const reading = readCardCallback(Buffer.from(`result=OK&sendpoint=A&cardnumber=${value}`));
    return reading.kind === 'read' ? reading.callback.card?.last4 : reading;
  };
  for (const value of ['0912', '3456', '7800']) assert.equal(last4(value), value);
  for (const value of ['', '123', '12345', '12a4', '4111111111111111', '%82%50']) assert.equal(last4(value), null);
});

test('nothing of the payer is in it', () => {
  const text = JSON.stringify(read('ok'));
  for (const value of ['0300000000', 'taro', 'example', 'CARD00001']) assert.ok(!text.includes(value), value);
});

test('a hundred kilobytes of anything is answered', () => {
  for (const filler of ['%', '&', '=', '+', ' ', '\x83', 'result=']) {
    const raw = Buffer.alloc(100_000, filler, 'latin1');
    assert.equal(readCardCallback(raw).kind, 'unreadable');
    assert.equal(readCardCallback(Buffer.concat([Buffer.from('result=OK&sendpoint=A&x='), raw])).kind, 'read');
    assert.equal(readCardCallback(Buffer.concat([Buffer.from('result=OK&sendpoint='), raw])).kind, 'unreadable');
  }
});
