import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { AttentionReason, Order } from '../../shared/domain/order.ts';
import { oldestUnknownMinutes } from '../../shared/orders/oldest-unknown.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import { anOrder, idOf, noon } from '../support/orders.ts';
import { clearTable, startTable } from '../support/table.ts';

const { store, client } = await startTable();
const minutesAgo = (minutes: number) => new Date(noon.getTime() - 60_000 * minutes).toISOString();
const now = () => noon;
let count = 0;
const wanting = (reason: AttentionReason, minutes: number, changes: Partial<Order> = {}) =>
  store.create(
    anOrder('card', {
      orderId: idOf(`oldest-${++count}-`),
      status: 'paid',
      attention: { reason, since: minutesAgo(minutes) },
      ...changes,
    }),
  );
beforeEach(() => clearTable(client));

test('nothing unknown: 0', async () => {
  await store.create(anOrder('card', { orderId: idOf('none'), status: 'paid' }));
  assert.equal(await oldestUnknownMinutes({ store, now }), 0);
});

test('the longest waiting counts, in whole minutes, whatever else wants attention for longer', async () => {
  await wanting('outcome_unknown', 7.9, { status: 'unknown' });
  await wanting('outcome_unknown', 61, { status: 'cancelling' });
  await wanting('contradiction', 500);
  await wanting('outcome_unknown', 12, { status: 'unknown' });
  assert.equal(await oldestUnknownMinutes({ store, now }), 61);
});

test('an unknown order under another reason counts, one that a person acknowledged does not', async () => {
  await wanting('unmatched', 30, { status: 'unknown' });
  await store.create(anOrder('card', { orderId: idOf('seen'), status: 'unknown', createdAt: minutesAgo(90) }));
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
  for (let i = 0; i < 110; i += 1) await wanting('contradiction', 1, { createdAt: minutesAgo(100) });
  await wanting('outcome_unknown', 3, { createdAt: minutesAgo(3) });
  assert.equal(await oldestUnknownMinutes({ store, now }), 3);
});
