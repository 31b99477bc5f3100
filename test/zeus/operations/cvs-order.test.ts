import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Masked } from '../../../shared/domain/masked.ts';
import type { Store } from '../../../shared/domain/words.ts';
import { type CvsOrder, cvsName, cvsOrder, fields } from '../../../shared/zeus/operations/cvs-order.ts';
import { failureOfCvsCode } from '../../../shared/zeus/wire/cvs-codes.ts';
import type { Reply } from '../../../shared/zeus/wire/transport.ts';
import { answered, disagreements, fixture, type Row, recorded } from '../recorded.ts';

const order: CvsOrder = {
  ipCode: '2019000003',
  amountYen: 8000,
  name: new Masked('ゼウス　ソヴポー'),
  phone: new Masked('0312345678'),
  email: new Masked('payer+a@example.com'),
  store: 'lawson',
  orderId: 'sXbW0n2vQ7yKJ4aT-_Zr8mLpEoHcU1dF',
  test: null,
};

const outcomeOf = (reply: Reply, store: Store = 'lawson') => cvsOrder(recorded(reply).send, { ...order, store });
const fixtureOutcome = (name: string, store: Store = 'lawson') => outcomeOf(answered(fixture(`cvs/${name}`)), store);

const notInManual = { kind: 'unknown', message: "The answer is none of the manual's" };
const redirectUrl = 'https://pay.example.jp/slip?code=1234567890123&sign=a=b';
const issued = { kind: 'done', orderNumber: '2019-1120-030405.001-TEST', payBy: '2026-12-01', redirectUrl: null };

const body =
  'clientip=2019000003&act=secure_order&money=8000&username=%83%5B%83E%83X%81%40%83%5C%83%94%83%7C%81%5B' +
  '&telno=0312345678&email=payer%2Ba%40example.com';

test('an order is one Shift_JIS form in the order of the manual', async () => {
  const { send, sent } = recorded(answered(''));
  await cvsOrder(send, order);
  assert.deepEqual(sent, [
    {
      path: '/cgi-bin/cvs.cgi',
      contentType: 'application/x-www-form-urlencoded',
      body: `${body}&pay_cvs=D002&sendpoint=sXbW0n2vQ7yKJ4aT-_Zr8mLpEoHcU1dF`,
    },
  ]);
});

test('a test order ends with its test ID and type', async () => {
  for (const [type, digit] of [['unpaid', '0'] as const, ['paid', '1'] as const, ['reversed', '2'] as const]) {
    const { send, sent } = recorded(answered(''));
    await cvsOrder(send, { ...order, test: { id: '12345678', type } });
    const end = `&pay_cvs=D002&sendpoint=sXbW0n2vQ7yKJ4aT-_Zr8mLpEoHcU1dF&testid=12345678&test_type=${digit}`;
    assert.equal(sent[0]?.body, body + end);
  }
});

test("each store's code", async () => {
  const codes = {
    'seven-eleven': 'D001',
    lawson: 'D002',
    familymart: 'D030',
    seicomart: 'D015',
    ministop: 'D050',
    'daily-yamazaki': 'D060',
  } as const;
  for (const store of Object.keys(codes) as Store[]) {
    const { send, sent } = recorded(answered(''));
    await cvsOrder(send, { ...order, store });
    assert.match(sent[0]?.body ?? '', new RegExp(`&pay_cvs=${codes[store]}&`), store);
  }
});

describe('the rows of the manual', () => {
  const table: Record<string, Row> = {
    clientip: { valid: ['2019000003'], invalid: ['', '201900000', '20190000031', '201900000a'] },
    act: { valid: ['secure_order'], invalid: ['', 'Secure_order'] },
    money: { valid: ['200', '299999'], invalid: ['', '199', '300000', '0200', '1e3', '２００'] },
    username: {
      valid: ['ゼ', 'ゼウス　ヴー', 'ソ'.repeat(20), `${'ソ'.repeat(19)}　`],
      invalid: [
        '',
        'ソ'.repeat(21),
        '　',
        '　　',
        'ゼウス ソ',
        'ぜうす',
        'ｾﾞｳｽ',
        'ゼ・ウ',
        'ヷ',
        '名',
        'A',
        'ゼ\n',
        '😀',
      ],
    },
    telno: {
      valid: ['012345678', '0123456789', '01234567890'],
      invalid: ['', '01234567', '012345678901', '123456789', '03-1234567', '０12345678'],
    },
    email: {
      valid: ['a@b', 'A1!#$%*+-/=?^_`{|}~.@', `${'a'.repeat(48)}@b`],
      invalid: ['', `${'a'.repeat(49)}@b`, 'a b@c', 'a(b@c', 'あ@c', 'a,b@c', 'a@b\n'],
    },
    pay_cvs: {
      valid: ['D001', 'D002', 'D030', 'D015', 'D050', 'D060'],
      invalid: ['', 'D003', 'd001', 'D0011', 'lawson'],
    },
    sendid: { valid: ['a'.repeat(25)], invalid: ['', 'a'.repeat(26), 'あ'] },
    sendpoint: { valid: ['a'.repeat(50)], invalid: ['', 'a'.repeat(51), 'あ'] },
    testid: { valid: ['1', '12345678'], invalid: ['', '123456789', '1a'] },
    test_type: { valid: ['0', '1', '2'], invalid: ['', '3', '00'] },
  };

  test('their names', () => {
    assert.deepEqual(
      fields.map(field => field.wire),
      Object.keys(table),
    );
  });
  for (const { wire, kind } of fields) {
    test(wire, () => assert.deepEqual(disagreements(kind, table[wire] as Row), []));
  }
});

test('a name is turned to full-width katakana and full-width spaces', () => {
  assert.equal(cvsName('ぜうす ｿｰ　ヴ'), 'ゼウス　ソー　ヴ');
});

test("success: the numbers under each store's own labels", async () => {
  const cases: [string, Store, [string, string][]][] = [
    [
      'success-lawson-crlf',
      'lawson',
      [
        ['受付番号', '123456'],
        ['確認番号', '7890'],
      ],
    ],
    [
      'success-familymart',
      'familymart',
      [
        ['注文番号', '654321'],
        ['企業コード', '20020'],
      ],
    ],
    ['success-seicomart', 'seicomart', [['お支払受付番号', '98765432']]],
    [
      'success-ministop',
      'ministop',
      [
        ['受付番号', '222333'],
        ['確認番号', '4444'],
      ],
    ],
    ['success-daily-yamazaki', 'daily-yamazaki', [['オンライン決済番号', '11122233344']]],
  ];
  for (const [name, store, numbers] of cases) {
    const paymentNumbers = numbers.map(([label, value]) => ({ label, value }));
    assert.deepEqual(await fixtureOutcome(name, store), { ...issued, paymentNumbers }, name);
  }
});

test('success of 7-Eleven, with its page, whatever the order, the line ends and the spaces', async () => {
  const paymentNumbers = [{ label: '払込票番号', value: '1234567890123' }];
  for (const variant of ['seven-eleven-lf', 'reordered', 'spaces-round-equals', 'space-after-equals-no-last-eol']) {
    const outcome = await fixtureOutcome(`success-${variant}`, 'seven-eleven');
    assert.deepEqual(outcome, { ...issued, paymentNumbers, redirectUrl }, variant);
  }
});

test('the page is 7-Eleven’s alone, and a web address', async () => {
  const page = async (url: string, store: Store) => {
    const outcome = await outcomeOf(answered(`rel=Success_order\npay_url=${url}\n`), store);
    return outcome.kind === 'done' ? [outcome.redirectUrl, outcome.note] : outcome.kind;
  };
  assert.deepEqual(await page(redirectUrl, 'seven-eleven'), [redirectUrl, undefined]);
  assert.deepEqual(await page(redirectUrl, 'lawson'), [null, undefined]);
  assert.deepEqual(await page('', 'seven-eleven'), [null, undefined]);
  const note = 'The URL of the payment slip was left out: no https URL without user information';
  const own = ['http://pay.example.jp/slip', 'https://pay.example.jp@evil.example/', `https://${'a'.repeat(2001)}`];
  for (const url of [...own, 'javascript:alert(1)', '//pay.example.jp/slip', 'https://a.jp/a b', 'https://']) {
    assert.deepEqual(await page(url, 'seven-eleven'), [null, note], url);
  }
});

test('a success keeps what is readable and lacks the rest', async () => {
  const empty = { kind: 'done', orderNumber: null, paymentNumbers: [], payBy: null, redirectUrl: null };
  assert.deepEqual(await fixtureOutcome('success-only-rel'), empty);
  const paymentNumbers = [{ label: 'お支払受付番号', value: '98765432' }];
  assert.deepEqual(await fixtureOutcome('success-no-such-day', 'seicomart'), {
    ...issued,
    payBy: null,
    paymentNumbers,
  });
  const odd = `rel=Success_order\norder_no=${'1'.repeat(51)}\npay_no1=${'1'.repeat(21)}\npay_no2=1 2\n`;
  assert.deepEqual(await outcomeOf(answered(odd)), empty);
  const second = await outcomeOf(answered('rel=Success_order\npay_no1=1\npay_no2=2\n'), 'seicomart');
  assert.ok(second.kind === 'done');
  assert.deepEqual(second.paymentNumbers[1], { label: '払込番号', value: '2' });
});

test('every error code of the manual', async () => {
  const reasons = {
    '800000': 'gateway_error',
    '900000': 'gateway_error',
    '0011': 'gateway_error',
    '800001': 'store_unavailable',
    '800002': 'store_unavailable',
    '0008': 'store_unavailable',
    '0013': 'maintenance',
  };
  // The manual recommends no words for these two.
  const silent = ['800000', '800001'];
  for (const [code, reason] of Object.entries(reasons)) {
    const outcome = await fixtureOutcome(`failure-${code}`);
    assert.ok(outcome.kind === 'refused', code);
    const { message, payerMessage, ...rest } = outcome.failure;
    assert.deepEqual(rest, { reason, code, parameter: null });
    assert.equal(message, failureOfCvsCode(code).message);
    assert.match(message, /^[A-Z][ -~]{10,99}$/);
    assert.equal(payerMessage === null, silent.includes(code), code);
    if (payerMessage !== null) assert.match(payerMessage, /^[ぁ-んァ-ヶー一-龠、。]{15,}.*0570-08-3000/);
    assert.equal(outcome.orderNumber, null);
    assert.equal(outcome.truth, null);
  }
});

test('an unlisted code, and none, are refusals all the same', async () => {
  const failure = { reason: 'refused', parameter: null, payerMessage: null };
  const rest = { kind: 'refused', orderNumber: null, truth: null };
  assert.deepEqual(await fixtureOutcome('failure-unlisted'), {
    ...rest,
    failure: { ...failure, code: '0099', message: 'A code not listed' },
  });
  const without = { ...rest, failure: { ...failure, code: null, message: 'The gateway gave no code' } };
  assert.deepEqual(await fixtureOutcome('failure-blank-code'), without);
  assert.deepEqual(await outcomeOf(answered('failure_order\n')), without);
});

test('a refusal keeps its order number', async () => {
  const outcome = await fixtureOutcome('failure-with-order-number');
  assert.ok(outcome.kind === 'refused');
  assert.equal(outcome.orderNumber, '2019-1120-030405.002');
  assert.equal(outcome.failure.reason, 'store_unavailable');
});

test('a bare line that names a parameter is a refusal that names our field', async () => {
  const names: Record<string, string | null> = {
    clientip: null,
    act: null,
    money: 'amount',
    username: 'name',
    telno: 'phone',
    email: 'email',
    pay_cvs: 'store',
    sendid: null,
    sendpoint: null,
    testid: 'test.id',
    test_type: 'test.type',
  };
  for (const [wire, parameter] of Object.entries(names)) {
    for (const line of [wire, `Invalid ${wire}\r\n`, `invalid ${wire.toUpperCase()}`, `${wire}: bad value\n\n`]) {
      assert.deepEqual(await outcomeOf(answered(line)), {
        kind: 'refused',
        failure: {
          reason: 'invalid_parameter',
          code: null,
          parameter,
          message: `The gateway objects to a parameter: ${wire}`,
          payerMessage: null,
        },
        orderNumber: null,
        truth: null,
      });
    }
  }
  for (const [name, parameter] of [['money', 'amount'] as const, ['username-shift-jis', 'name'] as const]) {
    const outcome = await fixtureOutcome(`parameter-${name}`);
    assert.ok(outcome.kind === 'refused' && outcome.failure.parameter === parameter, name);
  }
  const ours = await fixtureOutcome('parameter-clientip');
  assert.ok(ours.kind === 'refused' && ours.failure.parameter === null);
});

test('a line that says invalid without a name it knows is a refusal, and its words are not repeated', async () => {
  for (const line of ['Invalid 0312345678', 'invalid']) {
    const outcome = await outcomeOf(answered(line));
    assert.ok(outcome.kind === 'refused' && outcome.failure.reason === 'invalid_parameter', line);
    assert.equal(outcome.failure.parameter, null);
    assert.doesNotMatch(outcome.failure.message, /0312345678/);
  }
});

test('maintenance alone is not processed', async () => {
  const maintenance = { kind: 'not_processed', reason: 'maintenance', code: null };
  assert.deepEqual(await fixtureOutcome('bare-maintenance'), {
    ...maintenance,
    message: 'The gateway is under maintenance',
  });
});

test('a body that is none of the manual is unknown', async () => {
  const broken = ['empty', 'cut-rel', 'cut-before-rel', 'bare-success', 'two-rels', 'html', 'prose-two-lines'];
  for (const name of [...broken, 'utf-16', 'unknown-word']) {
    assert.deepEqual(await fixtureOutcome(`broken-${name}`), notInManual, name);
  }
  const long = `money ${'a'.repeat(100)}`;
  for (const text of ['rel=failure', 'rel=maintenance', 'failer_order', 'money=8000', 'moneybox', long]) {
    assert.deepEqual(await outcomeOf(answered(text)), notInManual, text);
  }
});

test('only HTTP 200 counts; a lost answer is unknown, no connection is not processed', async () => {
  for (const name of ['success-lawson-crlf', 'failure-0008', 'parameter-money', 'bare-maintenance']) {
    const outcome = await outcomeOf(answered(fixture(`cvs/${name}`), 500));
    assert.deepEqual(outcome, { kind: 'unknown', message: 'The gateway answered HTTP 500' }, name);
  }
  assert.deepEqual(await outcomeOf({ kind: 'lost', message: 'gone' }), { kind: 'unknown', message: 'gone' });
  const unsent = await outcomeOf({ kind: 'not_sent', message: 'no way' });
  assert.ok(unsent.kind === 'not_processed' && unsent.reason === 'connection_failed');
});

test('a value that breaks its row throws before anything is sent, and is not quoted', async () => {
  const { send, sent } = recorded(answered(''));
  await assert.rejects(cvsOrder(send, { ...order, name: new Masked('Zeus') }), (error: Error) => {
    assert.match(error.message, /^username /);
    assert.doesNotMatch(error.message, /Zeus/);
    return true;
  });
  assert.deepEqual(sent, []);
});
