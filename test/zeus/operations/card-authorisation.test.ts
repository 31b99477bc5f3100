import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardAuthorisation, decode, fields } from '../../../shared/zeus/operations/card-authorisation.ts';
import { recorder } from '../card-fixtures.ts';
import { testRows } from '../charge-cases.ts';
import { answered, answeredWith, fixture, noResponses, orderId, xid } from '../secure-link-fixtures.ts';

const said = (status: string, code: string | null, more = '') =>
  decode(answeredWith('payment', status, code, more), orderId);

test('PayReq byte for byte, with both flags', async () => {
  const { send, sent } = recorder(answered(fixture('payment-success')));
  await cardAuthorisation(send, { xid, orderId });
  const [path, contentType] = ['/cgi-bin/secure/api.cgi', 'text/xml'];
  assert.deepEqual(sent, [{ path, contentType, body: fixture('payment.request') }]);
});

testRows(fields, {
  xid: { good: ['1', 'x'.repeat(128)], bad: ['', 'x'.repeat(129), 'a b'] },
  print_am: { good: ['yes'], bad: ['', 'no'] },
  print_addition_value: { good: ['yes'], bad: ['', '1'] },
});

test('success: order number, last digits, brand', () => {
  assert.deepEqual(decode(answered(fixture('payment-success')), orderId), {
    kind: 'done',
    orderNumber: '11.111.11.11-000-222-333',
    authorised: { last4: '1111', brand: 'discover', isOtherOrder: false },
  });
  const nothing = { last4: null, brand: null, isOtherOrder: false };
  assert.deepEqual(said('success', null), { kind: 'done', orderNumber: null, authorised: nothing });
});

test('every listed brand, and one that is not explained', () => {
  const brandOf = (type: string) => {
    const outcome = said('success', '000', `<addition_value><ctype>${type}</ctype></addition_value>`);
    return outcome.kind === 'done' ? outcome.authorised.brand : outcome.kind;
  };
  assert.deepEqual(['V', 'M', 'J', 'A', 'D', 'I', 'P', 'T'].map(brandOf), [
    'visa',
    'mastercard',
    'jcb',
    'amex',
    'diners',
    'discover',
    'proper',
    null,
  ]);
});

test('check 31: another sendpoint than ours is told', () => {
  const outcome = said('success', '000', '<addition_value><sendpoint>other</sendpoint></addition_value>');
  assert.equal(outcome.kind === 'done' && outcome.authorised.isOtherOrder, true);
});

for (const [status, code, reason, message, truth] of [
  ['failure', 'errd001005', 'refused', 'The card was refused for now', null],
  ['failure', '005', 'refused', 'The card was refused for now', null],
  ['failure', '013', 'refused', "Blocked by the gateway's fraud rules for a time", null],
  ['failure', 'errq123456', 'refused', 'A code not listed', null],
  ['failure', null, 'refused', 'The gateway gave no code', null],
  ['invalid', '02110110', 'authentication_expired', 'The session is not known, or over 60 minutes old', 'expired'],
  ['invalid', '02110112', 'invalid_parameter', 'The authentication result must be asked for first', null],
  ['invalid', '99999999', 'invalid_parameter', 'A code not listed', null],
] as const) {
  test(`${status} ${code} is a refusal: ${message}`, () => {
    const outcome = said(status, code);
    assert.ok(outcome.kind === 'refused');
    const { failure, truth: proved } = outcome;
    assert.deepEqual([failure.reason, failure.code, failure.message, proved], [reason, code, message, truth]);
  });
}

test('a refusal may name the order', () => {
  const outcome = said('failure', 'errd002006', '<order_number>N-1</order_number>');
  assert.equal(outcome.kind === 'refused' && outcome.orderNumber, 'N-1');
});

test('maintenance and no connection are not_processed', () => {
  assert.equal(said('maintenance', '01002').kind, 'not_processed');
  assert.equal(decode({ kind: 'not_sent', message: 'ECONNREFUSED' }, orderId).kind, 'not_processed');
});

for (const [what, reply] of noResponses('payment')) {
  test(`${what} is unknown`, () => assert.equal(decode(reply, orderId).kind, 'unknown'));
}
