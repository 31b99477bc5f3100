import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { ReceivedCallback } from '../../../shared/zeus/callbacks/callback.ts';
import { readCarrierCallback } from '../../../shared/zeus/callbacks/carrier.ts';
import {
  failureCodes,
  invalidCodes,
  maintenanceCodes,
  meaningOfCarrierCode,
} from '../../../shared/zeus/wire/carrier-codes.ts';
import { fixture } from '../recorded.ts';

const orderId = 'sXbW0n2vQ7yKJ4aT-_Zr8mLpEoHcU1dF';

const authorized: ReceivedCallback = {
  method: 'carrier',
  status: '03',
  orderId,
  orderNumber: '2019-1120-.030405-001',
  ipCode: '2019000002',
  amountYen: 8000,
  code: null,
  failure: null,
  testId: false,
  isNameless: false,
  card: null,
  carrier: 'docomo',
  cvs: null,
};

const read = (query: string) => readCarrierCallback(Buffer.from(query, 'latin1'));

function callbackOf(query: string): ReceivedCallback {
  const reading = read(query);
  assert.ok(reading.kind === 'read', query);
  return reading.callback;
}

test('one callback, however the name is escaped and whether or not it decodes', () => {
  const folder = new URL('../../fixtures/carrier/', import.meta.url);
  const names = readdirSync(folder).filter(name => name.startsWith('callback-03-'));
  assert.equal(names.length, 8);
  for (const name of names) {
    const reading = readCarrierCallback(fixture(`carrier/${name.replace('.bin', '')}`));
    assert.deepEqual(reading, { kind: 'read', callback: authorized }, name);
  }
});

test('every status of the manual, and one of none, is passed on', () => {
  for (const status of ['02', '03', '06', '07', '08', '09', '10', '7', 'XX']) {
    assert.equal(callbackOf(`sendpoint=${orderId}&status=${status}`).status, status);
  }
  assert.equal(callbackOf(`sendpoint=${orderId}&status=+07%0D%0A`).status, '07');
});

test('each carrier, and none that is not listed', () => {
  const types = { D: 'docomo', A: 'au', S: 'softbank', X: null, d: null, DD: null, '': null };
  for (const [code, type] of Object.entries(types)) {
    assert.deepEqual(callbackOf(`sendpoint=a&status=07&carrier_type=${code}`).carrier, type, code);
  }
});

test('an error code has its meaning', () => {
  for (const code of [invalidCodes, failureCodes, maintenanceCodes].flatMap(Object.keys)) {
    const callback = callbackOf(`sendpoint=a&status=02&error_code=${code}`);
    assert.equal(callback.code, code);
    assert.equal(callback.failure?.message, meaningOfCarrierCode(code));
  }
  const listed = readCarrierCallback(fixture('carrier/callback-02-limit'));
  assert.ok(listed.kind === 'read' && listed.callback.code === '010100086');
  const unlisted = readCarrierCallback(fixture('carrier/callback-02-unlisted-code'));
  assert.ok(unlisted.kind === 'read');
  assert.equal(unlisted.callback.code, '010777777');
  assert.equal(unlisted.callback.failure?.message, 'A code not listed, of the kind: a failure');
  for (const code of ['', '-', '12345678901', '%83%5B']) {
    assert.equal(callbackOf(`sendpoint=a&status=02&error_code=${code}`).code, null, code);
  }
});

test('the least: a status and one way to find the order', () => {
  const rest = { method: 'carrier', ipCode: null, amountYen: null, code: null, failure: null } as const;
  const blocks = { card: null, carrier: null, cvs: null, testId: false, isNameless: true };
  assert.deepEqual(readCarrierCallback(fixture('carrier/callback-least')), {
    kind: 'read',
    callback: { ...rest, ...blocks, status: '07', orderId, orderNumber: null },
  });
  assert.deepEqual(readCarrierCallback(fixture('carrier/callback-order-number-only')), {
    kind: 'read',
    callback: { ...rest, ...blocks, status: '08', orderId: null, orderNumber: '2019-1120-.030405-001' },
  });
});

test('without status, or without both ways to find the order, it cannot be read', () => {
  assert.deepEqual(readCarrierCallback(fixture('carrier/callback-no-status')), {
    kind: 'unreadable',
    missing: ['status'],
  });
  assert.deepEqual(readCarrierCallback(fixture('carrier/callback-no-order')), {
    kind: 'unreadable',
    missing: ['sendpoint', 'order_no'],
  });
  assert.deepEqual(read(''), { kind: 'unreadable', missing: ['status', 'sendpoint', 'order_no'] });
});

test('an order number over 38 bytes counts as absent', () => {
  assert.equal(callbackOf(`status=03&sendpoint=a&order_no=${'1'.repeat(38)}`).orderNumber, '1'.repeat(38));
  assert.equal(callbackOf(`status=03&sendpoint=a&order_no=${'1'.repeat(39)}`).orderNumber, null);
  assert.equal(callbackOf('status=03&sendpoint=a&order_no=%83%5B').orderNumber, null);
});

test('an amount that is none is told from one that is absent', () => {
  assert.equal(callbackOf('status=03&sendpoint=a').amountYen, null);
  assert.equal(callbackOf('status=03&sendpoint=a&money=0').amountYen, 0);
  assert.equal(callbackOf('status=03&sendpoint=a&money=8%2C000').amountYen, 'invalid');
});
