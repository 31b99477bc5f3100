import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Masked } from '../../../shared/domain/masked.ts';
import { type CardPair, cardDeletion, fields } from '../../../shared/zeus/operations/card-deletion.ts';
import type { Reply } from '../../../shared/zeus/wire/transport.ts';
import { answered, fixture, noAnswers, recorder } from '../card-fixtures.ts';
import { rows, testRows } from '../charge-cases.ts';

const pair: CardPair = { ipCode: '2019000001', phone: new Masked('0300000000'), cardId: 'CARD 00001' };

const outcomeOf = (reply: Reply) => cardDeletion(recorder(reply).send, pair);

test("one POST of the fields in the manual's order, byte for byte", async () => {
  const { send, sent } = recorder(answered('deletion-success.txt'));
  await cardDeletion(send, pair);
  const [path, contentType] = ['/cgi-bin/secure.cgi', 'application/x-www-form-urlencoded'];
  assert.deepEqual(sent, [{ path, contentType, body: fixture('card-deletion.request.txt') }]);
});

testRows(fields, {
  sendiddel: { good: ['yes'], bad: ['', 'no'] },
  clientip: rows.clientip,
  telno: rows.telno,
  sendid: rows.sendid,
});

test('SuccessOK anywhere in the answer is success', async () => {
  for (const name of ['deletion-success.txt', 'deletion-success-second-line.txt', 'deletion-success-contained.txt']) {
    assert.deepEqual(await outcomeOf(answered(name)), { kind: 'done' }, name);
  }
});

test('failure_order says that no such pair is stored', async () => {
  const failure = {
    reason: 'refused',
    code: null,
    parameter: null,
    message: 'The gateway has no card stored under this phone and card ID',
    payerMessage: null,
  };
  const expected = { kind: 'refused', failure, orderNumber: null, truth: 'already_done' };
  assert.deepEqual(await outcomeOf(answered('failure.txt')), expected);
});

test('Invalid names our field, and tells nothing of the truth', async () => {
  const parameters = { clientip: null, telno: 'phone', sendid: 'cardId', sendiddel: null };
  for (const [wire, parameter] of Object.entries(parameters)) {
    const message = `The gateway objects to a parameter: ${wire}`;
    const failure = { reason: 'invalid_parameter', code: null, parameter, message, payerMessage: null };
    const expected = { kind: 'refused', failure, orderNumber: null, truth: null };
    assert.deepEqual(await outcomeOf(answered(`invalid-${wire}.txt`)), expected);
  }
});

test('maintenance and a connection that never stood: nothing happened', async () => {
  const maintenance = await outcomeOf(answered('maintenance.txt'));
  assert.equal(maintenance.kind === 'not_processed' && maintenance.reason, 'maintenance');
  const notSent = await outcomeOf({ kind: 'not_sent', message: 'no connection' });
  assert.equal(notSent.kind === 'not_processed' && notSent.reason, 'connection_failed');
});

test("a lost answer, another HTTP status and a body that is none of the manual's: unknown", async () => {
  assert.deepEqual(await outcomeOf({ kind: 'lost', message: 'gone' }), { kind: 'unknown', message: 'gone' });
  for (const name of [...noAnswers, 'truncated-deletion-success.txt', 'success.txt']) {
    assert.equal((await outcomeOf(answered(name))).kind, 'unknown', name);
  }
  for (const name of ['deletion-success.txt', 'failure.txt']) {
    for (const status of [302, 500]) assert.equal((await outcomeOf(answered(name, status))).kind, 'unknown');
  }
});
