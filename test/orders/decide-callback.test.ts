import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from '../../shared/domain/order.ts';
import { type Decision, decide, digestOf } from '../../shared/orders/decide-callback.ts';
import type { Notice } from '../../shared/zeus/callbacks/callback.ts';
import { contractTable } from '../support/contract-table.ts';
import { aNotice, noon, noonText, placed } from '../support/orders.ts';

const at = new Date('2026-11-21T00:00:00.000Z');
const evidence = { ipCode: '2019000001', at };
const decided = (order: Order, notice: Notice): Decision => decide(order, notice, evidence);

/** Effect, status, attention. */
const summary = ({ effect, next }: Decision) => [effect, next?.status, next?.attention?.reason ?? null];
const effects = { M: 'moved', A: 'moved', R: 'repeat', L: 'late', C: 'contradiction' } as const;

for (const event of new Set(contractTable.map(cell => cell.event))) {
  const cells = contractTable.filter(cell => cell.event === event);
  test(`${event} decides as contract 1.5 from every status`, () => {
    const found = cells.map(({ method, called, from }) => [
      from,
      ...summary(decided(placed(method, from), aNotice(method, called))),
    ]);
    const expected = cells.map(({ from, effect, to, attention }) => [from, effects[effect], to, attention]);
    assert.deepEqual(found, expected);
  });

  test(`${event} that is stored already writes nothing where it would repeat or come late`, () => {
    for (const { method, called, from, effect } of cells) {
      if (effect !== 'R' && effect !== 'L') continue;
      const notice = aNotice(method, called);
      assert.deepEqual(
        decided(placed(method, from, { seen: [digestOf(notice)] }), notice),
        { effect: 'stored_before', next: null },
        from,
      );
    }
  });
}

test('amount 0 becomes registered, whether the call names the amount or not', () => {
  for (const amountYen of [0, null]) {
    const { next } = decided(placed('card', 'unknown', { amountYen: 0 }), aNotice('card', 'OK', { amountYen }));
    assert.equal(next?.status, 'registered');
  }
});

test('a move clears the failure, an own failure is set', () => {
  assert.equal(decided(placed('card', 'not_processed'), aNotice('card', 'OK')).next?.failure, null);
  const declined = decided(placed('cvs', 'unknown'), aNotice('cvs', '02', { code: '800001', codeMeaning: 'meaning' }));
  assert.deepEqual(declined.next?.failure, {
    reason: 'store_unavailable',
    code: '800001',
    parameter: null,
    message: 'The IP code is out of service',
    payerMessage: null,
  });
});

test('an unlisted status is stored, moves nothing and asks for a person', () => {
  for (const [method, status] of [
    ['card', 'XX'],
    ['carrier', '05'],
    ['cvs', '07'],
  ] as const) {
    const order = placed(method, 'paid');
    const { effect, next } = decided(order, aNotice(method, status));
    assert.deepEqual(
      [effect, next?.status, next?.attention],
      ['unlisted', 'paid', { reason: 'unlisted_status', since: at.toISOString() }],
    );
    assert.deepEqual(next?.history.length, order.history.length + 1);
  }
});

test('card results are the two words of the manual and no other spelling', () => {
  for (const status of ['ok', 'Ok', 'ng', 'OK1', 'O']) {
    assert.equal(decided(placed('card', 'unknown'), aNotice('card', status)).effect, 'unlisted', status);
  }
});

test('another amount is stored, moves nothing and asks for a person', () => {
  for (const amountYen of [7999, 0, 80_000, Number.NaN]) {
    const { effect, next } = decided(
      placed('card', 'unknown', { attention: null }),
      aNotice('card', 'OK', { amountYen }),
    );
    assert.deepEqual(
      [effect, next?.status, next?.attention?.reason, next?.orderNumber],
      ['mismatch', 'unknown', 'amount_mismatch', null],
    );
  }
});

test('another IP code is stored, moves nothing and asks for a person; a padded one is the same', () => {
  for (const ipCode of ['2019000002', '201900000', 'unreadable']) {
    const { effect, next } = decided(placed('card', 'unknown', { attention: null }), aNotice('card', 'OK', { ipCode }));
    assert.deepEqual([effect, next?.status, next?.attention?.reason], ['mismatch', 'unknown', 'ip_code_mismatch']);
  }
  const padded = decide(placed('card', 'unknown'), aNotice('card', 'OK', { ipCode: '0000054321' }), {
    ipCode: '54321',
    at,
  });
  assert.equal(padded.effect, 'moved');
});

test('amount or IP code absent from the call: accepted, and history says unchecked', () => {
  const noteOf = (changes: Partial<Notice>) =>
    decided(placed('card', 'unknown'), aNotice('card', 'OK', changes)).next?.history.at(-1)?.note;
  assert.equal(noteOf({}), null);
  assert.match(noteOf({ amountYen: null }) ?? '', /unchecked.*amount$/);
  assert.match(noteOf({ ipCode: null }) ?? '', /unchecked.*IP code$/);
  assert.match(noteOf({ amountYen: null, ipCode: null }) ?? '', /unchecked.*amount, IP code$/);
});

test('carrier 06 to 09 are compared with the settled amount, 03 with the first', () => {
  const settled = (on: string) => ({ on, amountYen: 5000, by: 'schedule' as const });
  const order = placed('carrier', 'settling', {
    carrier: { type: 'au', settlement: settled('2026-12-01'), settleBy: '2027-01-09' },
  });
  for (const status of ['06', '07', '08', '09']) {
    assert.equal(decided(order, aNotice('carrier', status, { amountYen: 5000 })).effect, 'moved', status);
    assert.equal(decided(order, aNotice('carrier', status, { amountYen: 8000 })).effect, 'mismatch', status);
  }
  assert.equal(decided(order, aNotice('carrier', '03', { amountYen: 8000 })).effect, 'late');
  assert.equal(decided(order, aNotice('carrier', '03', { amountYen: 5000 })).effect, 'mismatch');
});

test('authorization opens 50 days, and a later call of the same does not prolong them', () => {
  const authorized = decided(placed('carrier', 'awaiting_customer'), aNotice('carrier', '03'));
  assert.equal(authorized.next?.carrier?.settleBy, '2027-01-10');
  // 5 days before, at midnight JST.
  assert.equal(authorized.next?.dueAt, '2027-01-04T15:00:00.000Z');
  const repeated = decided(placed('carrier', 'authorized'), aNotice('carrier', '03'));
  assert.equal(repeated.next?.carrier?.settleBy, '2027-01-09');
});

test('a repeat fills only what is missing', () => {
  const card = { cardId: 'C1', last4: null, brand: 'jcb' as const, installments: '03' };
  const { next } = decided(
    placed('card', 'paid', { orderNumber: null, numberBound: false, card }),
    aNotice('card', 'OK'),
  );
  assert.deepEqual(next?.card, { cardId: 'C1', last4: '1111', brand: 'jcb', installments: '03' });
  assert.deepEqual([next?.orderNumber, next?.numberBound], ['N1', true]);

  const cvs = {
    store: 'lawson' as const,
    paymentNumbers: [{ label: 'answered', value: '1' }],
    payBy: null,
    redirectUrl: null,
  };
  const called = { store: 'ministop' as const, paymentNumbers: [{ label: 'called', value: '2' }], payBy: '2026-12-01' };
  const repeat = decided(placed('cvs', 'awaiting_customer', { cvs }), aNotice('cvs', '01', { cvs: called }));
  assert.deepEqual(repeat.next?.cvs, { ...cvs, payBy: '2026-12-01' });
});

test('a repeated 09 is a repeat only while the order is paid with cancel_failed', () => {
  const failed = { reason: 'cancel_failed', since: noonText } as const;
  assert.deepEqual(summary(decided(placed('carrier', 'paid', { attention: failed }), aNotice('carrier', '09'))), [
    'repeat',
    'paid',
    'cancel_failed',
  ]);
  assert.equal(
    decided(placed('carrier', 'cancelled', { attention: failed }), aNotice('carrier', '09')).effect,
    'moved',
  );
});

test('outcome_unknown goes with the outcome; any other first reason stays', () => {
  const mismatch = { reason: 'amount_mismatch', since: noonText } as const;
  assert.equal(decided(placed('card', 'unknown'), aNotice('card', 'OK')).next?.attention, null);
  assert.deepEqual(
    decided(placed('card', 'unknown', { attention: mismatch }), aNotice('card', 'OK')).next?.attention,
    mismatch,
  );
  assert.deepEqual(
    decided(placed('card', 'declined', { attention: mismatch }), aNotice('card', 'OK')).next?.attention,
    mismatch,
  );
});

test('a late call adds nothing to a cancelled order but its line of history', () => {
  const order = placed('card', 'cancelled', { orderNumber: 'N1', numberBound: true });
  const { next } = decided(order, aNotice('card', 'OK', { card: null }));
  const { history, seen, updatedAt, version, gatewayStatus, ...rest } = next as Order;
  assert.deepEqual(rest, Object.fromEntries(Object.entries(order).filter(([name]) => name in rest)));
  assert.equal(gatewayStatus, order.gatewayStatus);
  assert.deepEqual([history.length, seen.length, updatedAt, version], [2, 1, at.toISOString(), 2]);
  assert.ok(noon < at);
});
