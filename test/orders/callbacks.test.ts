/** One callback into its order, on a real table: what is written, what is not, and what becomes of races. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft } from '../../shared/domain/new-order.ts';
import type { Order } from '../../shared/domain/order.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import type { Method } from '../../shared/domain/words.ts';
import { storeCallback } from '../../shared/orders/callbacks.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import type { ReceivedCallback } from '../../shared/zeus/callbacks/callback.ts';
import {
  aCallback,
  anOrder,
  answered,
  aReceived,
  idOf,
  lost,
  noon,
  noonText,
  reasonsOf,
  seconds,
  standingClock,
  statusOf,
  succeeded,
  told,
  usual,
} from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store, itemOf } = await startTable();

let count = 0;
async function kept(order: Order): Promise<Order> {
  const { stored } = await store.create({ ...order, orderId: idOf(`callback-${++count}-`) });
  assert.ok(stored);
  return stored;
}
const fresh = (method: Method = 'card', draft: Partial<Draft> = {}) => kept(anOrder(method, draft));
const find = async ({ orderId }: Order): Promise<Order> => (await store.find(orderId)) as Order;

/** The store, and what is asked of it. */
function counted() {
  const asked: string[] = [];
  const noting =
    <A, R>(name: string, run: (argument: A) => R) =>
    (argument: A): R => {
      asked.push(name);
      return run(argument);
    };
  const { create, replace, find: read } = store;
  const through = { create: noting('create', create), replace: noting('replace', replace), find: noting('find', read) };
  return { asked, through: { ...store, ...through } };
}

interface How {
  through?: OrderStore;
  now?: Date;
  cameInAt?: Date;
}
const call = (
  order: Order,
  status: string,
  changes: Partial<ReceivedCallback> = {},
  { through = store, now = noon, cameInAt = now }: How = {},
) => {
  const deps = { ...standingClock(now), store: through, deploymentId: 'test', ipCode: '2019000001' };
  return storeCallback(deps, aReceived(order.method, status, { orderId: order.orderId, ...changes }), cameInAt);
};

test('a callback is one read and one write; an equal one is one read, and writes nothing', async () => {
  for (const [method, status] of [
    ['card', 'OK'],
    ['carrier', '03'],
    ['cvs', '04'],
    ['card', 'XX'],
  ] as const) {
    const order = await fresh(method);
    const { asked, through } = counted();
    const stored = await call(order, status, {}, { through });
    assert.deepEqual(stored, { order: told(order, status), isNew: true });
    const item = await itemOf(order.orderId);
    const again = await call(order, status, {}, { through, now: seconds(60) });
    assert.deepEqual(again, { order: stored.order, isNew: false });
    assert.deepEqual([await itemOf(order.orderId), asked], [item, ['find', 'replace', 'find']]);
  }
});

test('another number, status or amount makes another callback; a name, a code or a brand does not', async () => {
  const order = await fresh('cvs');
  const different: [status: string, changes: Partial<ReceivedCallback>, isNew: boolean][] = [
    ['04', {}, true],
    ['04', { code: '0008' }, false],
    ['04', { cvs: { store: 'ministop', paymentNumbers: [], payBy: '2026-12-01' } }, false],
    ['04', { orderNumber: 'N2' }, true],
    ['04', { orderNumber: null }, true],
    ['04', { amountYen: 7999 }, true],
    ['04', { amountYen: null }, true],
    ['04', { amountYen: 'invalid' }, true],
    ['05', {}, true],
  ];
  for (const [status, changes, isNew] of different) {
    assert.equal((await call(order, status, changes)).isNew, isNew, `${status} ${JSON.stringify(changes)}`);
  }
  assert.equal((await find(order)).callbacks.length, 7);
});

test('a callback of another IP code counts for nothing, and never stands for the right one', async () => {
  for (const first of ['12345', '2019000001']) {
    const order = await fresh();
    for (const ipCode of [first, first === '12345' ? '2019000001' : '12345', '12345', '2019000001']) {
      await call(order, 'OK', { ipCode });
    }
    const { callbacks, history, ...after } = await find(order);
    assert.deepEqual(callbacks.map(({ ipCode }) => ipCode).toSorted(), ['other', 'right']);
    assert.deepEqual(
      [statusOf({ ...after, callbacks, history }), reasonsOf({ ...after, callbacks, history }), history.length],
      ['paid', ['ip_code_mismatch'], 3],
    );
  }
  const alone = await fresh();
  await call(alone, 'OK', { ipCode: '12345' });
  assert.deepEqual([statusOf(await find(alone)), reasonsOf(await find(alone))], ['sending', ['ip_code_mismatch']]);
});

test('an IP code may come padded with zeros, or not at all', async () => {
  const deps = { ...standingClock(), store, deploymentId: 'test', ipCode: '19001' };
  for (const [ipCode, kept] of [
    ['0000019001', 'right'],
    ['19001', 'right'],
    [null, 'absent'],
    ['190010', 'other'],
    ['unreadable', 'other'],
  ] as const) {
    const { orderId } = await fresh();
    await storeCallback(deps, aReceived('card', 'OK', { orderId, ipCode }), noon);
    assert.equal((await store.find(orderId))?.callbacks[0]?.ipCode, kept, String(ipCode));
  }
});

const notes: [what: string, status: string, changes: Partial<ReceivedCallback>, note: string | null][] = [
  ['counted', '04', {}, null],
  ['without an amount', '04', { amountYen: null }, 'unchecked, not in the callback: amount'],
  ['without an IP code', '04', { ipCode: null }, 'unchecked, not in the callback: IP code'],
  ['without both', '04', { amountYen: null, ipCode: null }, 'unchecked, not in the callback: amount, IP code'],
  [
    'of another amount',
    '04',
    { amountYen: 1 },
    'not counted (amount_mismatch): status 04, amount 1 of order number N1',
  ],
  ['of another IP code', '04', { ipCode: '1' }, 'not counted (ip_code_mismatch): status 04 of order number N1'],
  ['of another number', '02', { orderNumber: 'N2' }, 'order number N2'],
];
for (const [what, status, changes, note] of notes) {
  test(`history of a callback ${what}: ${note ?? 'no note'}`, async () => {
    const order = await kept(answered(anOrder('cvs'), succeeded({ orderNumber: 'N1' })));
    await call(order, status, changes);
    const { from: _, to: __, ...entry } = (await find(order)).history.at(-1) ?? {};
    const expected = {
      at: noonText,
      source: 'callback',
      event: `cvs_${status}`,
      code: null,
      note,
      actor: null,
      count: 1,
    };
    assert.deepEqual(entry, expected);
  });
}

test('a status that no manual lists is kept in `code`, changes nothing and raises unlisted_status', async () => {
  const order = await kept(usual.cvs.awaiting_customer());
  for (const status of ['07', '99', 'toString']) await call(order, status);
  const after = await find(order);
  assert.deepEqual([statusOf(after), reasonsOf(after)], ['awaiting_customer', ['unlisted_status']]);
  assert.deepEqual(
    after.history.slice(2).map(({ event, code }) => [event, code]),
    [
      ['cvs_unlisted', '07'],
      ['cvs_unlisted', '99'],
      ['cvs_unlisted', 'toString'],
    ],
  );
});

test('a callback that waited in the queue keeps the time it came in; updatedAt never goes back', async () => {
  const order = await kept(answered(anOrder('card'), lost, seconds(50)));
  const late = await call(order, 'OK', {}, { now: seconds(40), cameInAt: seconds(10) });
  const { callbacks, updatedAt, history } = late.order;
  assert.deepEqual(callbacks, [aCallback('card', 'OK', { at: seconds(10).toISOString() })]);
  assert.deepEqual(
    [updatedAt, history.at(-1)?.at, summarize(late.order).paid],
    [seconds(50).toISOString(), seconds(40).toISOString(), { amountYen: 8000, at: seconds(10).toISOString() }],
  );
  const next = await call(order, 'XX', {}, { now: seconds(90) });
  assert.equal(next.order.updatedAt, seconds(90).toISOString());
});

test('payment numbers of a callback without a store have the labels of the order’s store', async () => {
  const order = await fresh('cvs', { cvs: { store: 'familymart' } });
  const paymentNumbers = ['12345', '67890'].map(value => ({ label: '', value }));
  await call(order, '01', { cvs: { store: null, paymentNumbers, payBy: null } });
  assert.deepEqual(summarize(await find(order)).cvs?.paymentNumbers, [
    { label: '注文番号', value: '12345' },
    { label: '企業コード', value: '67890' },
  ]);
});

test('of 20 equal callbacks at once one is stored', async () => {
  const order = await fresh();
  const all = await Promise.all(Array.from({ length: 20 }, () => call(order, 'OK')));
  assert.equal(all.filter(({ isNew }) => isNew).length, 1);
  assert.deepEqual(await find(order), told(order, 'OK'));
});

test('of ten different callbacks at once none is lost', async () => {
  const order = await fresh('carrier');
  const numbers = Array.from({ length: 10 }, (_, i) => `N${i}`);
  await Promise.all(numbers.map(orderNumber => call(order, '02', { orderNumber })));
  const after = await find(order);
  assert.deepEqual(after.callbacks.map(each => each.orderNumber).toSorted(), numbers);
  assert.deepEqual([after.version, after.numbers.length], [11, 10]);
});

test('a write between the read and its own is kept: both are stored', async () => {
  const order = await fresh();
  let isRaced = false;
  const racing: OrderStore = {
    ...store,
    async replace(next) {
      if (!isRaced) {
        isRaced = true;
        await call(order, 'NG');
      }
      return store.replace(next);
    },
  };
  const stored = await call(order, 'OK', {}, { through: racing });
  assert.deepEqual(stored, { order: told(order, 'NG', 'OK'), isNew: true });
});

test('what the store throws is thrown', async () => {
  const order = await fresh();
  const failing: OrderStore = { ...store, replace: () => Promise.reject(new Error('engine stopped')) };
  await assert.rejects(call(order, 'OK', {}, { through: failing }), { message: 'engine stopped' });
});
