/** Due work at scale: many settlements at once, runs that overlap, a run that dies, and a day that ends on the way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromItem, isOrderItem, toItem } from '../../shared/aws/items.ts';
import { book } from '../../shared/domain/changes.ts';
import type { Order } from '../../shared/domain/order.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import type { Status } from '../../shared/domain/words.ts';
import { type DueSummary, dueWork } from '../../shared/orders/due-work.ts';
import type { Clock, OrderStore } from '../../shared/orders/ports.ts';
import type { Send } from '../../shared/zeus/wire/transport.ts';
import { jst } from '../support/carrier.ts';
import { callerOf, carrierIssued, failed, lost, noCards, standingOf, succeeded } from '../support/carrier-case.ts';
import { aCallback, anOrder, idOf, settings, settlementOn, standingClock, withCallbacks } from '../support/orders.ts';
import { putItems, startTable } from '../support/table.ts';

const day = '2026-12-05';
const concurrency = 10;
const soon = () => new Promise<void>(resolve => setImmediate(resolve));
const aWhile = () => new Promise<void>(resolve => setTimeout(resolve, 30));
const never = () => new Promise<never>(() => {});

/** A gateway that settles an order once, counts what it is sent, and refuses a second time as the manual says. */
function countingGateway() {
  const counts = { sends: 0, open: 0, most: 0 };
  const settled = new Map<string, number>();
  const gateway = {
    counts,
    settled,
    onSend: async (_orderNumber: string) => {},
    send: (async (_path, _type, body) => {
      counts.sends += 1;
      counts.open += 1;
      counts.most = Math.max(counts.most, counts.open);
      const orderNumber = new URLSearchParams(Buffer.from(body).toString()).get('order_no') ?? '';
      await soon();
      const before = settled.get(orderNumber) ?? 0;
      settled.set(orderNumber, before + 1);
      await gateway.onSend(orderNumber);
      counts.open -= 1;
      return before === 0 ? succeeded(day.replaceAll('-', '')) : failed('010100023');
    }) as Send,
  };
  return gateway;
}

/** An order that is booked in our schedule for the day, under a number of its own. */
function bookedOrder(index: number): Order {
  const made = anOrder('carrier', { orderId: idOf(`${'abcd'[index % 4]}-${index}-`) });
  const authorized = withCallbacks(made, [aCallback('carrier', '03', { orderNumber: `N${index}` })]);
  return book(authorized, `N${index}`, settlementOn(day), callerOf('booked'), new Date(made.createdAt));
}

type Through = Partial<Clock & { store: OrderStore; send: Send }>;

/** `count` bookings that are due, and what runs them. */
async function prepare(count: number, time = `${day} 00:10:00`) {
  const { store, client, items } = await startTable();
  const clock = standingClock(jst(time));
  const gateway = countingGateway();
  const orders = Array.from({ length: count }, (_, index) => bookedOrder(index));
  await putItems(
    client,
    orders.map(order => toItem(order)),
  );
  const errors: unknown[] = [];
  const run = (through: Through = {}): Promise<DueSummary> => {
    const issued = { card: () => assert.fail('no card is due'), carrier: () => carrierIssued };
    const told = { onChange: () => {}, onError: (error: unknown) => errors.push(error) };
    const deps = { ...clock, ...settings, store, send: gateway.send, cards: noCards, ...issued, ...told, ...through };
    return dueWork(deps, new Date(deps.now().getTime() + 175_000));
  };
  const all = async (): Promise<Order[]> => (await items()).filter(isOrderItem).map(fromItem);
  return { store, clock, gateway, run, all, errors };
}

const statusOf = (order: Order) => summarize(order).status;
const numberOf = (order: Order) => summarize(order).orderNumber;
const standingsOf = (orders: Order[]) => [...new Set(orders.map(order => standingOf(order).join()))].toSorted();
const effects = (settled: Map<string, number>) => [...new Set(settled.values())];

test('a thousand due settlements, two runs that overlap and one that dies halfway: each takes effect once', async () => {
  const { store, clock, gateway, run, all, errors } = await prepare(1000);
  // The dying run's last sends arrive; then neither its sends nor its writes ever come back.
  let sends = 0;
  const isDead = () => sends >= 300;
  const dying: OrderStore = {
    ...store,
    find: id => (isDead() ? never() : store.find(id)),
    replace: next => (isDead() ? never() : store.replace(next)),
  };
  const send: Send = async (...request) => {
    sends += 1;
    const reply = await gateway.send(...request);
    return isDead() ? never() : reply;
  };
  void run({ store: dying, send });
  await Promise.all([run(), run()]);

  const standing = async (status: Status) =>
    (await store.list({ index: 'byStatus', statuses: [status], newestFirst: true, days: null }, 50, null)).orders;
  const held = await standing('settling');
  assert.ok(sends >= 300 && held.length > 0 && held.length <= concurrency, `${sends} sends, ${held.length} held`);
  assert.deepEqual(await standing('settle_scheduled'), []);
  await run();
  assert.deepEqual(await standing('settling'), held, 'a claim is left to its run for 120 s');
  clock.set(new Date(clock.now().getTime() + 121_000));
  await Promise.all([run(), run()]);

  const orders = await all();
  assert.deepEqual(standingsOf(orders), ['paid']);
  const left = orders.map(summarize).filter(({ open, dueAt }) => open || dueAt);
  assert.deepEqual([left, errors], [[], []]);
  assert.equal(gateway.settled.size, 1000);
  const sentTwice = [...gateway.settled].filter(([, times]) => times > 1).map(([orderNumber]) => orderNumber);
  assert.ok(
    sentTwice.every(orderNumber => held.some(order => numberOf(order) === orderNumber)),
    'only what the dead run held is sent again',
  );
  assert.equal(Math.max(...effects(gateway.settled)), sentTwice.length > 0 ? 2 : 1);
});

test('each is claimed right before its send, ten at a time', async () => {
  const { store, gateway, run, all } = await prepare(200);
  let claims = 0;
  const counting: OrderStore = {
    ...store,
    replace(next) {
      if (statusOf(next) === 'settling') claims += 1;
      return store.replace(next);
    },
  };
  gateway.onSend = async orderNumber => {
    assert.ok(claims - gateway.counts.sends <= concurrency && gateway.counts.open <= concurrency);
    const index = Number(orderNumber.slice(1));
    const order = await store.find(idOf(`${'abcd'[index % 4]}-${index}-`));
    assert.equal(order && statusOf(order), 'settling');
    await aWhile();
  };
  const summary = await run({ store: counting });
  assert.deepEqual(summary, { done: 200, failed: 0, left: 0 });
  assert.deepEqual([gateway.counts.most, gateway.counts.sends, effects(gateway.settled)], [concurrency, 200, [1]]);
  assert.deepEqual(standingsOf(await all()), ['paid']);
});

test('a run that comes into the last five minutes of the day stops there', async () => {
  const { clock, gateway, run, all } = await prepare(100, `${day} 23:54:30`);
  const begun: Date[] = [];
  const send: Send = (...request) => {
    begun.push(clock.now());
    if (begun.length === 30) clock.set(jst(`${day} 23:55:00`));
    return gateway.send(...request);
  };
  await run({ send });
  const tooLate = jst(`${day} 23:55:00`).getTime();
  assert.equal(begun.filter(time => time.getTime() >= tooLate).length, 0, `${begun.length} sends`);
  assert.ok(begun.length >= 30);
  const orders = await all();
  assert.deepEqual(standingsOf(orders), ['paid', 'settle_scheduled']);
  const left = orders.map(summarize).filter(({ status }) => status === 'settle_scheduled');
  assert.ok(left.every(({ open, carrier }) => !open && carrier?.settlement?.on === day));
});

test('a claim that ends in the last five minutes is given back, and nothing is sent', async () => {
  const { store, clock, gateway, run, all } = await prepare(1, `${day} 23:54:59`);
  const slow: OrderStore = {
    ...store,
    async replace(next) {
      const written = await store.replace(next);
      clock.set(jst(`${day} 23:55:00`));
      return written;
    },
  };
  await run({ store: slow });
  const [order] = (await all()).map(summarize);
  assert.deepEqual(
    [order?.status, order?.open, order?.attention, order?.carrier?.settlement],
    ['settle_scheduled', null, [], { on: day, amountYen: 8000, by: 'schedule' }],
  );
  assert.equal(gateway.counts.sends, 0);
});

test('nothing is begun after the last start, and the next run takes it', async () => {
  const { clock, gateway, run, all } = await prepare(100);
  const send: Send = (...request) => {
    clock.set(new Date(clock.now().getTime() + 5_000));
    return gateway.send(...request);
  };
  const { done, left } = await run({ send });
  assert.ok(done >= 35 && done <= 35 + concurrency, `${done} done`);
  assert.deepEqual([done + left, gateway.counts.sends], [100, done]);
  assert.deepEqual(await run(), { done: left, failed: 0, left: 0 });
  assert.deepEqual([standingsOf(await all()), effects(gateway.settled)], [['paid'], [1]]);
});

test('one that fails does not keep the others from being settled', async () => {
  const { store, gateway, run, all, errors } = await prepare(50);
  const broken: OrderStore = {
    ...store,
    find: id => (id.startsWith('a-0-') ? Promise.reject(new Error('no table')) : store.find(id)),
  };
  assert.deepEqual(await run({ store: broken }), { done: 49, failed: 1, left: 0 });
  assert.deepEqual(
    [errors.length, gateway.counts.sends, standingsOf(await all())],
    [1, 49, ['paid', 'settle_scheduled']],
  );
});

test('a list that breaks off makes the run fail, but only after what was begun has ended', async () => {
  const { store, gateway, run, all } = await prepare(50);
  const broken: OrderStore = {
    ...store,
    async *due(by) {
      let left = 5;
      for await (const key of store.due(by)) {
        if (left === 0) throw new Error('no index');
        left -= 1;
        yield key;
      }
    },
  };
  gateway.onSend = aWhile;
  await assert.rejects(run({ store: broken }));
  assert.deepEqual([gateway.counts.sends, gateway.counts.open], [5, 0]);
  assert.equal((await all()).filter(order => statusOf(order) === 'paid').length, 5);
});

test('many lost answers: repeated with growing pauses until the outcome is known, each takes effect once', async () => {
  const { clock, gateway, run, all } = await prepare(60);
  let sends = 0;
  const deaf: Send = async (...request) => {
    sends += 1;
    const reply = await gateway.send(...request);
    return sends % 2 === 0 ? lost : reply;
  };
  for (let left = 10; left > 0 && standingsOf(await all()).join() !== 'paid'; left -= 1) {
    await run({ send: deaf });
    clock.set(new Date(clock.now().getTime() + 6 * 3_600_000));
  }
  assert.deepEqual(standingsOf(await all()), ['paid']);
  assert.equal(gateway.settled.size, 60);
});
