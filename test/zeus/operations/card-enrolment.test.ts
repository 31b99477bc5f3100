import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Masked } from '../../../shared/domain/masked.ts';
import {
  type CardEnrolment,
  cardEnrolment,
  decode,
  encode,
  fields,
} from '../../../shared/zeus/operations/card-enrolment.ts';
import { recorder } from '../card-fixtures.ts';
import { testRows } from '../charge-cases.ts';
import { answered, answeredWith, fixture, noResponses, orderId, xid } from '../secure-link-fixtures.ts';

const newCard: CardEnrolment = {
  ipCode: '2019000001',
  key: new Masked('0123456789abcdef0123456789abcdef01234567'),
  tokenKey: new Masked('abc+/def=='),
  lookUp: null,
  amountYen: 8000,
  installments: null,
  phone: new Masked('09012345678'),
  email: new Masked('taro@example.com'),
  cardId: null,
  orderId,
  cardholderName: null,
};
const stored: CardEnrolment = { ...newCard, tokenKey: null, lookUp: 'card_id', cardId: 'MEMBER 1' };

test('check 1: EnrolReq of a new card, byte for byte, as text/xml', async () => {
  const { send, sent } = recorder(answered(fixture('enrolment-success')));
  await cardEnrolment(send, newCard);
  const [path, contentType] = ['/cgi-bin/secure/api.cgi', 'text/xml'];
  assert.deepEqual(sent, [{ path, contentType, body: fixture('enrolment-new-card.request') }]);
});

test('check 2: EnrolReq of a registration with a name, and of a stored card by card ID alone and with phone', () => {
  const registration = { amountYen: 0, installments: 'B1', cardId: 'MEMBER 1' };
  const named = { ...newCard, ...registration, cardholderName: new Masked('TARO & <ZEUS>') };
  assert.deepEqual(encode(named), fixture('enrolment-registration.request'));
  assert.deepEqual(encode(stored), fixture('enrolment-stored-card.request'));
  const byPhone = { ...stored, lookUp: 'card_id_and_phone', tokenKey: newCard.tokenKey } as const;
  assert.deepEqual(encode(byPhone), fixture('enrolment-stored-card-by-phone.request'));
});

test('the longest request stays below 2,048 bytes', () => {
  const longest = encode({
    ...stored,
    lookUp: 'card_id_and_phone',
    key: new Masked('a'.repeat(40)),
    tokenKey: new Masked('"'.repeat(86)),
    amountYen: 9_999_999,
    phone: new Masked('0'.repeat(32)),
    email: new Masked('a'.repeat(50)),
    cardId: 'c'.repeat(25),
    cardholderName: new Masked('"'.repeat(50)),
  });
  assert.ok(longest.length < 2048, String(longest.length));
});

testRows(fields, {
  clientip: { good: ['12345', '2019000001'], bad: ['', '123456', 'abcde'] },
  key: { good: ['a', 'a'.repeat(40)], bad: ['', 'a'.repeat(41), 'é'] },
  history: { good: ['sendid', 'telno sendid'], bad: ['', 'telno', 'sendid telno'] },
  token_key: { good: ['a', '+/='.repeat(28)], bad: ['', 'a'.repeat(87), 'ア'] },
  amount: { good: ['0', '9999999'], bad: ['', '-1', '10000000', '01', '1.5'] },
  count: { good: ['01', '02', '24', '99', 'B1'], bad: ['', '1', '04', 'b1', 'B2'] },
  telno: { good: ['0312345', '0'.repeat(32)], bad: ['031234', '0'.repeat(33), '03-1234-5678'] },
  email: { good: ['a@b', 'a'.repeat(50)], bad: ['', 'a'.repeat(51), 'a b@c', 'あ@b'] },
  sendid: { good: ['a', 'MEMBER 1', 'a'.repeat(25)], bad: ['', 'a'.repeat(26), 'a&b'] },
  sendpoint: { good: [orderId, 'a'.repeat(50)], bad: ['', 'a'.repeat(51)] },
  cardholderName: {
    good: ['TARO', "O'BRIEN & <CO>", 'A'.repeat(50)],
    bad: ['ABC', 'A'.repeat(51), 'TARO\nZ', 'タロウ'],
  },
});

test('success gives session and address as they came, whatever the code', () => {
  const iframeUrl = 'https%3A%2F%2F3ds.example%2Fdevice%3Fa%3D1%26b%3D2';
  assert.deepEqual(decode(answered(fixture('enrolment-success'))), { kind: 'enrolled', xid, iframeUrl });
  const other = answeredWith('enroll', 'success', '001', `<xid>x</xid><iframeUrl>${iframeUrl}</iframeUrl>`);
  assert.deepEqual(decode(other), { kind: 'enrolled', xid: 'x', iframeUrl });
});

test('outside keeps its code, with or without a session', () => {
  assert.deepEqual(decode(answeredWith('enroll', 'outside', '008', '<xid>x</xid>')), {
    kind: 'outside',
    xid: 'x',
    code: '008',
  });
  assert.deepEqual(decode(answeredWith('enroll', 'outside', '005')), { kind: 'outside', xid: null, code: '005' });
});

for (const [status, code, reason, parameter] of [
  ['failure', '02090431', 'authentication_failed', null],
  ['failure', '99999999', 'authentication_failed', null],
  ['invalid', '02131914', 'token_invalid', 'tokenKey'],
  ['invalid', '02131810', 'invalid_parameter', 'cardId'],
  ['invalid', '02131224', 'invalid_parameter', 'amount'],
  ['invalid', '02131326', 'invalid_parameter', 'installments'],
  ['invalid', '02131417', 'invalid_parameter', 'phone'],
  ['invalid', '02131527', 'invalid_parameter', 'email'],
  ['invalid', '12345678', 'invalid_parameter', null],
] as const) {
  test(`${status} ${code} is a refusal: ${reason}, ${parameter}`, () => {
    const outcome = decode(answeredWith('enroll', status, code));
    assert.ok(outcome.kind === 'refused');
    const { failure } = outcome;
    assert.deepEqual([failure.reason, failure.code, failure.parameter], [reason, code, parameter]);
  });
}

test('maintenance and no connection are not_processed', () => {
  const maintenance = decode(answeredWith('enroll', 'maintenance', '02090332'));
  assert.deepEqual(maintenance, {
    kind: 'not_processed',
    reason: 'maintenance',
    code: '02090332',
    message: "The card issuer's side is under maintenance",
  });
  const refused = decode({ kind: 'not_sent', message: 'ECONNREFUSED' });
  assert.deepEqual(
    [refused.kind, refused.kind === 'not_processed' && refused.reason],
    ['not_processed', 'connection_failed'],
  );
});

const success = (more: string) => answeredWith('enroll', 'success', '000', more);
for (const [what, reply] of [
  ...noResponses('enroll'),
  ['success without xid', success('<iframeUrl>https%3A%2F%2Fx</iframeUrl>')],
  ['success without iframeUrl', success('<xid>x</xid>')],
  ['an xid that is too long', success(`<xid>${'x'.repeat(129)}</xid><iframeUrl>u</iframeUrl>`)],
  ['an xid with a space', success('<xid>a b</xid><iframeUrl>u</iframeUrl>')],
] as const) {
  test(`check 31: ${what}: nothing was charged, not_processed`, () => {
    const outcome = decode(reply);
    assert.deepEqual(
      [outcome.kind, outcome.kind === 'not_processed' && outcome.reason],
      ['not_processed', 'answer_lost'],
    );
  });
}
