import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { ReceivedCallback } from '../../../shared/zeus/callbacks/callback.ts';
import { readCvsCallback } from '../../../shared/zeus/callbacks/cvs.ts';
import { failureOfCvsCode } from '../../../shared/zeus/wire/cvs-codes.ts';
import { fixture } from '../recorded.ts';

const orderId = 'sXbW0n2vQ7yKJ4aT-_Zr8mLpEoHcU1dF';

const received: ReceivedCallback = {
  method: 'cvs',
  status: '04',
  orderId,
  orderNumber: '2019-1120-030405.001-TEST',
  ipCode: '2019000003',
  amountYen: 8000,
  code: null,
  failure: null,
  testId: false,
  isNameless: false,
  card: null,
  carrier: null,
  cvs: {
    store: 'lawson',
    paymentNumbers: [
      { label: '受付番号', value: '123456' },
      { label: '確認番号', value: '7890' },
    ],
    payBy: '2026-12-01',
  },
};

const read = (query: string) => readCvsCallback(Buffer.from(query, 'latin1'));

function callbackOf(query: string): ReceivedCallback {
  const reading = read(query);
  assert.ok(reading.kind === 'read', query);
  return reading.callback;
}

test('one callback, however the name is escaped and whether or not it decodes', () => {
  const folder = new URL('../../fixtures/cvs/', import.meta.url);
  const names = readdirSync(folder).filter(name => name.startsWith('callback-04-'));
  assert.equal(names.length, 8);
  for (const name of names) {
    const reading = readCvsCallback(fixture(`cvs/${name.replace('.bin', '')}`));
    assert.deepEqual(reading, { kind: 'read', callback: received }, name);
  }
});

test('every status of the manual, and one of none, is passed on', () => {
  for (const status of ['01', '02', '03', '04', '05', '06', '11', '12', '13', '07', 'XX']) {
    assert.equal(callbackOf(`sendpoint=${orderId}&status=${status}`).status, status);
  }
});

test("each store's numbers under its own labels", () => {
  const stores: [string, string, string[]][] = [
    ['D001', 'seven-eleven', ['払込票番号', '払込番号']],
    ['D002', 'lawson', ['受付番号', '確認番号']],
    ['D030', 'familymart', ['注文番号', '企業コード']],
    ['D015', 'seicomart', ['お支払受付番号', '払込番号']],
    ['D050', 'ministop', ['受付番号', '確認番号']],
    ['D060', 'daily-yamazaki', ['オンライン決済番号', '払込番号']],
  ];
  for (const [code, store, labels] of stores) {
    const { cvs } = callbackOf(`sendpoint=a&status=01&pay_cvs=${code}&pay_no1=11&pay_no2=22`);
    const paymentNumbers = labels.map((label, i) => ({ label, value: ['11', '22'][i] }));
    assert.deepEqual(cvs, { store, paymentNumbers, payBy: null }, code);
  }
});

test('a blank second number is left out', () => {
  const reading = readCvsCallback(fixture('cvs/callback-01-seven-eleven'));
  assert.ok(reading.kind === 'read');
  assert.deepEqual(reading.callback.cvs, {
    store: 'seven-eleven',
    paymentNumbers: [{ label: '払込票番号', value: '1234567890123' }],
    payBy: '2026-12-01',
  });
});

test('of a store that is not listed, the numbers are kept under a neutral label', () => {
  const reading = readCvsCallback(fixture('cvs/callback-05-unknown-store'));
  assert.ok(reading.kind === 'read');
  assert.deepEqual(reading.callback.cvs, {
    store: null,
    paymentNumbers: [
      { label: '払込番号', value: '555666' },
      { label: '払込番号', value: '777' },
    ],
    payBy: '2026-12-01',
  });
});

test('an error code has its meaning', () => {
  const reading = readCvsCallback(fixture('cvs/callback-02-error'));
  assert.ok(reading.kind === 'read');
  assert.equal(reading.callback.code, '0008');
  for (const code of ['800000', '800001', '800002', '900000', '0011', '0008', '0013']) {
    assert.deepEqual(callbackOf(`sendpoint=a&status=02&error_code=${code}`).failure, failureOfCvsCode(code));
  }
  assert.equal(callbackOf('sendpoint=a&status=02&error_code=77').failure?.message, 'A code not listed');
  assert.equal(callbackOf('sendpoint=a&status=02&error_code=-').code, null);
});

test('a day that does not exist and numbers over 20 bytes count as absent', () => {
  const query = `sendpoint=a&status=01&pay_cvs=D001&pay_no1=${'1'.repeat(21)}&pay_limit=20260230`;
  assert.deepEqual(callbackOf(query).cvs, { store: 'seven-eleven', paymentNumbers: [], payBy: null });
});

test('the least: a status and one way to find the order', () => {
  assert.deepEqual(readCvsCallback(fixture('cvs/callback-least')), {
    kind: 'read',
    callback: {
      method: 'cvs',
      status: '11',
      orderId: null,
      orderNumber: '2019-1120-030405.001-TEST',
      ipCode: null,
      amountYen: null,
      code: null,
      failure: null,
      testId: false,
      isNameless: false,
      card: null,
      carrier: null,
      cvs: { store: null, paymentNumbers: [], payBy: null },
    },
  });
});

test('without status, or without both ways to find the order, it cannot be read', () => {
  assert.deepEqual(readCvsCallback(fixture('cvs/callback-no-status')), { kind: 'unreadable', missing: ['status'] });
  assert.deepEqual(readCvsCallback(fixture('cvs/callback-no-order')), {
    kind: 'unreadable',
    missing: ['sendpoint', 'order_no'],
  });
});
