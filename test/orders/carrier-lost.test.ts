/** What a lost answer leaves open freezes no order: operators, callbacks and due work can each end it (contract 1.5 to 1.7). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderStore } from '../../shared/orders/ports.ts';
import { jst } from '../support/carrier.ts';
import {
  aBooked,
  anAuthorized,
  aSettled,
  carrierCase,
  failed,
  lost,
  maintenance,
  notSent,
  resultOf,
  standingOf,
  succeeded,
} from '../support/carrier-case.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
type Case = ReturnType<typeof carrierCase>;

/** Each operation, and the gateway's own code for a payment that was moved by other means. */
const operations = {
  settlement: {
    order: anAuthorized(),
    open: 'settling',
    begin: ({ settle }: Case, orderId: string) => settle(orderId, 'A'),
    code: '010100033',
    ends: { '06': ['settle_failed'], '07': ['paid'], '08': ['cancelled'], '09': ['paid', 'cancel_failed'] },
    decisions: ['authorized', 'paid', 'settle_failed', 'declined', 'cancelled'],
  },
  return: {
    order: aSettled(),
    open: 'cancelling',
    begin: ({ giveBack }: Case, orderId: string) => giveBack(orderId, 'A'),
    code: '010010114',
    ends: { '08': ['cancelled'], '09': ['paid', 'cancel_failed'] },
    decisions: ['authorized', 'paid', 'settle_failed', 'declined', 'cancelled'],
  },
  withdrawal: {
    order: aBooked('2026-12-05', 'gateway'),
    open: 'settle_scheduled',
    begin: ({ withdraw }: Case, orderId: string) => withdraw(orderId, 'A'),
    code: '010010011',
    ends: { '06': ['settle_failed'], '07': ['paid'], '08': ['cancelled'], '09': ['paid', 'cancel_failed'] },
    decisions: ['authorized', 'paid', 'settle_failed', 'declined', 'cancelled'],
  },
} as const;

for (const [name, { order, open, begin, code, ends, decisions }] of Object.entries(operations)) {
  /** Lost, then refused by the gateway's own code on its first repeat. */
  async function frozen(through: OrderStore = store) {
    const all = carrierCase(through);
    const orderId = await all.keep(order);
    all.gateway.answer(lost, failed(code));
    await begin(all, orderId);
    await all.runAt(orderId, '2026-12-01 12:05:00');
    assert.deepEqual(standingOf(await all.find(orderId)), [open, 'outcome_unknown']);
    return { ...all, orderId };
  }

  test(`a lost ${name} whose repeat is refused stays open; other operations are 409, nothing of them is sent`, async () => {
    const { gateway, settle, giveBack, withdraw, orderId } = await frozen();
    const others = { settlement: () => settle(orderId, 'B', { amountYen: 1 }), return: () => giveBack(orderId, 'B') };
    for (const [other, run] of Object.entries({ ...others, withdrawal: () => withdraw(orderId, 'B') })) {
      if (other === name && name !== 'settlement') continue;
      assert.deepEqual(resultOf(await run()), ['wrong_status', open, 'outcome_unknown'], other);
    }
    assert.equal(gateway.requests.length, 2);
  });

  for (const outcome of decisions) {
    test(`a lost ${name} is ended by the resolution ${outcome}, with its attention, and is not repeated`, async () => {
      const { gateway, resolve, read, runAt, orderId } = await frozen();
      assert.deepEqual(resultOf(await resolve(orderId, 'B', outcome)), ['done', outcome]);
      await runAt(orderId, '2026-12-04 12:00:00');
      const { status, attention, open: left } = await read(orderId);
      assert.deepEqual([status, attention, left, gateway.requests.length], [outcome, [], null, 2]);
    });
  }

  for (const [status, standing] of Object.entries(ends)) {
    test(`a lost ${name} is ended by ${status}: ${standing.join(' ')}, and is not repeated`, async () => {
      const { gateway, callBack, find, runAt, orderId } = await frozen();
      await callBack(orderId, status);
      assert.deepEqual(standingOf(await find(orderId)), standing);
      await runAt(orderId, '2026-12-04 12:00:00');
      assert.equal(gateway.requests.length, 2);
    });
  }

  test(`a lost ${name} is repeated with growing pauses: 9 requests on the first day, then 4 a day`, async () => {
    let writes = 0;
    const replace: OrderStore['replace'] = next => {
      writes += 1;
      return store.replace(next);
    };
    const all = carrierCase({ ...store, replace });
    const orderId = await all.keep(order);
    all.gateway.answer(
      ...Array.from({ length: 14 }, (_, i) => [lost, failed(code), maintenance, notSent][i % 4] ?? lost),
    );
    await begin(all, orderId);
    const counts = [];
    for (const noon of ['2026-12-01 12:00:00', '2026-12-02 12:00:00']) {
      const before = [all.gateway.requests.length, writes] as const;
      // Due work runs every five minutes: 288 times a day.
      for (let run = 1; run <= 288; run += 1) {
        all.clock.set(new Date(jst(noon).getTime() + run * 300_000));
        await all.runOnly(orderId);
      }
      counts.push([all.gateway.requests.length - before[0], writes - before[1]]);
    }
    assert.deepEqual(counts, [
      [9, 18],
      [4, 8],
    ]);
    assert.equal(new Set(all.gateway.requests.map(request => request.replace(/&date=\d+/, ''))).size, 1);
    assert.deepEqual(standingOf(await all.find(orderId)), [open, 'outcome_unknown']);
  });
}

const booking = { amountYen: 5000, on: '2026-12-05', by: 'gateway' } as const;

for (const outcome of ['authorized', 'paid'] as const) {
  test(`a booking at the gateway whose 07 was lost: settlement_due the day after, no request, and ${outcome} closes it`, async () => {
    const { gateway, settle, giveBack, withdraw, keep, find, read, runAt, resolve } = carrierCase(store);
    const orderId = await keep(anAuthorized());
    gateway.answer(succeeded('20261205'));
    assert.deepEqual(resultOf(await settle(orderId, 'A', booking)), ['done', 'settle_scheduled']);
    await runAt(orderId, '2026-12-05 23:50:00');
    assert.deepEqual(standingOf(await find(orderId)), ['settle_scheduled']);
    for (const time of ['2026-12-06 00:00:00', '2026-12-06 00:05:00', '2026-12-09 12:00:00']) {
      await runAt(orderId, time);
      assert.deepEqual(standingOf(await find(orderId)), ['settle_scheduled', 'settlement_due'], time);
    }
    const due = (await find(orderId)).history.filter(({ event }) => event === 'settlement_due');
    assert.deepEqual(
      due.map(({ source, note, count }) => [source, note, count]),
      [['schedule', '2026-12-05', 1]],
    );
    for (const run of [() => settle(orderId, 'B'), () => withdraw(orderId, 'C')]) {
      assert.equal((await run()).kind, 'wrong_status');
    }
    assert.deepEqual(resultOf(await resolve(orderId, 'D', outcome, { amountYen: outcome === 'paid' ? 5000 : null })), [
      'done',
      outcome,
    ]);
    const { paid, carrier, open, dueAt } = await read(orderId);
    assert.deepEqual(
      [paid?.amountYen ?? null, open, dueAt],
      outcome === 'paid' ? [5000, null, null] : [null, null, jst('2027-01-04 00:00:00').toISOString()],
    );
    if (outcome === 'authorized') assert.equal(carrier?.settlement, null);
    assert.equal(gateway.requests.length, 1);
    gateway.answer(succeeded('20261209'));
    const next = outcome === 'paid' ? await giveBack(orderId, 'E') : await settle(orderId, 'E');
    assert.deepEqual(resultOf(next), ['done', outcome === 'paid' ? 'cancelled' : 'paid']);
  });
}

test('a booking at the gateway whose 07 comes late is paid, and settlement_due goes', async () => {
  const { keep, find, runAt, callBack } = carrierCase(store);
  const orderId = await keep(aBooked('2026-12-05', 'gateway', 5000));
  await runAt(orderId, '2026-12-06 00:00:00');
  await callBack(orderId, '07', { amountYen: 5000 });
  assert.deepEqual(standingOf(await find(orderId)), ['paid']);
});

test('a 09 that is sent again after 08 leaves the order cancelled', async () => {
  for (const order of [aSettled(), anAuthorized()]) {
    const { keep, find, callBack } = carrierCase(store);
    const orderId = await keep(order);
    await callBack(orderId, '09');
    assert.deepEqual(standingOf(await find(orderId)), ['paid', 'cancel_failed']);
    await callBack(orderId, '08');
    assert.deepEqual(standingOf(await find(orderId)), ['cancelled']);
    const { isNew } = await callBack(orderId, '09');
    assert.deepEqual([isNew, standingOf(await find(orderId))], [false, ['cancelled']]);
    const other = await keep(order);
    for (const status of ['08', '09', '09']) await callBack(other, status);
    assert.deepEqual(standingOf(await find(other)), ['cancelled']);
  }
});
