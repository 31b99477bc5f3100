/** On a real table: what one blind update does must be what the decision over the read order would have done. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Method, type Order, present } from '../../shared/domain/order.ts';
import { applyCallback } from '../../shared/orders/apply-callback.ts';
import { decide } from '../../shared/orders/decide-callback.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import type { Notice } from '../../shared/zeus/callbacks/callback.ts';
import { type Cell, contractTable } from '../support/contract-table.ts';
import { aNotice, idOf, noonText, placed, standingClock } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store, itemOf } = await startTable();
const ipCode = '2019000001';
const clock = standingClock(new Date('2026-11-21T00:00:00.000Z'));

let count = 0;
/** Every order gets an id of its own, so that one table serves all. */
async function kept(order: Order): Promise<Order> {
  count += 1;
  const written = await store.create({ ...order, orderId: idOf(`order-${count}-`) });
  assert.ok(written.stored);
  return written.stored;
}

/** The store with a count of what is asked of it. */
function counted(inner: OrderStore = store) {
  const asked: string[] = [];
  const all = Object.entries(inner).map(([name, run]) => [
    name,
    (...args: unknown[]) => {
      asked.push(name);
      return (run as (...all: unknown[]) => unknown)(...args);
    },
  ]);
  return { asked, store: Object.fromEntries(all) as OrderStore };
}

const apply = (notice: Notice, through: OrderStore = store) =>
  applyCallback({ ...clock, store: through, deploymentId: 'test', ipCode }, notice);

/** What must be equal however the order was written; the rest is book-keeping of the writes. */
const essence = (order: Order) => {
  const { seen, numberBound, paidAt, dueAt, pending, earlierNumbers, version } = order;
  return {
    ...present(order, clock.now()),
    seen: seen.toSorted(),
    numberBound,
    paidAt,
    dueAt,
    pending,
    earlierNumbers,
    version,
  };
};

const differences: Partial<Notice>[] = [
  {},
  { orderNumber: null, ipCode: null },
  { amountYen: null, card: { last4: null, brand: null, installments: null } },
  { cvs: { store: 'ministop', paymentNumbers: [{ label: 'called', value: '2' }], payBy: '2026-12-31' } },
];

for (const event of new Set(contractTable.map(cell => cell.event))) {
  const cells = contractTable.filter(cell => cell.event === event);
  test(`${event} is stored from every status as it is decided, and a repeat changes nothing`, async () => {
    await Promise.all(cells.flatMap(cell => differences.map(changes => agrees(cell, changes))));
  });
}

async function agrees({ method, called, from, event }: Cell, changes: Partial<Notice>): Promise<void> {
  const order = await kept(placed(method, from));
  const notice = aNotice(method, called, { orderId: order.orderId, ...changes, ...blockOf(method, changes) });
  const { effect, next } = decide(order, notice, { ipCode, at: clock.now() });
  assert.ok(next);

  const applied = await apply(notice);
  const what = `${event} in ${from}, changes ${JSON.stringify(changes)}`;
  assert.deepEqual(essence(applied.order), essence(next), what);
  assert.deepEqual(essence((await store.find(order.orderId)) as Order), essence(next), what);

  const before = await itemOf(order.orderId);
  const again = await apply(notice);
  assert.equal(again.order.status, next.status, what);
  if (effect !== 'contradiction') assert.deepEqual(await itemOf(order.orderId), before, what);
}

/** A call has the block of its own service and no other. */
const blockOf = (method: Method, { card, cvs }: Partial<Notice>): Partial<Notice> => ({
  card: method === 'card' ? (card ?? aNotice('card', 'OK').card) : null,
  cvs: method === 'cvs' ? (cvs ?? aNotice('cvs', '01').cvs) : null,
});

async function requestsOf(cell: Pick<Cell, 'method' | 'called' | 'from'>, changes: Partial<Notice> = {}, times = 1) {
  const order = await kept(placed(cell.method, cell.from));
  const { asked, store: through } = counted();
  for (let i = 0; i < times; i += 1)
    await apply(aNotice(cell.method, cell.called, { orderId: order.orderId, ...changes }), through);
  return asked;
}

test('a call that moves, or says what was answered before, is one request; a repeat of it one more', async () => {
  for (const from of ['sending', 'unknown', 'paid'] as const) {
    assert.deepEqual(await requestsOf({ method: 'card', called: 'OK', from }, {}, 2), ['advance', 'advance'], from);
  }
  assert.deepEqual(await requestsOf({ method: 'card', called: 'NG', from: 'sending' }, {}, 2), ['advance', 'advance']);
});

test('a late, contradictory or mismatched call is two requests', async () => {
  assert.deepEqual(await requestsOf({ method: 'card', called: 'OK', from: 'cancelled' }), ['advance', 'replace']);
  assert.deepEqual(await requestsOf({ method: 'card', called: 'NG', from: 'paid' }), ['advance', 'replace']);
  assert.deepEqual(await requestsOf({ method: 'card', called: 'OK', from: 'paid' }, { orderNumber: 'N2' }), [
    'advance',
    'replace',
  ]);
  assert.equal((await requestsOf({ method: 'card', called: 'OK', from: 'unknown' }, { amountYen: 1 })).length, 2);
  assert.equal((await requestsOf({ method: 'card', called: 'OK', from: 'unknown' }, { ipCode: '1' })).length, 2);
  assert.equal((await requestsOf({ method: 'card', called: 'XX', from: 'unknown' })).length, 2);
});

test('a late call enters history once, however often it comes', async () => {
  const order = await kept(placed('card', 'cancelled'));
  const notice = aNotice('card', 'OK', { orderId: order.orderId });
  for (let i = 0; i < 3; i += 1) await apply(notice);
  const { history } = (await store.find(order.orderId)) as Order;
  assert.deepEqual(
    history.map(entry => [entry.event, entry.count]),
    [
      ['token_charge', 1],
      ['card_ok', 1],
    ],
  );
});

test('equal consecutive entries are one with a count, whoever wrote them', async () => {
  const order = await kept(placed('card', 'paid'));
  for (const installments of ['01', '03', '05']) {
    await apply(
      aNotice('card', 'OK', { orderId: order.orderId, card: { last4: '1111', brand: 'visa', installments } }),
    );
  }
  const { history } = (await store.find(order.orderId)) as Order;
  assert.deepEqual(
    history.map(entry => [entry.event, entry.count]),
    [
      ['token_charge', 1],
      ['card_ok', 3],
    ],
  );
});

test('history stays within 100 entries, and the money is still told', async () => {
  const filler = { at: noonText, source: 'callback', from: 'unknown', to: 'unknown', code: null, count: 1 } as const;
  const history = Array.from({ length: 100 }, (_, i) => ({ ...filler, event: 'unlisted', note: `status ${i}` }));
  const order = await kept(placed('card', 'unknown', { history }));
  await apply(aNotice('card', 'OK', { orderId: order.orderId }));
  const found = (await store.find(order.orderId)) as Order;
  assert.deepEqual([found.status, found.history.length, found.history.at(-1)?.event], ['paid', 100, 'card_ok']);
});

test('a write between the decision and its own makes it decide again', async () => {
  const order = await kept(placed('card', 'declined'));
  let raced = false;
  const racing: OrderStore = {
    ...store,
    async replace(next) {
      if (!raced) {
        raced = true;
        await apply(aNotice('card', 'NG', { orderId: order.orderId, orderNumber: null }));
      }
      return store.replace(next);
    },
  };
  const { order: stored } = await apply(aNotice('card', 'OK', { orderId: order.orderId }), racing);
  assert.deepEqual([stored.status, stored.attention?.reason, stored.history.length], ['paid', 'contradiction', 3]);
});

test('what the store throws is thrown', async () => {
  const failing: OrderStore = { ...store, advance: () => Promise.reject(new Error('engine stopped')) };
  await assert.rejects(apply(aNotice('card', 'OK'), failing), { message: 'engine stopped' });
});
