import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functions } from '../../infra/functions.ts';
import { tableLimits } from '../../shared/aws/document-client.ts';
import { busLimits } from '../../shared/aws/event-bus.ts';
import { callLimitMs } from '../../shared/aws/limits.ts';
import { secretLimits } from '../../shared/aws/secret.ts';
import { claimSeconds } from '../../shared/domain/order.ts';
import { storeWithin } from '../../shared/lambda/callback-retry.ts';
import { queuedBy } from '../../shared/orders/callbacks.ts';
import { lastStart as lastCancel } from '../../shared/orders/cancel.ts';
import { longestPiece } from '../../shared/orders/due-work.ts';
import { lastReadMs } from '../../shared/orders/list-orders.ts';
import { lastStart as lastPayment } from '../../shared/orders/pay-once.ts';
import { persistSeconds } from '../../shared/orders/write.ts';
import { gatewayTimeoutMs } from '../../shared/zeus/wire/transport.ts';

// Everything at its slowest, one after the other. Beyond that only a race that another writer wins costs a further call.

/** The parts of the secret are read at the same time. */
const secrets = callLimitMs(secretLimits) / 1000;
const tableCall = callLimitMs(tableLimits) / 1000;
const gateway = gatewayTimeoutMs / 1000;
/** The last attempt begins before this time is over. */
const storing = persistSeconds + tableCall;

interface Budget {
  /** Before the claim is stamped; a stored card's phone and a send that is tried again count among the calls after it. */
  before: number;
  /** From the stamp of the claim to the end of the write that stores the outcome. */
  claimed: number;
}

const budgets: Record<string, Budget> = {
  // A first write finds an order that was not processed; the phone is noted before the send, and taken back after it.
  'token-charge': { before: secrets + tableCall, claimed: 2 * tableCall + gateway + tableCall + storing },
  'recurring-charge': { before: secrets + tableCall, claimed: tableCall + gateway + storing },
  'card-deletion': { before: secrets + tableCall, claimed: tableCall + gateway + storing },
  cancel: { before: secrets, claimed: lastCancel / 1000 + gateway + storing },
  'carrier-settle': { before: secrets + tableCall, claimed: tableCall + gateway + storing },
  'carrier-return': { before: secrets + tableCall, claimed: tableCall + gateway + storing },
  'cvs-order': { before: secrets + tableCall, claimed: tableCall + gateway + storing },
  // The payment request has a claim of its own, stamped when it begins.
  'card-authentication': { before: secrets + lastPayment / 1000, claimed: tableCall + gateway + storing },
  'card-completion': { before: lastPayment / 1000, claimed: tableCall + gateway + storing },
};

test('a budget for every function that waits for the gateway', () => {
  const waiting = functions.filter(({ waitsForGateway }) => waitsForGateway).map(({ name }) => name);
  assert.deepEqual(Object.keys(budgets).toSorted(), waiting.toSorted());
});

for (const [name, { before, claimed }] of Object.entries(budgets)) {
  test(`${name}: ${before} s and ${claimed} s under its claim fit into its time, and into the claim's`, () => {
    assert.ok(claimed <= claimSeconds, 'the claim is stale before its outcome is stored');
    const { timeoutSeconds = 0 } = functions.find(each => each.name === name) ?? {};
    assert.ok(before + claimed <= timeoutSeconds, `of ${timeoutSeconds}`);
  });
}

test('what sends nothing is answered before API Gateway gives up at 30 s', () => {
  const slowest = {
    'carrier-order': secrets + 2 * tableCall,
    // The last read is a query and the orders found by it; a resolution is a read and a write that may lose one race.
    orders: Math.max(lastReadMs / 1000 + 2 * tableCall, 3 * tableCall),
  };
  for (const [name, seconds] of Object.entries(slowest)) {
    const { timeoutSeconds = 0 } = functions.find(each => each.name === name) ?? {};
    assert.ok(seconds <= timeoutSeconds && timeoutSeconds < 30, `${name}: ${seconds}`);
  }
});

test('callbacks are answered before the gateway gives up at 40 s; the queue and the stream wait for theirs', () => {
  const slowest = {
    callback: queuedBy / 1000,
    'callback-retry': storeWithin / 1000,
    publish: persistSeconds + callLimitMs(busLimits) / 1000,
  };
  for (const [name, seconds] of Object.entries(slowest)) {
    const { timeoutSeconds = 0 } = functions.find(each => each.name === name) ?? {};
    assert.ok(seconds < timeoutSeconds, `${name}: ${seconds} of ${timeoutSeconds}`);
  }
  const callback = functions.find(({ name }) => name === 'callback');
  assert.ok(callback && callback.timeoutSeconds < 40);
});

test('due work ends before the next run begins, and its last piece before that', () => {
  const dueWork = functions.find(({ name }) => name === 'due-work');
  assert.ok(dueWork && 'everyMinutes' in dueWork.trigger);
  assert.ok(dueWork.timeoutSeconds <= dueWork.trigger.everyMinutes * 60);
  // Read, cancelled; then the oldest order without an outcome is looked up in two calls.
  const piece = tableCall + lastCancel / 1000 + gateway + storing + 2 * tableCall;
  assert.ok(piece * 1000 <= longestPiece);
});
