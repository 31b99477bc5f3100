import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Masked } from '../../../shared/domain/masked.ts';
import { carrierSettle, carrierWithdraw, fields } from '../../../shared/zeus/operations/carrier-settle.ts';
import {
  failureCodes,
  invalidCodes,
  maintenanceCodes,
  meaningOfCarrierCode,
} from '../../../shared/zeus/wire/carrier-codes.ts';
import type { Reply } from '../../../shared/zeus/wire/transport.ts';
import { answered, disagreements, fixture, type Row, recorded } from '../recorded.ts';

const zkey = '89abcdef0123456789abcdef0123456789abcdef';
const order = { ipCode: '2019000002', zkey: new Masked(zkey), orderNumber: '2019-1120-.030405-TEST1' };
const booking = { ...order, amountYen: 8000, day: '2026-12-01' };

const settledBy = (reply: Reply) => carrierSettle(recorded(reply).send, booking);
const withdrawnBy = (reply: Reply) => carrierWithdraw(recorded(reply).send, order);
const settleFixture = (name: string) => settledBy(answered(fixture(`carrier/${name}`)));

const notInManual = { kind: 'unknown', message: "The answer is none of the manual's" };

test('a settlement is one form in the order of the manual', async () => {
  const { send, sent } = recorded(answered(fixture('carrier/settle-success')));
  await carrierSettle(send, booking);
  assert.deepEqual(sent, [
    {
      path: '/cgi-bin/carrier/secure.cgi',
      contentType: 'application/x-www-form-urlencoded',
      body: `clientip=2019000002&act=settled&order_no=2019-1120-.030405-TEST1&zkey=${zkey}&money=8000&date=20261201`,
    },
  ]);
});

test('without an amount, money is left out', async () => {
  const { send, sent } = recorded(answered(''));
  await carrierSettle(send, { ...booking, amountYen: null });
  assert.equal(
    sent[0]?.body,
    `clientip=2019000002&act=settled&order_no=2019-1120-.030405-TEST1&zkey=${zkey}&date=20261201`,
  );
});

test('a withdrawal has autype=auth, no day and no amount', async () => {
  const { send, sent } = recorded(answered(fixture('carrier/return-success')));
  assert.deepEqual(await carrierWithdraw(send, order), { kind: 'done' });
  assert.deepEqual(sent, [
    {
      path: '/cgi-bin/carrier/secure.cgi',
      contentType: 'application/x-www-form-urlencoded',
      body: `clientip=2019000002&act=settled&order_no=2019-1120-.030405-TEST1&zkey=${zkey}&autype=auth`,
    },
  ]);
});

test('the rows of the manual', () => {
  const rows: Record<string, Row> = {
    clientip: { valid: ['2019000002', '0000000000'], invalid: ['', '201900000', '20190000021', '201900000a'] },
    act: { valid: ['settled'], invalid: ['', 'return', 'Settled'] },
    order_no: { valid: ['1', '2019.11-20TEST', 'a'.repeat(38)], invalid: ['', 'a'.repeat(39), 'あ', '1\n'] },
    zkey: { valid: ['k', zkey], invalid: ['', `${zkey}0`, 'é'] },
    money: { valid: ['1', '999999'], invalid: ['', '0', '01', '1000000', '-1', '1.5', '１'] },
    autype: { valid: ['sale', 'auth'], invalid: ['', 'Sale', 'void'] },
    date: { valid: ['20261201'], invalid: ['', '2026121', '202612010', '2026-12-1'] },
  };
  assert.deepEqual(
    fields.map(field => field.wire),
    Object.keys(rows),
  );
  for (const { wire, kind } of fields) assert.deepEqual(disagreements(kind, rows[wire] as Row), [], wire);
});

test("success: the answer's day, whatever the order of its parts", async () => {
  assert.deepEqual(await settleFixture('settle-success'), { kind: 'done', day: '2015-01-01' });
  assert.deepEqual(await settleFixture('settle-success-reordered-crlf'), { kind: 'done', day: '2026-12-01' });
  assert.deepEqual(await settleFixture('settle-success-spaces-lf'), { kind: 'done', day: '2026-12-01' });
});

test('a success without a readable day is unknown: it could be a sale or a booking', async () => {
  for (const name of ['no-date', 'blank-date', 'no-such-day', 'cut-date']) {
    assert.deepEqual(await settleFixture(`settle-success-${name}`), notInManual, name);
  }
  // A withdrawal has no day, and needs none.
  assert.deepEqual(await withdrawnBy(answered(fixture('carrier/settle-success-no-such-day'))), { kind: 'done' });
});

test('failure_order is refused, with its code', async () => {
  assert.deepEqual(await settleFixture('settle-failure-unlisted'), {
    kind: 'refused',
    failure: {
      reason: 'refused',
      code: '010999999',
      parameter: null,
      message: 'A code not listed, of the kind: a failure',
      payerMessage: null,
    },
    orderNumber: null,
    truth: null,
  });
  for (const body of [fixture('carrier/settle-failure-no-code'), 'failure_order', 'failure_order\r\n']) {
    const outcome = await settledBy(answered(body));
    assert.ok(outcome.kind === 'refused' && outcome.failure.code === null);
    assert.equal(outcome.failure.message, 'The gateway gave no code');
  }
});

test('every code of failure_order, and what it reveals', async () => {
  const truths: Record<string, string> = {
    '010010007': 'proves_nothing',
    '010010010': 'proves_nothing',
    '010010107': 'proves_nothing',
    '010100021': 'cancelled',
    '010100023': 'already_done',
    '010100024': 'in_progress',
    '010100036': 'in_progress',
  };
  for (const code of Object.keys(failureCodes)) {
    const outcome = await settledBy(answered(`error_code=${code}&date=&result=failure_order\n`));
    assert.ok(outcome.kind === 'refused', code);
    assert.equal(outcome.failure.reason, 'refused');
    assert.equal(outcome.failure.code, code);
    assert.equal(outcome.failure.message, meaningOfCarrierCode(code));
    assert.equal(outcome.truth, truths[code] ?? null, code);
  }
  const settled = await settleFixture('settle-failure-already-settled');
  assert.ok(settled.kind === 'refused' && settled.truth === 'already_done');
});

test('a withdrawal learns no more than that the status cannot be processed', async () => {
  for (const code of Object.keys(failureCodes)) {
    const outcome = await withdrawnBy(answered(`result=failure_order&error_code=${code}`));
    const proves = ['010010007', '010010010', '010010107'].includes(code) ? 'proves_nothing' : null;
    assert.ok(outcome.kind === 'refused' && outcome.truth === proves, code);
  }
});

test('every code of invalid, and the field of ours that it names', async () => {
  const parameters: Record<string, string> = { '00000002': 'amount', '00000005': 'on', '00000008': 'on' };
  for (const code of Object.keys(invalidCodes)) {
    assert.deepEqual(await settledBy(answered(`result=invalid&error_code=${code}&date=`)), {
      kind: 'refused',
      failure: {
        reason: 'invalid_parameter',
        code,
        parameter: parameters[code] ?? null,
        message: meaningOfCarrierCode(code),
        payerMessage: null,
      },
      orderNumber: null,
      truth: null,
    });
  }
  const dated = await settleFixture('settle-invalid-date');
  assert.ok(dated.kind === 'refused' && dated.failure.parameter === 'on');
});

test('every code of maintenance is not processed', async () => {
  for (const code of Object.keys(maintenanceCodes)) {
    assert.deepEqual(await settledBy(answered(`result=maintenance&error_code=${code}&date=`)), {
      kind: 'not_processed',
      reason: 'maintenance',
      code,
      message: meaningOfCarrierCode(code),
    });
  }
  const listed = await settleFixture('settle-maintenance');
  assert.ok(listed.kind === 'not_processed' && listed.code === '020020008');
  assert.deepEqual(await settleFixture('bare-maintenance'), {
    kind: 'not_processed',
    reason: 'maintenance',
    code: null,
    message: 'The gateway is under maintenance',
  });
});

test('a body that is none of the manual is unknown, for both operations', async () => {
  const broken = ['empty', 'cut-result', 'cut-name', 'bare-success', 'two-results', 'html', 'utf-16', 'shift-jis'];
  for (const name of [...broken, 'full-width']) {
    const reply = answered(fixture(`carrier/broken-${name}`));
    assert.deepEqual(await settledBy(reply), notInManual, name);
    assert.deepEqual(await withdrawnBy(reply), notInManual, name);
  }
  for (const result of ['success_order', 'Success_orders', 'failer_order', 'failure', '']) {
    assert.deepEqual(await settledBy(answered(`result=${result}&error_code=-&date=20261201`)), notInManual, result);
  }
});

test('only HTTP 200 counts', async () => {
  for (const status of [201, 302, 400, 500, 503]) {
    for (const name of ['settle-success', 'settle-failure-unlisted', 'bare-maintenance']) {
      const outcome = await settledBy(answered(fixture(`carrier/${name}`), status));
      assert.deepEqual(outcome, { kind: 'unknown', message: `The gateway answered HTTP ${status}` });
    }
  }
});

test('a lost answer is unknown, no connection is not processed', async () => {
  assert.deepEqual(await settledBy({ kind: 'lost', message: 'gone' }), { kind: 'unknown', message: 'gone' });
  assert.deepEqual(await withdrawnBy({ kind: 'not_sent', message: 'no way' }), {
    kind: 'not_processed',
    reason: 'connection_failed',
    code: null,
    message: 'no way',
  });
});

test('a value that breaks its row throws before anything is sent, and is not quoted', async () => {
  const { send, sent } = recorded(answered(''));
  const secret = new Masked('a këy');
  await assert.rejects(carrierSettle(send, { ...booking, zkey: secret }), (error: Error) => {
    assert.match(error.message, /^zkey /);
    assert.doesNotMatch(error.message, /a k/);
    return true;
  });
  assert.deepEqual(sent, []);
});
