/** The same on a real table, through the updates that decide without reading: what is stored is what the contract says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order, Status } from '../../shared/domain/order.ts';
import { applyCallback } from '../../shared/orders/apply-callback.ts';
import { arrivals, type Standing, standingAfterAll } from '../support/cvs-contract.ts';
import { aNotice, idOf, placed, standingClock } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
const deps = { ...standingClock(), store, deploymentId: 'test', ipCode: '2019000001' };
let count = 0;

async function kept(status: Status): Promise<Order> {
  count += 1;
  const { stored } = await store.create(placed('cvs', status, { orderId: idOf(`arrival-${count}-`) }));
  assert.ok(stored);
  return stored;
}

const standingOf = (order: Order): Standing => ({ status: order.status, attention: order.attention?.reason ?? null });
const entriesOf = (order: Order, call: string): number =>
  order.history.filter(({ event }) => event === `cvs_${call}`).reduce((sum, entry) => sum + entry.count, 0);

/** Lets the calls arrive one after the other; answers the stored order. */
async function after(beginning: Status, arrived: readonly string[]): Promise<Order> {
  const { orderId } = await kept(beginning);
  for (const call of arrived) await applyCallback(deps, aNotice('cvs', call, { orderId }));
  return (await store.find(orderId)) as Order;
}

async function agrees(beginning: Status, arrived: readonly string[], once: boolean): Promise<void> {
  const order = await after(beginning, arrived);
  const expected = standingAfterAll(standingOf(placed('cvs', beginning)), arrived);
  assert.deepEqual(standingOf(order), expected, `${beginning}: ${arrived.join(' ')}`);
  for (const call of new Set(arrived)) {
    const entries = entriesOf(order, call);
    assert.ok(once ? entries === 1 : entries >= 1, `${arrived.join(' ')}: ${call} entered history ${entries} times`);
  }
}

const inTurn = async (ways: Iterable<() => Promise<void>>): Promise<void> => {
  const waiting = [...ways];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: 8 }, work));
};

for (const beginning of ['unknown', 'awaiting_customer', 'declined'] as const) {
  test(`every order of arrival of 01, 04, 05, 06 from ${beginning}, each call once`, async () => {
    const ways = [...arrivals(['01', '04', '05', '06'])];
    assert.equal(ways.length, 64);
    await inTurn(ways.map(arrived => () => agrees(beginning, arrived, true)));
  });
}

test('each call twice in a row, and all of them over again', async () => {
  const ways = [...arrivals(['01', '04', '05', '06'])];
  const repeated = ways.flatMap(arrived => [arrived.flatMap(call => [call, call]), [...arrived, ...arrived]]);
  await inTurn(repeated.map(arrived => () => agrees('unknown', arrived, false)));
});

for (const beginning of ['awaiting_customer', 'received', 'paid'] as const) {
  test(`every order of arrival of 11, 12, 13 from ${beginning}, once and twice`, async () => {
    const ways = [...arrivals(['11', '12', '13'], 2, 4)];
    assert.equal(ways.length, 3 + 9 + 24 + 54);
    await inTurn(ways.map(arrived => () => agrees(beginning, arrived, false)));
  });
}

test('all at once: whoever is first, what is stored is what some order of arrival comes to', async () => {
  const calls = ['01', '04', '05', '06', '11', '12', '13'];
  for (let round = 0; round < 10; round += 1) {
    const { orderId } = await kept('awaiting_customer');
    await Promise.all(calls.map(call => applyCallback(deps, aNotice('cvs', call, { orderId }))));
    const order = (await store.find(orderId)) as Order;
    const arrived = order.history.slice(1).map(({ event }) => event.slice('cvs_'.length));
    assert.deepEqual(arrived.toSorted(), calls);
    assert.deepEqual(
      standingOf(order),
      standingAfterAll({ status: 'awaiting_customer', attention: null }, arrived),
      arrived.join(' '),
    );
  }
});
