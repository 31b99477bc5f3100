/** A card charge with EMV 3-D Secure between its stages (three-d-secure.md, 7.4 and 7.5). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginCompletion, beginPayment, enrolled } from '../../shared/domain/authentication.ts';
import { decide } from '../../shared/domain/changes.ts';
import { attemptOf } from '../../shared/domain/facts.ts';
import type { Order, Send } from '../../shared/domain/order.ts';
import { recordAnswer } from '../../shared/domain/sends.ts';
import { anOrder, caller, lost, noon, reasonsOf, refused, seconds, statusOf, told } from '../support/orders.ts';

const session = { xid: 'session', iframeUrl: 'https://device.example' };
const attemptIn = (order: Order): Send => attemptOf(order) ?? assert.fail('no attempt');

function waitingOrder(): Order {
  const order = anOrder('card', { operation: 'authenticated_charge' });
  return enrolled(order, attemptIn(order).claim?.id ?? '', session, noon) ?? assert.fail('not enrolled');
}

test('an operator decides about an order that was paid from elsewhere while it waited', () => {
  const paid = told(waitingOrder(), 'OK');
  assert.deepEqual([statusOf(paid), reasonsOf(paid)], ['paid', ['contradiction']]);
  const decision = { outcome: 'cancelled', orderNumber: null, amountYen: null } as const;
  const decided = decide(paid, decision, caller, 'refunded', seconds(60));
  assert.deepEqual([statusOf(decided), reasonsOf(decided)], ['cancelled', []]);
});

test('a refusal of the authentication that comes late does not end a payment that may have charged', () => {
  const slow = beginCompletion(waitingOrder(), 'slow', caller, seconds(10));
  const quick = beginCompletion(slow, 'quick', caller, seconds(80));
  const vouched = { kind: 'success', code: '001' } as const;
  const paying = beginPayment(quick, 'quick', vouched, seconds(81)) ?? assert.fail('no payment');
  const sent = { step: attemptIn(paying), bySchedule: false, testsAccepted: false };
  const unknown = recordAnswer(paying, sent, lost, seconds(82)) ?? assert.fail('not stored');
  assert.equal(statusOf(unknown), 'unknown');
  assert.equal(recordAnswer(unknown, { ...sent, step: attemptIn(slow) }, refused, seconds(83)), null);
});
