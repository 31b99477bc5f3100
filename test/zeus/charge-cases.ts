import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Field } from '../../shared/zeus/wire/fields.ts';
import type { Reply, Send } from '../../shared/zeus/wire/transport.ts';
import { answered, noAnswers, orderNumber, recorder } from './card-fixtures.ts';

/** The payer enters the card again. */
const tokenInvalid = {
  reason: 'token_invalid',
  code: null,
  parameter: 'tokenKey',
  message: 'The gateway refused the token: it is used up, too old or not of this IP code',
  payerMessage: 'カード情報の有効期限が切れました。お手数ですが、カード情報をもう一度ご入力ください。',
};

export type Charge = (send: Send, installments: string | null) => Promise<Outcome<{ orderNumber: string | null }>>;

/** `parameters`: what each parameter of the gateway's is called in our API. */
interface Expected {
  fields: readonly Field[];
  parameters: Record<string, string | null>;
}

const rule = /Diners takes only 01 and 99/;

/** The answers of secure.cgi mean the same to both charges; each runs all of them. */
export function testChargeAnswers(charge: Charge, { fields, parameters }: Expected): void {
  const outcomeOf = (reply: Reply, installments: string | null = null) => charge(recorder(reply).send, installments);

  test('success, with and without an order number', async () => {
    const numbers: Record<string, string | null> = {
      'success.txt': null,
      'success-number-lf.txt': orderNumber,
      'success-number-crlf.txt': orderNumber,
      'success-number-after-blank-line.txt': orderNumber,
      'success-number-test.txt': '11.111.11.11-TEST_000/222',
      'success-number-50.txt': '1'.repeat(50),
      'success-number-51.txt': null,
      'success-number-not-ascii.txt': null,
    };
    for (const [name, number] of Object.entries(numbers)) {
      assert.deepEqual(await outcomeOf(answered(name)), { kind: 'done', orderNumber: number }, name);
    }
  });

  test('failure_order is a refusal, with the order number where there is one', async () => {
    const numbers = { 'failure.txt': null, 'failure-number.txt': orderNumber, 'failure-number-crlf.txt': orderNumber };
    for (const [name, number] of Object.entries(numbers)) {
      const failure = {
        reason: 'refused',
        code: null,
        parameter: null,
        message: 'The gateway or the card issuer refused',
        payerMessage:
          'このカードではお支払いいただけませんでした。別のカードをお試しいただくか、カード会社にご確認ください。',
      };
      assert.deepEqual(await outcomeOf(answered(name)), { kind: 'refused', failure, orderNumber: number, truth: null });
    }
  });

  test('Invalid is a refusal that names our field, for every parameter of the table', async () => {
    assert.deepEqual(
      fields.map(field => field.wire),
      Object.keys(parameters),
    );
    for (const [wire, parameter] of Object.entries(parameters)) {
      const message = `The gateway objects to a parameter: ${wire}`;
      const invalid = { reason: 'invalid_parameter', code: null, parameter, message, payerMessage: null };
      const failure = wire === 'token_key' ? tokenInvalid : invalid;
      const expected = { kind: 'refused', failure, orderNumber: null, truth: null };
      assert.deepEqual(await outcomeOf(answered(`invalid-${wire}.txt`)), expected);
    }
  });

  test('Invalid in another case, and of a parameter that no table has, is a refusal too', async () => {
    const capital = await outcomeOf(answered('invalid-telno-capital.txt'));
    assert.equal(capital.kind === 'refused' && capital.failure.parameter, 'phone');
    const unlisted = await outcomeOf(answered('invalid-unlisted.txt'));
    assert.ok(unlisted.kind === 'refused');
    assert.equal(unlisted.failure.parameter, null);
    assert.equal(unlisted.failure.message, 'The gateway objects to a parameter: one that it does not name plainly');
  });

  test('connect error is a refusal of its own', async () => {
    const outcome = await outcomeOf(answered('connect-error.txt'));
    const failure = {
      reason: 'connect_error',
      code: null,
      parameter: null,
      message: 'The gateway could not process the payment (connect error)',
      payerMessage: 'お支払いを処理できませんでした。時間をおいて、もう一度お試しください。',
    };
    assert.deepEqual(outcome, { kind: 'refused', failure, orderNumber: null, truth: null });
  });

  test("a refusal names the brands' rule when installments were asked for, and only then", async () => {
    for (const name of ['failure.txt', 'invalid-div.txt', 'connect-error.txt']) {
      const [plain, asked] = [await outcomeOf(answered(name)), await outcomeOf(answered(name), '03')];
      assert.ok(plain.kind === 'refused' && asked.kind === 'refused');
      assert.doesNotMatch(plain.failure.message, rule);
      assert.match(asked.failure.message, rule);
      assert.deepEqual({ ...asked, failure: { ...asked.failure, message: plain.failure.message } }, plain);
    }
    assert.deepEqual(await outcomeOf(answered('success.txt'), '03'), { kind: 'done', orderNumber: null });
  });

  test('maintenance and a connection that never stood: nothing happened', async () => {
    const maintenance = await outcomeOf(answered('maintenance.txt'));
    assert.equal(maintenance.kind === 'not_processed' && maintenance.reason, 'maintenance');
    const expected = { kind: 'not_processed', reason: 'connection_failed', code: null, message: 'no connection' };
    assert.deepEqual(await outcomeOf({ kind: 'not_sent', message: 'no connection' }), expected);
  });

  test("a lost answer, another HTTP status and a body that is none of the manual's: unknown", async () => {
    assert.deepEqual(await outcomeOf({ kind: 'lost', message: 'gone' }), { kind: 'unknown', message: 'gone' });
    for (const name of noAnswers) assert.equal((await outcomeOf(answered(name))).kind, 'unknown', name);
    for (const name of ['success.txt', 'failure.txt', 'maintenance.txt', 'invalid-telno.txt']) {
      for (const status of [201, 302, 403, 500, 503])
        assert.equal((await outcomeOf(answered(name, status))).kind, 'unknown');
    }
  });
}

/** Each row of a field table with values that fit and values that do not. */
export function testRows(fields: readonly Field[], rows: Record<string, { good: string[]; bad: string[] }>): void {
  test("every row of the manual's table takes what fits and refuses what does not", () => {
    assert.deepEqual(
      fields.map(field => field.wire),
      Object.keys(rows),
    );
    for (const { wire, kind } of fields) {
      const row = rows[wire];
      assert.ok(row && row.good.length > 0 && row.bad.length > 0, wire);
      for (const value of row.good) assert.equal(kind.problem(value), null, `${wire} ${value}`);
      for (const value of row.bad) assert.notEqual(kind.problem(value), null, `${wire} ${value}`);
    }
  });
}

const freeText = '\\!#$%()~|-@[:]./`{*}?_';

/** The rows that several operations share. */
export const rows = {
  clientip: { good: ['12345', '2019000001'], bad: ['', '1234', '123456', '123456789012', 'abcde', '１２３４５'] },
  token_key: { good: ['a', 'a'.repeat(86), '+/=&%~'], bad: ['', 'a'.repeat(87), 'é', 'ア', 'a\n'] },
  money: { good: ['1', '8000', '9999999'], bad: ['', '10000000', '-1', '1.5', '08', '８０００', '1e3'] },
  send: { good: ['mall'], bad: ['', 'MALL'] },
  telno: {
    good: ['0300000', '0'.repeat(32)],
    bad: ['', '030000', '0'.repeat(33), '03-0000-0000', '+81300000000', '０３００００００'],
  },
  email: {
    good: ['test@cardservice.co.jp', 'a!#$%*+-/=?^_`{|}~.@b', 'a'.repeat(50)],
    bad: ['', 'a'.repeat(51), 'a b@c', '"a"@b', 'a,b@c', 'ア@b'],
  },
  sendid: {
    good: ['CARD 00001', freeText, '¥', 'a'.repeat(25)],
    bad: ['', 'a'.repeat(26), 'a&b', 'a+b', 'a=b', 'a"b', 'a^b', 'ア', '😀'],
  },
  sendpoint: { good: ['TEST', `${freeText} ¥`, 'a'.repeat(50)], bad: ['', 'a'.repeat(51), 'a,b', 'a<b', 'ｱ'] },
  printord: { good: ['yes'], bad: ['', 'no', 'YES'] },
  div: {
    good: ['01', '03', '05', '06', '10', '12', '15', '18', '20', '24', '99'],
    bad: ['', '1', '00', '02', '98', '099', '０１'],
  },
};
