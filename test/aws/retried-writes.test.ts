/** The client repeats a request whose answer was lost after the engine had done the work. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { Masked } from '../../shared/domain/masked.ts';
import { entryOf, type Order } from '../../shared/domain/order.ts';
import { anOrder, idOf, noonText, placed } from '../support/orders.ts';
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
  const next: Order = { ...order, status: 'paid', version: 2 };
  assert.deepEqual(await losing(() => retrying.replace(next)), { stored: next });
  assert.deepEqual(await store.find(order.orderId), next);
});

test('an equal order of another request is not taken for its own', async () => {
  const order = anOrder('card', { orderId: idOf('equal') });
  await store.create(order);
  assert.deepEqual(await losing(() => retrying.create(order)), { stored: null, existing: order });
});

test('a retried write of an older attempt cannot undo a newer claim', async () => {
  const first = placed('card', 'sending', { orderId: idOf('older') });
  await store.create(first);
  const olderOutcome: Order = { ...first, status: 'not_processed', claim: null, version: 2 };
  const newerClaim: Order = { ...first, claim: { id: 'newer', at: noonText }, version: 3 };
  const written = await losing(
    () => retrying.replace(olderOutcome),
    () => store.replace(newerClaim),
  );
  assert.deepEqual(written, { stored: null, existing: newerClaim });
  assert.deepEqual(await store.find(first.orderId), newerClaim);
});

test('a retried creation cannot undo what became of the order', async () => {
  const first = placed('card', 'sending', { orderId: idOf('created') });
  const paid: Order = { ...first, status: 'paid', version: 2 };
  const written = await losing(
    () => retrying.create(first),
    () => store.replace(paid),
  );
  assert.deepEqual(written, { stored: null, existing: paid });
  assert.deepEqual(await store.find(first.orderId), paid);
});

test('a retried advance moves once', async () => {
  const order = placed('card', 'sending', { orderId: idOf('advanced') });
  await store.create(order);
  const entry = entryOf('callback', 'card_ok', 'paid', noonText);
  const written = await losing(() =>
    retrying.advance({
      orderId: order.orderId,
      method: 'card',
      from: ['sending', 'paid'],
      to: 'paid',
      amountYen: 8000,
      ofSettlement: false,
      orderNumber: 'N1',
      gatewayStatus: 'OK',
      failure: null,
      seen: 'digest',
      entry,
      card: null,
      cvs: null,
      settleBy: null,
      dueAt: null,
    }),
  );
  const found = (await store.find(order.orderId)) as Order;
  assert.deepEqual(written, { stored: null, existing: found });
  assert.deepEqual([found.status, found.version, found.history.length], ['paid', 2, 2]);
});

test('a retried note of a card keeps one phone', async () => {
  await losing(() => cardsTable(dynamo, tableName).remember('CARD1', new Masked('0312345678')));
  assert.deepEqual((await cardOf('CARD1'))?.phones?.SS, ['0312345678']);
});
