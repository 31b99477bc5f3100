import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authenticationResult, decode, fields } from '../../../shared/zeus/operations/authentication-result.ts';
import { recorder } from '../card-fixtures.ts';
import { testRows } from '../charge-cases.ts';
import { answered, answeredWith, fixture, noResponses, xid } from '../secure-link-fixtures.ts';

const said = (status: string, code: string | null) => decode(answeredWith('authentication', status, code));

test('AuthReq byte for byte: the session undecoded, no IP code, no key', async () => {
  const { send, sent } = recorder(answeredWith('authentication', 'success', '001'));
  await authenticationResult(send, { xid, paRes: 'Y' });
  const [path, contentType] = ['/cgi-bin/secure/api.cgi', 'text/xml'];
  assert.deepEqual(sent, [{ path, contentType, body: fixture('authentication.request') }]);
});

testRows(fields, {
  xid: { good: ['1234567890', 'a+/='.repeat(32)], bad: ['', 'x'.repeat(129), 'a b', 'é'] },
  PaRes: { good: ['Y', 'N', 'A'], bad: ['', 'y', 'YY', '1'] },
});

test('the status decides, the code is kept: listed, unlisted, none', () => {
  for (const code of ['001', '002', '003', '004', '777', null])
    assert.deepEqual(said('success', code), { kind: 'authenticated', code });
});

test('check 31: a response whose root is request is read', () => {
  const reply = answered(fixture('authentication-success-root-request'));
  assert.deepEqual(decode(reply), { kind: 'authenticated', code: '001' });
});

for (const [status, code, reason, truth] of [
  ['failure', '02100431', 'authentication_failed', null],
  ['failure', '99999999', 'authentication_failed', null],
  ['invalid', '02100112', 'authentication_failed', null],
  ['invalid', '02100110', 'authentication_expired', 'expired'],
  ['invalid', '02100114', 'invalid_parameter', null],
  ['invalid', '99999999', 'invalid_parameter', null],
] as const) {
  test(`${status} ${code} is a refusal: ${reason}`, () => {
    const outcome = said(status, code);
    assert.ok(outcome.kind === 'refused');
    assert.deepEqual([outcome.failure.reason, outcome.failure.code, outcome.truth], [reason, code, truth]);
  });
}

test('maintenance and no connection are not_processed: the payer may come again', () => {
  assert.equal(said('maintenance', '01001').kind, 'not_processed');
  assert.equal(decode({ kind: 'not_sent', message: 'ECONNREFUSED' }).kind, 'not_processed');
});

for (const [what, reply] of noResponses('authentication')) {
  test(`${what} is as a lost response`, () => assert.equal(decode(reply).kind, 'unknown'));
}
