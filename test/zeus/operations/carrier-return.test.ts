import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Masked } from '../../../shared/domain/masked.ts';
import { carrierReturn, fields } from '../../../shared/zeus/operations/carrier-return.ts';
import { failureCodes, invalidCodes, maintenanceCodes } from '../../../shared/zeus/wire/carrier-codes.ts';
import type { Reply } from '../../../shared/zeus/wire/transport.ts';
import { answered, disagreements, fixture, type Row, recorded } from '../recorded.ts';

const zkey = '89abcdef0123456789abcdef0123456789abcdef';
const order = { ipCode: '2019000002', zkey: new Masked(zkey), orderNumber: '2019-1120-.030405-001' };
const returnedBy = (reply: Reply) => carrierReturn(recorded(reply).send, order);

test('a return is one form in the order of the manual', async () => {
  const { send, sent } = recorded(answered(fixture('carrier/return-success')));
  assert.deepEqual(await carrierReturn(send, order), { kind: 'done' });
  assert.deepEqual(sent, [
    {
      path: '/cgi-bin/carrier/secure.cgi',
      contentType: 'application/x-www-form-urlencoded',
      body: `clientip=2019000002&act=return&order_no=2019-1120-.030405-001&zkey=${zkey}`,
    },
  ]);
});

test('the rows of the manual', () => {
  const rows: Record<string, Row> = {
    clientip: { valid: ['2019000002'], invalid: ['', '201900000', '20190000021', '201900000a'] },
    act: { valid: ['return'], invalid: ['', 'settled', 'RETURN'] },
    order_no: { valid: ['1', '2019.11-20TEST', 'a'.repeat(38)], invalid: ['', 'a'.repeat(39), 'あ'] },
    zkey: { valid: ['k', zkey], invalid: ['', `${zkey}0`, 'é'] },
  };
  assert.deepEqual(
    fields.map(field => field.wire),
    Object.keys(rows),
  );
  for (const { wire, kind } of fields) assert.deepEqual(disagreements(kind, rows[wire] as Row), [], wire);
});

test('success in either order', async () => {
  assert.deepEqual(await returnedBy(answered(fixture('carrier/return-success-reordered-lf'))), { kind: 'done' });
});

test('every code of failure_order, and what it reveals', async () => {
  const truths: Record<string, string> = {
    '010010007': 'proves_nothing',
    '010010010': 'proves_nothing',
    '010010107': 'proves_nothing',
    '010100026': 'already_done',
    '010100030': 'already_done',
    '010100038': 'in_progress',
  };
  for (const code of Object.keys(failureCodes)) {
    const outcome = await returnedBy(answered(`result=failure_order&error_code=${code}`));
    assert.ok(outcome.kind === 'refused' && outcome.failure.code === code);
    assert.equal(outcome.failure.reason, 'refused');
    assert.equal(outcome.truth, truths[code] ?? null, code);
  }
  for (const name of ['already-returned', 'already-cancelled']) {
    const outcome = await returnedBy(answered(fixture(`carrier/return-failure-${name}`)));
    assert.ok(outcome.kind === 'refused' && outcome.truth === 'already_done', name);
  }
});

test('invalid is refused, maintenance is not processed, with their codes', async () => {
  for (const code of Object.keys(invalidCodes)) {
    const outcome = await returnedBy(answered(`error_code=${code}&result=invalid`));
    assert.ok(outcome.kind === 'refused' && outcome.failure.code === code && outcome.truth === null);
    assert.equal(outcome.failure.reason, 'invalid_parameter');
  }
  for (const code of Object.keys(maintenanceCodes)) {
    const outcome = await returnedBy(answered(`error_code=${code}&result=maintenance`));
    assert.ok(outcome.kind === 'not_processed' && outcome.reason === 'maintenance' && outcome.code === code);
  }
  const bare = await returnedBy(answered(fixture('carrier/bare-maintenance')));
  assert.ok(bare.kind === 'not_processed' && bare.reason === 'maintenance');
});

test('an unlisted code under failure_order is still a refusal', async () => {
  const outcome = await returnedBy(answered('result=failure_order&error_code=X1'));
  assert.ok(outcome.kind === 'refused');
  assert.equal(outcome.failure.code, 'X1');
  assert.equal(outcome.failure.message, 'A code not listed');
});

test('anything else is unknown', async () => {
  const broken = ['empty', 'cut-result', 'cut-name', 'bare-success', 'two-results', 'html', 'utf-16', 'shift-jis'];
  for (const name of [...broken, 'full-width']) {
    const outcome = await returnedBy(answered(fixture(`carrier/broken-${name}`)));
    assert.equal(outcome.kind, 'unknown', name);
  }
  assert.equal((await returnedBy(answered(fixture('carrier/return-success'), 500))).kind, 'unknown');
  assert.equal((await returnedBy({ kind: 'lost', message: 'gone' })).kind, 'unknown');
  assert.equal((await returnedBy({ kind: 'not_sent', message: 'no way' })).kind, 'not_processed');
});
