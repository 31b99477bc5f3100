import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functions } from '../../infra/functions.ts';
import { claimSeconds } from '../../shared/domain/order.ts';
import { lastStart } from '../../shared/orders/pay-once.ts';
import { gatewayTimeoutMs } from '../../shared/zeus/wire/transport.ts';

/** Functions that send to the gateway for a caller; due work sends too, and is given its time by the run. */
const senders = [
  'token-charge',
  'recurring-charge',
  'card-deletion',
  'cancel',
  'carrier-settle',
  'carrier-return',
  'cvs-order',
];

test('gateway time-out < function time-out < age of a stale claim', () => {
  const found = functions.filter(({ name }) => senders.includes(name));
  assert.equal(found.length, senders.length);
  for (const { name, timeoutSeconds } of found) {
    // The outcome is stored for about 20 s after the gateway's time is over.
    assert.ok(timeoutSeconds * 1000 >= gatewayTimeoutMs + 20_000, name);
    assert.ok(timeoutSeconds < claimSeconds, name);
  }
});

test('3-D Secure: the gateway time-out of a payment request that begins last fits into the function', () => {
  for (const name of ['card-authentication', 'card-completion']) {
    const found = functions.find(each => each.name === name);
    assert.ok(found && found.timeoutSeconds * 1000 >= lastStart + gatewayTimeoutMs + 20_000, name);
  }
});

test('due work ends before the next run begins', () => {
  const dueWork = functions.find(({ name }) => name === 'due-work');
  assert.ok(dueWork && 'everyMinutes' in dueWork.trigger);
  assert.ok(dueWork.timeoutSeconds <= dueWork.trigger.everyMinutes * 60);
});
