/** A write of ours may go through unheard and be repeated by the client: a claim is known again by its id. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from '../../shared/domain/order.ts';
import { change } from '../../shared/orders/change.ts';
import type { OrderStore, Written } from '../../shared/orders/ports.ts';
import { submitOnce } from '../../shared/orders/submit-once.ts';
import { idOf, noon, placed, standingClock } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();

/** The write goes through; before its repetition somebody else adds a line to the order, so that the repetition fails. */
async function overtaken(write: () => Promise<Written>): Promise<Written> {
  const { stored } = await write();
  assert.ok(stored);
  const noted = change(stored, { at: noon, source: 'callback', event: 'unlisted', attention: 'unlisted_status' });
  return { stored: null, existing: (await store.replace(noted)).stored };
}

async function submit(through: OrderStore, order: Order) {
  let sends = 0;
  const submitted = await submitOnce({ ...standingClock(), store: through }, order, async () => {
    sends += 1;
    return { kind: 'done', orderNumber: 'N1' };
  });
  return { sends, submitted };
}

test('a new claim that a callback overtook is still ours, and is sent', async () => {
  const order = placed('card', 'sending', { orderId: idOf('new') });
  const through: OrderStore = { ...store, create: each => overtaken(() => store.create(each)) };
  assert.deepEqual([(await submit(through, order)).sends, (await store.find(order.orderId))?.status], [1, 'paid']);
});

test('a renewed claim that a callback overtook is still ours, and is sent', async () => {
  const order = placed('card', 'not_processed', { orderId: idOf('renewed') });
  await store.create(order);
  let first = true;
  const through: OrderStore = {
    ...store,
    replace(next) {
      const write = () => store.replace(next);
      if (!first) return write();
      first = false;
      return overtaken(write);
    },
  };
  assert.deepEqual([(await submit(through, order)).sends, (await store.find(order.orderId))?.status], [1, 'paid']);
});
