import assert from 'node:assert/strict';
import { test } from 'node:test';
import { book } from '../../shared/domain/changes.ts';
import { beginSend } from '../../shared/domain/sends.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import {
  aCallback,
  anOrder,
  answered,
  begun,
  caller,
  lost,
  noon,
  refused,
  settlementOn,
  told,
  usual,
  withCallbacks,
} from '../support/orders.ts';

const warning = '2027-01-03T15:00:00.000Z';

test('five days before the last day, of every payment that is authorized, also while a send about another is open', () => {
  const second = aCallback('carrier', '03', { orderNumber: 'N2' });
  const paidAndSecond = withCallbacks(told(anOrder('carrier'), '03', '07'), [second]);
  assert.equal(summarize(paidAndSecond).dueAt, warning);
  const both = withCallbacks(usual.carrier.authorized(), [second]);
  const returning = { operation: 'return', orderNumber: 'N2', settlement: null } as const;
  const open = answered(beginSend(both, returning, caller, noon), lost);
  const { dueAt, open: send } = summarize(open);
  assert.equal(send?.operation, 'return');
  assert.ok(dueAt && dueAt < warning, 'the repeat of the return comes first');
  assert.equal(
    summarize(book(usual.carrier.authorized(), 'N1', settlementOn('2027-01-09'), caller, noon)).dueAt,
    '2027-01-08T15:00:00.000Z',
  );
});

test('a sale without an amount is not said to be of a settlement that was refused', () => {
  const order = answered(
    begun(usual.carrier.authorized(), 'settle', settlementOn('2026-11-20', 'schedule', 5000)),
    refused,
  );
  const paid = withCallbacks(order, [aCallback('carrier', '07', { amountYen: null })]);
  assert.equal(summarize(paid).paid?.amountYen, 8000);
});

test('the settlement shown is one of the amount that was paid', () => {
  const sent = answered(
    begun(usual.carrier.authorized(), 'settle', settlementOn('2026-11-20', 'schedule', 5000)),
    lost,
  );
  const { paid, carrier, attention } = summarize(told(sent, '07'));
  assert.deepEqual([paid?.amountYen, carrier?.settlement], [8000, null]);
  assert.deepEqual(
    attention.map(({ reason }) => reason),
    ['settled_elsewhere'],
  );
});
