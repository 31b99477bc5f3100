import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { decide } from '../../shared/domain/changes.ts';
import type { Order } from '../../shared/domain/order.ts';
import { oldestUnknownMinutes } from '../../shared/orders/oldest-unknown.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import {
  aCallback,
  anOrder,
  answered,
  begun,
  caller,
  idOf,
  lost,
  noon,
  told,
  withCallbacks,
} from '../support/orders.ts';
import { clearTable, startTable } from '../support/table.ts';

const { store, client } = await startTable();
const minutesAgo = (minutes: number) => new Date(noon.getTime() - 60_000 * minutes);
const now = () => noon;
let count = 0;
const add = (made: number, bring: (order: Order) => Order) =>
  store.create(bring(anOrder('card', { orderId: idOf(`oldest-${++count}-`) }, minutesAgo(made))));
/** Its answer was lost so many minutes ago. */
const unknown = (minutes: number) => add(minutes, order => answered(order, lost, minutesAgo(minutes)));
beforeEach(() => clearTable(client));

test('nothing unknown: 0', async () => {
  await add(10, order => told(order, 'OK'));
  assert.equal(await oldestUnknownMinutes({ store, now }), 0);
});

test('the longest waiting counts, in whole minutes, whatever else wants attention for longer', async () => {
  await unknown(7.9);
  await add(200, order => {
    const paid = withCallbacks(order, [aCallback('card', 'OK')], minutesAgo(200));
    return answered(begun(paid, 'cancel', null, minutesAgo(61)), lost, minutesAgo(61));
  });
  await add(500, order => withCallbacks(told(order, 'OK'), [aCallback('card', 'XX')], minutesAgo(500)));
  await unknown(12);
  assert.equal(await oldestUnknownMinutes({ store, now }), 61);
});

test('another reason beside it hides nothing; one that was decided does not count', async () => {
  await add(30, order => withCallbacks(answered(order, lost, minutesAgo(30)), [aCallback('card', 'XX')]));
  await add(90, order =>
    decide(
      answered(order, lost, minutesAgo(90)),
      { outcome: 'declined', orderNumber: null, amountYen: null },
      caller,
      'seen',
      noon,
    ),
  );
  assert.equal(await oldestUnknownMinutes({ store, now }), 30);
});

test('one query where the list is short; a long one is read on, but not for ever', async () => {
  const pages: (string | null)[] = [];
  const endless: OrderStore = {
    ...store,
    async list(_, __, after) {
      pages.push(after);
      return { orders: [], last: 'more' };
    },
  };
  await oldestUnknownMinutes({ store: endless, now });
  assert.deepEqual([pages.length, pages[0], pages[1]], [10, null, 'more']);
  for (let i = 0; i < 110; i += 1) await add(100, order => told(order, 'OK', 'XX'));
  await unknown(3);
  assert.equal(await oldestUnknownMinutes({ store, now }), 3);
});
