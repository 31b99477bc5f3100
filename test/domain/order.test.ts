import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asOf, entryOf, isFresh, type Order, present } from '../../shared/domain/order.ts';
import { anOrder, idOf, noon, noonText, placed } from '../support/orders.ts';

const later = (milliseconds: number) => new Date(noon.getTime() + milliseconds);
const stale = '2026-11-20T03:02:00.000Z';

test('a claim is fresh for 120 s', () => {
  const claim = { id: 'c', at: noonText };
  assert.equal(isFresh(claim, later(119_999)), true);
  assert.equal(isFresh(claim, later(120_000)), false);
  assert.equal(isFresh(null, noon), false);
});

test('`sending` reads as unknown from 120 s on, with attention since then and a line of history', () => {
  const order = placed('card', 'sending');
  assert.deepEqual(asOf(order, later(119_999)), order);
  const read = asOf(order, later(600_000));
  assert.deepEqual([read.status, read.attention], ['unknown', { reason: 'outcome_unknown', since: stale }]);
  assert.deepEqual(read.history.at(-1), entryOf('schedule', 'claim_stale', 'unknown', stale));
  assert.equal(order.history.length, 1);
});

test('reading a stale order as unknown keeps an attention that was raised before', () => {
  const attention = { reason: 'amount_mismatch' as const, since: noonText };
  assert.deepEqual(asOf(placed('card', 'sending', { attention }), later(600_000)).attention, attention);
});

test('no other status changes by waiting', () => {
  const claim = { id: 'c', at: noonText };
  for (const status of ['unknown', 'paid', 'declined', 'not_processed', 'cancelling'] as const) {
    const order = placed('card', status, { claim });
    assert.deepEqual(asOf(order, later(600_000)), order);
  }
});

test('an order is shown as contract 1.3 writes it, and nothing else of it is', () => {
  const order: Order = placed('card', 'paid', {
    reference: 'A-1',
    card: { cardId: 'CARD1', last4: '1111', brand: 'visa', installments: '03' },
    gatewayStatus: 'OK',
    seen: ['digest'],
    request: 'secret request digest',
    claim: { id: 'secret claim', at: noonText },
    dueAt: noonText,
  });
  assert.deepEqual(present(order, noon), {
    orderId: idOf('order'),
    method: 'card',
    operation: 'token_charge',
    status: 'paid',
    amount: 8000,
    currency: 'JPY',
    reference: 'A-1',
    test: false,
    failure: null,
    attention: null,
    gateway: { orderNumber: 'N1', status: 'OK' },
    card: { cardId: 'CARD1', last4: '1111', brand: 'visa', installments: '03' },
    createdAt: noonText,
    updatedAt: noonText,
    history: [
      { at: noonText, source: 'api', event: 'token_charge', from: null, to: 'paid', code: null, note: null, count: 1 },
    ],
  });
});

test("only the block of the order's own method is shown", () => {
  const blocks = (order: Order) =>
    Object.keys(present(order, noon)).filter(name => ['card', 'carrier', 'cvs'].includes(name));
  for (const method of ['card', 'carrier', 'cvs'] as const) assert.deepEqual(blocks(anOrder(method)), [method]);
});

test('carrier and convenience-store blocks are shown as the contract writes them', () => {
  const settlement = { on: '2026-12-01', amountYen: 5000, by: 'gateway' as const };
  const carrier = { type: 'au' as const, settlement, settleBy: '2027-01-09' };
  assert.deepEqual(present(anOrder('carrier', { carrier }), noon).carrier, {
    type: 'au',
    settlement: { on: '2026-12-01', amount: 5000, by: 'gateway' },
    settleBy: '2027-01-09',
  });
  const cvs = {
    store: 'lawson' as const,
    paymentNumbers: [{ label: 'a', value: '1' }],
    payBy: '2026-12-01',
    redirectUrl: null,
  };
  assert.deepEqual(present(anOrder('cvs', { cvs }), noon).cvs, cvs);
});

test('an entry that a blind update wrote begins where the one before it ended', () => {
  const history = [
    { ...entryOf('api', 'token_charge', 'sending', noonText), from: null },
    entryOf('callback', 'card_ok', 'paid', noonText),
  ];
  const shown = present(anOrder('card', { status: 'paid', history }), noon).history as { from: string | null }[];
  assert.deepEqual(
    shown.map(entry => entry.from),
    [null, 'sending'],
  );
});
