/**
 * Contract 1.4: reasons of attention never hide each other. While the answer of a settlement, return or withdrawal is
 * lost, whatever else is heard raises its own reason beside `outcome_unknown`, and stands when the answer comes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReceivedCallback } from '../../shared/zeus/callbacks/callback.ts';
import {
  aBooked,
  anAuthorized,
  aSettled,
  carrierCase,
  lost,
  resultOf,
  returned,
  standingOf,
  succeeded,
} from '../support/carrier-case.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
type Case = ReturnType<typeof carrierCase>;

const operations = {
  settlement: {
    order: anAuthorized(),
    begin: ({ settle }: Case, orderId: string) => settle(orderId, 'A'),
    answer: succeeded('20261201'),
    open: 'settling',
    closed: 'paid',
  },
  return: {
    order: aSettled(),
    begin: ({ giveBack }: Case, orderId: string) => giveBack(orderId, 'A'),
    answer: returned,
    open: 'cancelling',
    closed: 'cancelled',
  },
  withdrawal: {
    order: aBooked('2026-12-05', 'gateway'),
    begin: ({ withdraw }: Case, orderId: string) => withdraw(orderId, 'A'),
    answer: succeeded('20261201'),
    open: 'settle_scheduled',
    closed: 'authorized',
  },
};

type Callback = [status: string, changes?: Partial<ReceivedCallback>];
const second = { orderNumber: 'N2' };

/** `shown`: a second payment that is further on than the first is shown instead of it. */
const rows: { reasons: string[]; callbacks: Callback[]; shown?: 'paid' }[] = [
  { reasons: ['amount_mismatch'], callbacks: [['03', { amountYen: 7999 }]] },
  { reasons: ['amount_mismatch'], callbacks: [['03', { amountYen: 'invalid' }]] },
  { reasons: ['ip_code_mismatch'], callbacks: [['03', { ipCode: '2019000009' }]] },
  { reasons: ['unlisted_status'], callbacks: [['99']] },
  { reasons: ['duplicate_payment'], callbacks: [['03', second]] },
  { reasons: ['cancel_failed'], callbacks: [['09', second]], shown: 'paid' },
  { reasons: ['duplicate_payment'], callbacks: [['07', second]], shown: 'paid' },
  {
    reasons: ['contradiction', 'duplicate_payment'],
    callbacks: [
      ['06', second],
      ['07', second],
    ],
    shown: 'paid',
  },
  {
    reasons: ['amount_mismatch', 'ip_code_mismatch', 'duplicate_payment', 'unlisted_status'],
    callbacks: [['99'], ['03', second], ['03', { amountYen: 1 }], ['07', { ipCode: '2019000009' }]],
  },
];

/** Shown is the payment that is furthest on: `authorized` of the second number counts for more than `cancelled`. */
const shownAfter = (closed: string, { callbacks, shown }: (typeof rows)[number]): string => {
  if (shown) return shown;
  const isSecondAuthorized = callbacks.some(([status, more]) => status === '03' && more === second);
  return closed === 'cancelled' && isSecondAuthorized ? 'authorized' : closed;
};

for (const [name, { order, begin, answer, open, closed }] of Object.entries(operations)) {
  for (const row of rows) {
    const said = row.callbacks.map(([status]) => status).join(', ');
    test(`a ${name} is open, then ${said}: ${row.reasons.join(', ')} beside outcome_unknown, and afterwards`, async () => {
      const all = carrierCase(store);
      const orderId = await all.keep(order);
      all.gateway.answer(lost, answer);
      assert.deepEqual(resultOf(await begin(all, orderId)), ['open', open, 'outcome_unknown']);
      for (const [status, changes] of row.callbacks) await all.callBack(orderId, status, changes);
      assert.deepEqual(standingOf(await all.find(orderId)), [row.shown ?? open, 'outcome_unknown', ...row.reasons]);

      await all.runAt(orderId, '2026-12-01 12:05:00');
      assert.deepEqual(standingOf(await all.find(orderId)), [shownAfter(closed, row), ...row.reasons]);
      assert.equal(all.gateway.requests.length, 2);

      const acknowledged = await all.resolve(orderId, 'B', 'acknowledged');
      assert.deepEqual(resultOf(acknowledged), ['done', shownAfter(closed, row)]);
      for (const [status, changes] of row.callbacks) await all.callBack(orderId, status, changes);
      assert.deepEqual(
        standingOf(await all.find(orderId)),
        [shownAfter(closed, row)],
        'what was seen is not raised again',
      );
    });
  }
}

test('outcome_unknown is decided, not acknowledged', async () => {
  const { gateway, settle, keep, resolve, callBack, find } = carrierCase(store);
  const orderId = await keep(anAuthorized());
  gateway.answer(lost);
  await settle(orderId, 'A');
  assert.equal((await resolve(orderId, 'B', 'acknowledged', { reasons: ['outcome_unknown'] })).kind, 'invalid');
  assert.equal((await resolve(orderId, 'B', 'acknowledged')).kind, 'invalid');
  await callBack(orderId, '99');
  assert.deepEqual(resultOf(await resolve(orderId, 'B', 'acknowledged')), ['done', 'settling', 'outcome_unknown']);
  assert.deepEqual(resultOf(await resolve(orderId, 'C', 'paid')), ['done', 'paid']);
  assert.deepEqual(standingOf(await find(orderId)), ['paid']);
});

test('a contradiction of the payment itself stands while its return is open; the line of 08 has none', async () => {
  const { gateway, giveBack, keep, callBack, find, runAt } = carrierCase(store);
  const orderId = await keep(aSettled());
  gateway.answer(lost, returned);
  await giveBack(orderId, 'A');
  await callBack(orderId, '06');
  assert.deepEqual(standingOf(await find(orderId)), ['cancelling', 'outcome_unknown', 'contradiction']);
  await callBack(orderId, '08');
  assert.deepEqual(standingOf(await find(orderId)), ['cancelled']);
  await runAt(orderId, '2026-12-01 12:05:00');
  assert.equal(gateway.requests.length, 1);
});
