/** The conditions of every write, on a real engine. Moves of callbacks are in test/orders/apply-callback.test.ts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexes } from '../../shared/aws/indexes.ts';
import { entryOf, type Order, type Status } from '../../shared/domain/order.ts';
import type { Advance } from '../../shared/orders/ports.ts';
import { anOrder, idOf, noonText, placed } from '../support/orders.ts';
import { brokenStore, startTable } from '../support/table.ts';

const { store, itemOf } = await startTable();

let count = 0;
async function kept(order: Order): Promise<Order> {
  count += 1;
  const written = await store.create({ ...order, orderId: idOf(`order-${count}-`) });
  assert.ok(written.stored);
  return written.stored;
}

const advanceOf = (order: Order, changes: Partial<Advance> = {}): Advance => ({
  orderId: order.orderId,
  method: order.method,
  from: ['sending', 'unknown', 'paid'],
  to: 'paid',
  amountYen: 8000,
  ofSettlement: false,
  orderNumber: 'N1',
  gatewayStatus: 'OK',
  failure: null,
  seen: 'digest',
  entry: entryOf('callback', 'card_ok', 'paid', noonText),
  card: null,
  cvs: null,
  settleBy: null,
  dueAt: null,
  ...changes,
});

test('an order is created once; the second finds the first', async () => {
  const order = anOrder('card', { orderId: idOf('twice') });
  assert.deepEqual(await store.create(order), { stored: order });
  assert.deepEqual(await store.create({ ...order, amountYen: 1 }), { stored: null, existing: order });
  assert.deepEqual(await store.find(order.orderId), order);
});

test('of 20 creations at once one wins, and the others find the winner', async () => {
  const orders = Array.from({ length: 20 }, (_, i) =>
    anOrder('card', { orderId: idOf('race'), request: `request ${i}` }),
  );
  const written = await Promise.all(orders.map(order => store.create(order)));
  const winners = written.flatMap(each => (each.stored ? [each.stored] : []));
  assert.equal(winners.length, 1);
  for (const each of written) assert.deepEqual(each.stored ?? each.existing, winners[0]);
});

test('the next version replaces the one before it and no other', async () => {
  const order = await kept(anOrder('card'));
  const next: Order = { ...order, status: 'paid', version: 2 };
  assert.deepEqual(await store.replace(next), { stored: next });
  const rival: Order = { ...order, status: 'declined', version: 2 };
  assert.deepEqual(await store.replace(rival), { stored: null, existing: next });
  assert.deepEqual(await store.replace({ ...order, version: 4 }), { stored: null, existing: next });
  assert.deepEqual(await store.find(order.orderId), next);
});

test('nothing is replaced or advanced that is not there, and nothing comes to be by it', async () => {
  const order = anOrder('card', { orderId: idOf('absent'), version: 2 });
  assert.deepEqual(await store.replace(order), { stored: null, existing: null });
  assert.deepEqual(await store.advance(advanceOf(order)), { stored: null, existing: null });
  assert.equal(await store.find(order.orderId), null);
});

test('an advance moves, fills in and counts in one update', async () => {
  const order = await kept(placed('card', 'sending', { attention: { reason: 'outcome_unknown', since: noonText } }));
  const { stored } = await store.advance(advanceOf(order, { card: { last4: '1111', brand: 'visa' } }));
  assert.deepEqual(stored, {
    ...order,
    status: 'paid',
    attention: null,
    orderNumber: 'N1',
    numberBound: true,
    gatewayStatus: 'OK',
    card: { cardId: null, last4: '1111', brand: 'visa', installments: '01' },
    paidAt: noonText,
    history: [...order.history, entryOf('callback', 'card_ok', 'paid', noonText)],
    seen: ['digest'],
    dueAt: null,
    version: 2,
  });
  const item = await itemOf(order.orderId);
  assert.match(item?.statusShard?.S ?? '', /paid/);
  assert.deepEqual(
    indexes.filter(index => item?.[index.partitionKey] && item[index.sortKey]).map(index => index.name),
    ['byDay', 'byStatus'],
  );
});

test('an advance fills in what is missing and leaves what is there', async () => {
  const card = { cardId: 'C1', last4: '9999', brand: null, installments: '03' };
  const order = await kept(placed('card', 'paid', { card, paidAt: '2026-11-01T00:00:00.000Z' }));
  const { stored } = await store.advance(advanceOf(order, { card: { last4: '1111', brand: 'visa' } }));
  assert.deepEqual(stored?.card, { ...card, brand: 'visa' });
  assert.equal(stored?.paidAt, '2026-11-01T00:00:00.000Z');
});

const refusals: [what: string, order: Order, changes: Partial<Advance>][] = [
  ['another status', placed('card', 'cancelled'), {}],
  ['another method', placed('cvs', 'unknown'), { method: 'card' }],
  ['another amount', placed('card', 'unknown'), { amountYen: 7999 }],
  ['no amount, on a registration', placed('card', 'unknown', { amountYen: 0 }), { amountYen: null }],
  ['another order number', placed('card', 'paid', { orderNumber: 'N2' }), {}],
  [
    'an attention that a person must clear',
    placed('card', 'unknown', { attention: { reason: 'contradiction', since: noonText } }),
    {},
  ],
  ['a call that is stored', placed('card', 'unknown', { attention: null, seen: ['digest', 'other'] }), {}],
  [
    'a full history',
    placed('card', 'unknown', {
      history: Array.from({ length: 99 }, (_, i) => entryOf('callback', `${i}`, 'unknown', noonText)),
    }),
    {},
  ],
];

for (const [what, order, changes] of refusals) {
  test(`an advance is refused by ${what}, and returns the order`, async () => {
    const existing = await kept(order);
    assert.deepEqual(await store.advance(advanceOf(existing, changes)), { stored: null, existing });
    assert.deepEqual(await store.find(existing.orderId), existing);
  });
}

test('an advance of a settlement is compared with its amount', async () => {
  const settlement = { on: '2026-12-01', amountYen: 5000, by: 'schedule' as const };
  const order = await kept(placed('carrier', 'settling', { carrier: { type: 'au', settlement, settleBy: null } }));
  const move = { from: ['settling'] as Status[], ofSettlement: true };
  assert.equal((await store.advance(advanceOf(order, { ...move, amountYen: 8000 }))).stored, null);
  assert.equal((await store.advance(advanceOf(order, { ...move, amountYen: 5000 }))).stored?.status, 'paid');
});

test('an order is read as it was last written', async () => {
  const order = await kept(anOrder('card'));
  await store.replace({ ...order, reference: 'new', version: 2 });
  assert.equal((await store.find(order.orderId))?.reference, 'new');
  assert.equal(await store.find(idOf('nobody')), null);
});

test('an engine that does not answer makes every request throw', async () => {
  const broken = brokenStore();
  const order = anOrder('card');
  for (const request of [
    broken.create(order),
    broken.replace(order),
    broken.advance(advanceOf(order)),
    broken.find(order.orderId),
  ]) {
    await assert.rejects(request, { code: 'ECONNREFUSED' });
  }
});
