/** EMV 3-D Secure in an attempt (three-d-secure.md, 7.2): how long each stage lasts, and what is shown of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSend } from '../../shared/domain/new-order.ts';
import type { Send } from '../../shared/domain/order.ts';
import { shownAuthentication } from '../../shared/domain/shown-authentication.ts';
import {
  type Authentication,
  isBeforePayment,
  isCompleting,
  isWithoutEffect,
  lapsesAt,
} from '../../shared/domain/stages.ts';
import { failureWith, noonText, seconds } from '../support/orders.ts';

type Result = Authentication['result'];
const none = { ...newSend(1, 'create', noonText), claim: null };
const at = (stage: Authentication['stage'], more: Partial<Send> = {}, result: Result = null): Send => ({
  ...none,
  authentication: { stage, session: null, result } as Authentication,
  ...more,
});
const claim = { id: 'c', at: seconds(3000).toISOString() };
const late = { id: 'c', at: seconds(3450).toISOString() };
const time = (count: number) => seconds(count).toISOString();

test('an attempt lapses when its claim is stale, or 58 minutes after it began; a completion has 60 s', () => {
  assert.equal(lapsesAt({ ...none, claim }), time(3120));
  assert.equal(lapsesAt(at('enrol', { claim })), time(3120));
  assert.equal(lapsesAt(at('pay', { claim })), time(3120));
  assert.equal(lapsesAt(none), noonText);
  assert.equal(lapsesAt(at('wait')), time(3480));
  assert.equal(lapsesAt(at('wait', { claim })), time(3480));
  assert.equal(lapsesAt(at('wait', { claim: late })), time(3510));
});

test('a completion runs for 60 s, while the payer is waited for', () => {
  assert.equal(isCompleting(at('wait', { claim }), seconds(3059.999)), true);
  assert.equal(isCompleting(at('wait', { claim }), seconds(3060)), false);
  assert.equal(isCompleting(at('wait'), seconds(0)), false);
  assert.equal(isCompleting(at('pay', { claim }), seconds(3001)), false);
  assert.equal(isCompleting({ ...none, claim }, seconds(3001)), false);
});

const unknown = { at: noonText, kind: 'unknown' } as const;
const expired = { at: noonText, kind: 'expired', failure: failureWith('refused'), orderNumber: null } as const;

test('before the payment request nothing can have been paid, and an NG that it had seen is not about it', () => {
  const attempts = [none, at('enrol'), at('wait'), at('pay'), at('wait', { answer: unknown })];
  assert.deepEqual(attempts.map(isBeforePayment), [false, true, true, false, false]);
  const heard = [none, at('enrol'), at('wait'), at('pay'), at('pay', { seen: ['x'] }), at('pay', { answer: expired })];
  assert.deepEqual(
    heard.map(attempt => isWithoutEffect(attempt, 'x')),
    [false, true, true, false, true, true],
  );
});

test('what is shown of each stage and result', () => {
  const expiresAt = time(3480);
  const shown = (state: string, code: string | null = null, until: string | null = null) => ({
    state,
    code,
    expiresAt: until,
  });
  assert.equal(shownAuthentication(none, true), null);
  assert.deepEqual(shownAuthentication(at('enrol'), true), shown('enrolling'));
  assert.deepEqual(shownAuthentication(at('wait'), true), shown('pending', null, expiresAt));
  for (const stage of ['enrol', 'wait', 'pay'] as const) {
    assert.deepEqual(shownAuthentication(at(stage), false), shown('failed'));
    for (const [kind, code, state] of [
      ['success', '001', 'authenticated'],
      ['success', '002', 'authenticated'],
      ['success', '003', 'attempted'],
      ['success', null, 'attempted'],
      ['outside', '101', 'outside'],
    ] as const) {
      assert.deepEqual(shownAuthentication(at(stage, {}, { kind, code }), false), shown(state, code));
    }
  }
  const failure = { ...failureWith('authentication_unsupported'), code: '44' };
  const refused = { at: noonText, kind: 'refused', failure, orderNumber: null } as const;
  assert.deepEqual(shownAuthentication(at('wait', { answer: refused }), false), shown('outside', '44'));
  const other = { ...refused, failure: { ...failureWith('authentication_failed'), code: '45' } };
  assert.deepEqual(shownAuthentication(at('wait', { answer: other }), false), shown('failed'));
});
