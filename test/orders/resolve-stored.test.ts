/** Resolutions on a real table: keys, a send that is running, races with callbacks, answers and other operators. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft } from '../../shared/domain/new-order.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Done } from '../../shared/domain/sends.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import { storeCallback } from '../../shared/orders/callbacks.ts';
import { submit } from '../../shared/orders/engine.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import { type Resolution, resolve } from '../../shared/orders/resolve.ts';
import {
  anOrder,
  aReceived,
  begun,
  draftOf,
  idOf,
  lost,
  maintenance,
  noon,
  otherKey,
  reasonsOf,
  refused,
  seconds,
  standingClock,
  statusOf,
  succeeded,
  usual,
} from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();

let count = 0;
async function add(order: Order): Promise<Order> {
  const { stored } = await store.create({ ...order, orderId: idOf(`resolve-${++count}-`) });
  assert.ok(stored);
  return stored;
}
const find = async (orderId: string): Promise<Order> => (await store.find(orderId)) as Order;

const operator = otherKey('resolution');

interface How extends Partial<Resolution> {
  through?: OrderStore;
  now?: Date;
  by?: typeof operator;
}
const say = (
  { orderId }: Pick<Order, 'orderId'>,
  outcome: Resolution['outcome'],
  { through = store, now = seconds(3600), by = operator, ...more }: How = {},
) => {
  const resolution = { outcome, gatewayOrderNumber: 'N1', amountYen: null, reasons: null, note: 'seen', ...more };
  return resolve({ ...standingClock(now), store: through }, orderId, by, resolution);
};
const called = ({ orderId }: Order, status: string) =>
  storeCallback(
    { ...standingClock(), store, deploymentId: 'test', ipCode: '2019000001' },
    aReceived('card', status, { orderId }),
    noon,
  );

test('a decision is stored; the same key and request is replayed, another request is told so', async () => {
  const order = await add(usual.card.unknown());
  const first = await say(order, 'paid');
  assert.deepEqual(first, { kind: 'done', order: await find(order.orderId), replayed: false });
  await called(order, 'NG');
  const now = await find(order.orderId);
  assert.deepEqual(await say(order, 'paid'), { kind: 'done', order: now, replayed: true });
  const other = { ...operator, request: 'another' };
  assert.deepEqual(await say(order, 'declined', { by: other }), { kind: 'key_reused' });
  assert.deepEqual(await find(order.orderId), now);
});

test('a resolution that was refused leaves no key behind', async () => {
  const order = await add(usual.card.unknown());
  assert.equal((await say(order, 'awaiting_customer')).kind, 'wrong_status');
  assert.equal((await say(order, 'acknowledged')).kind, 'invalid');
  assert.equal((await say(order, 'paid', { by: { ...operator, request: 'another' } })).kind, 'done');
});

test('while a send is running: in_progress; once its claim is stale, it is decided', async () => {
  const running = [anOrder('card'), begun(usual.card.paid(), 'cancel'), begun(usual.carrier.paid(), 'return')];
  for (const each of running) {
    const order = await add(each);
    assert.deepEqual(await say(order, 'cancelled', { now: seconds(119.999) }), { kind: 'in_progress' });
    assert.deepEqual(await say(order, 'acknowledged', { now: seconds(119.999) }), { kind: 'in_progress' });
    assert.equal((await say(order, 'cancelled', { now: seconds(120) })).kind, 'done');
    const after = await find(order.orderId);
    assert.deepEqual([statusOf(after), summarize(after).open, summarize(after).dueAt], ['cancelled', null, null]);
  }
});

test('a stale claim that is decided is in the history as unknown before', async () => {
  const order = await add(anOrder('card'));
  await say(order, 'declined', { now: seconds(200) });
  assert.deepEqual(
    (await find(order.orderId)).history.map(({ from, to, event }) => [event, from, to]),
    [
      ['token_charge', null, 'sending'],
      ['claim_stale', 'sending', 'unknown'],
      ['declined', 'unknown', 'declined'],
    ],
  );
});

test('an order that does not exist is not found', async () => {
  assert.deepEqual(await say({ orderId: idOf('none') }, 'paid'), { kind: 'not_found' });
});

const answers: [
  decision: 'paid' | 'declined' | 'cancelled',
  answer: Outcome<Done>,
  status: string,
  reasons: string[],
][] = [
  ['paid', succeeded({ orderNumber: 'N1' }), 'paid', []],
  ['paid', lost, 'paid', []],
  ['declined', succeeded({ orderNumber: 'N1' }), 'paid', ['contradiction']],
  ['declined', refused, 'declined', []],
  ['declined', lost, 'declined', []],
  ['cancelled', succeeded({ orderNumber: 'N1' }), 'cancelled', []],
  ['cancelled', lost, 'cancelled', []],
  ['cancelled', maintenance, 'cancelled', []],
];
for (const [decision, answer, status, reasons] of answers) {
  test(`${decision} after 120 s, then the charge's own answer, ${answer.kind}: stored, and ${status}`, async () => {
    const draft: Draft = draftOf('card', { orderId: idOf(`answer-${++count}-`) });
    await submit({ ...standingClock(), store }, draft, async () => {
      assert.equal((await say(draft, decision, { now: seconds(120) })).kind, 'done');
      return answer;
    });
    const order = await find(draft.orderId);
    assert.deepEqual([statusOf(order), reasonsOf(order), summarize(order).open], [status, reasons, null]);
    assert.equal(order.steps.filter(step => step.kind === 'decision').length, 1);
  });
}

test('a callback between the read and the write is seen: the decision no longer fits', async () => {
  const order = await add(usual.card.unknown());
  let isRaced = false;
  const through: OrderStore = {
    ...store,
    async replace(next) {
      if (!isRaced) {
        isRaced = true;
        await called(order, 'OK');
      }
      return store.replace(next);
    },
  };
  assert.equal((await say(order, 'declined', { through })).kind, 'wrong_status');
  assert.equal(statusOf(await find(order.orderId)), 'paid');
});

test('of two operators at once one decides', async () => {
  const order = await add(usual.card.unknown());
  const both = (['paid', 'declined'] as const).map((outcome, i) => say(order, outcome, { by: otherKey(`k${i}`) }));
  const kinds = (await Promise.all(both)).map(({ kind }) => kind);
  assert.deepEqual(kinds.toSorted(), ['done', 'wrong_status']);
});
