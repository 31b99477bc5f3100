/** The client repeats a request whose answer was lost after the engine had done the work. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { Masked } from '../../shared/domain/masked.ts';
import { beginAgain } from '../../shared/domain/new-order.ts';
import { storeCallback } from '../../shared/orders/callbacks.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import {
  anOrder,
  answered,
  aReceived,
  idOf,
  noon,
  notSent,
  standingClock,
  succeeded,
  told,
} from '../support/orders.ts';
import { dynamoOf, startTable, tableName } from '../support/table.ts';
import { startUnreliableEngine } from '../support/unreliable-engine.ts';

const { store, endpoint, cardOf } = await startTable();

const engine = await startUnreliableEngine(endpoint);
const dynamo = dynamoOf(engine.url, 3);
const retrying = ordersTable(dynamo, tableName);

/** The answer to the write is lost, `meanwhile` happens, and the client repeats it. */
async function losing<T>(write: () => Promise<T>, meanwhile?: () => Promise<unknown>): Promise<T> {
  engine.loseAnswers(1, meanwhile);
  const result = await write();
  assert.equal(engine.left(), 0);
  return result;
}

test('a creation whose answer was lost knows its own write again', async () => {
  const order = anOrder('card', { orderId: idOf('own') });
  assert.deepEqual(await losing(() => retrying.create(order)), { stored: order });
});

test('a replacement whose answer was lost knows its own write again', async () => {
  const order = anOrder('card', { orderId: idOf('own-replacement') });
  await store.create(order);
  const next = answered(order, succeeded({ orderNumber: 'N1' }));
  assert.deepEqual(await losing(() => retrying.replace(next)), { stored: next });
  assert.deepEqual(await store.find(order.orderId), next);
});

test('an equal order of another request is not taken for its own', async () => {
  const order = anOrder('card', { orderId: idOf('equal') });
  await store.create(order);
  assert.deepEqual(await losing(() => retrying.create(order)), { stored: null, existing: order });
});

test('a retried write of an older attempt cannot undo a newer claim', async () => {
  const first = anOrder('card', { orderId: idOf('older') });
  await store.create(first);
  const older = answered(first, notSent);
  const newer = beginAgain(older, { actor: 'test' }, noon);
  const written = await losing(
    () => retrying.replace(older),
    () => store.replace(newer),
  );
  assert.deepEqual(written, { stored: null, existing: newer });
  assert.deepEqual(await store.find(first.orderId), newer);
});

test('a retried creation cannot undo what became of the order', async () => {
  const first = anOrder('card', { orderId: idOf('created') });
  const paid = told(first, 'OK');
  const written = await losing(
    () => retrying.create(first),
    () => store.replace(paid),
  );
  assert.deepEqual(written, { stored: null, existing: paid });
  assert.deepEqual(await store.find(first.orderId), paid);
});

test('a callback whose write succeeded without an answer is stored once, and known again', async () => {
  const order = anOrder('card', { orderId: idOf('callback') });
  await store.create(order);
  // Its first request reads; the answer to the second is lost.
  const through: OrderStore = {
    ...retrying,
    replace: next => losing(() => retrying.replace(next)),
  };
  const deps = { ...standingClock(), store: through, deploymentId: 'test', ipCode: '2019000001' };
  const received = aReceived('card', 'OK', { orderId: order.orderId });
  const first = await storeCallback(deps, received, noon);
  assert.deepEqual(first, { order: told(order, 'OK'), isNew: true });
  assert.deepEqual(await storeCallback(deps, received, noon), { order: first.order, isNew: false });
});

test('a retried note of a card keeps one phone', async () => {
  await losing(() => cardsTable(dynamo, tableName).remember('CARD1', new Masked('0312345678')));
  assert.deepEqual((await cardOf('CARD1'))?.phones, new Set(['0312345678']));
});
