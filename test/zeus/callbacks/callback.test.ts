import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asciiValue, type Names, readCommon, sameIpCode } from '../../../shared/zeus/callbacks/callback.ts';
import { decodeForm } from '../../../shared/zeus/wire/form.ts';

const form = (raw: string) => decodeForm(Buffer.from(raw, 'latin1'));
const names: Names = { method: 'cvs', status: 'status', orderNumber: 'order_no', orderNumberBytes: 38, more: [] };

test('IP codes are equal whatever zeros pad them', () => {
  assert.ok(sameIpCode('2019000001', '2019000001'));
  assert.ok(sameIpCode('0000012345', '12345'));
  assert.ok(sameIpCode('00123', '0000000123'));
  assert.ok(!sameIpCode('2019000001', '2019000002'));
  assert.ok(!sameIpCode('0000012345', '123450'));
  assert.ok(!sameIpCode('12345', 'unreadable'));
});

test('an ASCII value is trimmed; empty, too long, not ASCII and control bytes count as absent', () => {
  const value = (raw: string) => asciiValue(form(`v=${raw}`), 'v', 5);
  assert.equal(value('+ab+c+'), 'ab c');
  assert.equal(value('%0D%0A12345%0D%0A'), '12345');
  assert.equal(value('~%5C'), '~\\');
  for (const raw of ['', '++', '123456', '%83%5B', '\x83[', 'a%00b', 'a%0Ab', 'a%7Fb', `+++++${'+'.repeat(20)}a`]) {
    assert.equal(value(raw), null, raw);
  }
  assert.equal(asciiValue(form('w=1'), 'v', 5), null);
});

test('the shared part of a call', () => {
  const raw = 'status=07&clientip=2019000001&sendpoint=A1&order_no=11.1-2&money=8000';
  const method = 'cvs';
  const expected = {
    method,
    status: '07',
    orderId: 'A1',
    orderNumber: '11.1-2',
    ipCode: '2019000001',
    amountYen: 8000,
  };
  assert.deepEqual(readCommon(form(raw), names), expected);
  const least = { method, status: '07', orderId: null, orderNumber: '1', ipCode: null, amountYen: null };
  assert.deepEqual(readCommon(form('status=07&order_no=1'), names), least);
});

test('an amount is absent, a number, or there without being one', () => {
  const amount = (raw: string) => {
    const common = readCommon(form(`status=07&sendpoint=A&${raw}`), names);
    return 'kind' in common ? common : common.amountYen;
  };
  assert.equal(amount(''), null);
  assert.equal(amount('money='), null);
  assert.equal(amount('money=0'), 0);
  assert.equal(amount('money=0008000'), 8000);
  assert.equal(amount('money=+8000+'), 8000);
  for (const raw of ['8,000', '-1', '1.5', '1e3', '0x10', 'Infinity', '%82%50', '12345678901']) {
    assert.equal(amount(`money=${raw}`), 'invalid', raw);
  }
});

test('an IP code that is there but unreadable equals none', () => {
  const common = readCommon(form('status=07&sendpoint=A&clientip=%83%5B'), names);
  assert.equal('ipCode' in common && common.ipCode, 'unreadable');
});

test('what is missing is named: the status, and both ways to the order where neither is there', () => {
  const missing = (raw: string) => {
    const common = readCommon(form(raw), names);
    return 'missing' in common ? common.missing : [];
  };
  assert.deepEqual(missing('sendpoint=A'), ['status']);
  assert.deepEqual(missing('status=++&sendpoint=A'), ['status']);
  assert.deepEqual(missing('status=07'), ['sendpoint', 'order_no']);
  assert.deepEqual(missing(`status=07&sendpoint=${'x'.repeat(51)}&order_no=${'1'.repeat(39)}`), [
    'sendpoint',
    'order_no',
  ]);
  assert.deepEqual(missing(''), ['status', 'sendpoint', 'order_no']);
  assert.deepEqual(missing(`status=07&sendpoint=${'x'.repeat(50)}`), []);
  assert.deepEqual(missing(`status=07&order_no=${'1'.repeat(38)}`), []);
});
