import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Masked } from '../../../shared/domain/masked.ts';
import {
  type CardCancel,
  cancelCodes,
  cardCancel,
  encode,
  fields,
} from '../../../shared/zeus/operations/card-cancel.ts';
import type { Reply } from '../../../shared/zeus/wire/transport.ts';
import { answered, fixture, lines, noAnswers, orderNumber, recorder } from '../card-fixtures.ts';
import { testRows } from '../charge-cases.ts';

const cancel: CardCancel = {
  ipCode: '2019000001',
  key: new Masked('0123<56789>&cdef"0123456789abcdef\'123456'),
  orderNumber,
};

const outcomeOf = (reply: Reply) => cardCancel(recorder(reply).send, cancel);
const outcomeOfFile = (name: string, status = 200) => outcomeOf(answered(`cancel-${name}.xml`, status));

function refusal(code: string | null, message: string, more: object) {
  const failure = { reason: 'refused', code, parameter: null, message, payerMessage: null };
  return { kind: 'refused', failure, orderNumber: null, truth: null, ...more };
}

test('one POST of the XML of the manual, values escaped, byte for byte', async () => {
  const { send, sent } = recorder(answered('cancel-success.xml'));
  await cardCancel(send, cancel);
  const [path, contentType] = ['/cgi-bin/secure/api.cgi', 'text/xml'];
  assert.deepEqual(sent, [{ path, contentType, body: fixture('card-cancel.request.xml') }]);
});

test('the longest request stays under 8,192 bytes', () => {
  const longest = { ipCode: '2019000001', key: new Masked('"'.repeat(40)), orderNumber: '"'.repeat(50) };
  assert.ok(encode(longest).length <= 8192);
});

test('a value that is too long throws without telling it, and nothing is sent', async () => {
  const { send, sent } = recorder(answered('cancel-success.xml'));
  const expected = { message: 'key must be at most 40 bytes' };
  await assert.rejects(cardCancel(send, { ...cancel, key: new Masked('s'.repeat(41)) }), expected);
  assert.equal(sent.length, 0);
});

testRows(fields, {
  clientip: { good: ['1', '12345', '2019000001'], bad: ['', '12345678901', 'abc', '１'] },
  key: { good: ['a', 'a'.repeat(40), '+/=<&>'], bad: ['', 'a'.repeat(41), 'é', 'ア'] },
  order_number: { good: [orderNumber, '11.1-TEST_1/2', '9'.repeat(50)], bad: ['', '9'.repeat(51), '番号', 'é'] },
});

test('success is done, with whatever code came', async () => {
  assert.deepEqual(await outcomeOfFile('success'), { kind: 'done', code: '000' });
  assert.deepEqual(await outcomeOfFile('success-other-code'), { kind: 'done', code: '001' });
  assert.deepEqual(await outcomeOfFile('success-without-names'), { kind: 'done', code: '000' });
});

test('failure is a refusal that may be repeated', async () => {
  const message = "The payment's state does not allow it: there are several reasons, too early a request among them";
  assert.deepEqual(await outcomeOfFile('failure'), refusal('02189999', message, { mayRepeat: true }));
});

test('invalid is a refusal that may not', async () => {
  const outcome = await outcomeOfFile('invalid-key');
  assert.ok(outcome.kind === 'refused');
  assert.equal(outcome.failure.reason, 'invalid_parameter');
  assert.equal(outcome.failure.code, '02130210');
  assert.equal(outcome.mayRepeat, false);
});

test('an order that is cancelled already says so', async () => {
  const expected = refusal('02180118', 'The order is cancelled already', { mayRepeat: false, truth: 'already_done' });
  assert.deepEqual(await outcomeOfFile('already-cancelled'), expected);
});

test('an unlisted code and no code are refusals too', async () => {
  const unlisted = 'The gateway gave a code that its manual does not list';
  assert.deepEqual(await outcomeOfFile('failure-unlisted'), refusal('02189998', unlisted, { mayRepeat: true }));
  const sample = await outcomeOfFile('invalid-sample');
  assert.equal(sample.kind === 'refused' && sample.failure.code, '99999999');
  const none = await outcomeOfFile('invalid-without-code');
  assert.equal(none.kind === 'refused' && none.failure.message, 'The gateway gave no code');
  const odd = await outcomeOfFile('failure-odd-code');
  assert.deepEqual(odd, refusal(null, 'The gateway gave no code', { mayRepeat: true }));
});

test('maintenance and a connection that never stood: nothing happened', async () => {
  const message = 'The payment network is under maintenance, nothing was cancelled (012)';
  const expected = { kind: 'not_processed', reason: 'maintenance', code: '02000012', message };
  assert.deepEqual(await outcomeOfFile('maintenance'), expected);
  const bare = await outcomeOf(answered('maintenance.txt'));
  assert.equal(bare.kind === 'not_processed' && bare.reason, 'maintenance');
  const notSent = await outcomeOf({ kind: 'not_sent', message: 'no connection' });
  assert.equal(notSent.kind === 'not_processed' && notSent.reason, 'connection_failed');
});

test("a lost answer, another HTTP status and a body that is none of the manual's: unknown", async () => {
  assert.deepEqual(await outcomeOf({ kind: 'lost', message: 'gone' }), { kind: 'unknown', message: 'gone' });
  const names = [
    'unlisted-status',
    'other-action',
    'other-service',
    'two-statuses',
    'truncated',
    'wrong-root',
    'dtd',
    'entity',
    'wrong-charset',
  ];
  for (const name of names) assert.equal((await outcomeOfFile(name)).kind, 'unknown', name);
  for (const name of [...noAnswers, 'success.txt', 'failure.txt', 'invalid-clientip.txt', 'connect-error.txt']) {
    assert.equal((await outcomeOf(answered(name))).kind, 'unknown', name);
  }
  for (const status of [201, 302, 500]) assert.equal((await outcomeOfFile('success', status)).kind, 'unknown');
});

test("the manual's 22 codes are there, once each, and map by their status", async () => {
  const listed = lines('cancel-codes.txt').map(line => line.split(' ') as [status: string, code: string]);
  assert.equal(listed.length, 22);
  assert.deepEqual([...cancelCodes.keys()].sort(), listed.map(([, code]) => code).sort());
  const source = readFileSync(new URL('../../../shared/zeus/operations/card-cancel.ts', import.meta.url), 'utf8');
  const kinds: Record<string, string> = {
    success: 'done',
    failure: 'refused',
    invalid: 'refused',
    maintenance: 'not_processed',
  };
  for (const [status, code] of listed) {
    assert.match(code, /^(000|[0-9]{8})$/);
    assert.equal(source.split(`'${code}'`).length, 2, code);
    assert.match(cancelCodes.get(code) ?? '', /^[ -~]{9,}$/);
    const xml = `<response service="secure_link" action="payment_return"><result><status>${status}</status><code>${code}</code></result></response>`;
    const outcome = await outcomeOf({ kind: 'answered', status: 200, body: Buffer.from(xml) });
    assert.equal(outcome.kind, kinds[status]);
    if (outcome.kind === 'refused') assert.equal(outcome.failure.message, cancelCodes.get(code));
  }
});
