/** The same on a real table: what is stored is what the set of callbacks says, each of them once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from '../../shared/domain/order.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import { storeCallback } from '../../shared/orders/callbacks.ts';
import type { ReceivedCallback } from '../../shared/zeus/callbacks/callback.ts';
import { arrivals, permutations, standingOf } from '../support/cvs-contract.ts';
import { inParallel } from '../support/in-parallel.ts';
import { aReceived, idOf, noon, reasonsOf, standingClock, statusOf, usual } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
const deps = { ...standingClock(), store, deploymentId: 'test', ipCode: '2019000001' };
let count = 0;

async function kept(status: 'unknown' | 'awaiting_customer' | 'declined'): Promise<string> {
  const order = { ...usual.cvs[status](), orderId: idOf(`arrival-${++count}-`) };
  assert.ok((await store.create(order)).stored);
  return order.orderId;
}

const find = async (orderId: string): Promise<Order> => (await store.find(orderId)) as Order;
const called = (orderId: string, status: string, changes: Partial<ReceivedCallback> = {}) =>
  storeCallback(deps, aReceived('cvs', status, { orderId, ...changes }), noon);
const callsIn = ({ history }: Order): string[] =>
  history.filter(({ source }) => source === 'callback').map(({ event, count: times }) => `${event} x${times}`);

for (const beginning of ['unknown', 'awaiting_customer', 'declined'] as const) {
  test(`from ${beginning}: 01, 04, 05, 06 in every order, once, twice in a row, and all over again`, async () => {
    const ways = [...arrivals(['01', '04', '05', '06'])];
    assert.equal(ways.length, 64);
    const repeated = ways.flatMap(way => [way, way.flatMap(status => [status, status]), [...way, ...way]]);
    await inParallel(repeated, 8, async arrived => {
      const orderId = await kept(beginning);
      for (const status of arrived) await called(orderId, status);
      const order = await find(orderId);
      const found = { status: statusOf(order), reasons: reasonsOf(order).toSorted() };
      assert.deepEqual(found, standingOf(beginning, arrived), `${beginning}: ${arrived.join(' ')}`);
      const distinct = [...new Set(arrived)].map(status => `cvs_${status} x1`);
      assert.deepEqual(callsIn(order), distinct, arrived.join(' '));
    });
  });
}

test('all nine at once: each is stored, and the order stands where all of them put it', async () => {
  const statuses = ['01', '02', '03', '04', '05', '06', '11', '12', '13'];
  for (let round = 0; round < 10; round += 1) {
    const orderId = await kept('awaiting_customer');
    await Promise.all(statuses.map(status => called(orderId, status)));
    const order = await find(orderId);
    assert.deepEqual(
      callsIn(order).toSorted(),
      statuses.map(status => `cvs_${status} x1`),
    );
    const found = { status: statusOf(order), reasons: reasonsOf(order).toSorted() };
    assert.deepEqual(found, standingOf('awaiting_customer', statuses));
    assert.equal(order.version, 2 + statuses.length);
  }
});

test('a store order issued again: all 120 orders of arrival are stored as the same paid order', async () => {
  const reissue = [
    ...['01', '04', '05'].map(status => ({ status, orderNumber: 'N2' })),
    ...['11', '13'].map(status => ({ status, orderNumber: 'N1' })),
  ];
  const ways = permutations(reissue);
  assert.equal(ways.length, 120);
  await inParallel(ways, 8, async arrived => {
    const orderId = await kept('awaiting_customer');
    for (const { status, orderNumber } of arrived) await called(orderId, status, { orderNumber });
    const order = await find(orderId);
    const { status, attention, orderNumber, paid, others } = summarize(order);
    assert.deepEqual(
      { status, attention, orderNumber, paid, others: others.map(each => [each.number, each.status]) },
      {
        status: 'paid',
        attention: [],
        orderNumber: 'N2',
        paid: { amountYen: 8000, at: noon.toISOString() },
        others: [['N1', 'reversed_after_cancel']],
      },
      arrived.map(each => `${each.status} ${each.orderNumber}`).join(', '),
    );
    assert.deepEqual(
      order.numbers.map(({ number }) => number),
      ['N1', 'N2'],
    );
  });
});
