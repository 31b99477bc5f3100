/** Outcomes that cannot be stored at once, and writes whose own response was lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enrolled } from '../../shared/domain/authentication.ts';
import { addCallback } from '../../shared/domain/changes.ts';
import { attemptOf } from '../../shared/domain/facts.ts';
import type { Draft } from '../../shared/domain/new-order.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import { completeCharge } from '../../shared/orders/card-completion.ts';
import { submit } from '../../shared/orders/engine.ts';
import { operate, operateBySchedule } from '../../shared/orders/operate.ts';
import type { OrderStore, Written } from '../../shared/orders/ports.ts';
import { answering, done, newId, orderOf, ordersIn, refusedAs } from '../support/engine.ts';
import {
  aCallback,
  anOrder,
  caller,
  draftOf,
  noon,
  refused,
  seconds,
  standingClock,
  statusOf,
  usual,
} from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
const { find, keep, write, deps } = ordersIn(store);
const draft = (): Draft => draftOf('card', { orderId: newId() });
const stopped = () => Promise.reject(new Error('engine stopped'));

test('the outcome of a charge that cannot be stored is tried for 20 s, then thrown; it is never sent again', async () => {
  const clock = standingClock();
  const wanted = draft();
  const { sent, send } = answering([done]);
  const broken: OrderStore = { ...store, replace: stopped };
  await assert.rejects(submit({ ...clock, store: broken }, wanted, send), { message: 'engine stopped' });
  assert.ok(clock.now().getTime() - noon.getTime() >= 15_000);
  assert.deepEqual(await submit(deps(), wanted, send), { kind: 'in_progress' });
  const order = await find(wanted);
  assert.deepEqual(await submit(deps(seconds(120)), wanted, send), { kind: 'answered', order, replayed: true });
  assert.equal(sent.length, 1);
});

test('the outcome of a cancel that cannot be stored is thrown too; the order stays claimed and is repeated', async () => {
  const order = await keep(usual.card.paid());
  let isBroken = false;
  const breaking: OrderStore = { ...store, replace: next => (isBroken ? stopped() : store.replace(next)) };
  const { sent, cancel } = answering([done], async () => {
    isBroken = true;
  });
  await assert.rejects(operate(deps(noon, breaking), order.orderId, caller, cancel), { message: 'engine stopped' });
  const claimed = await find(order);
  assert.deepEqual(
    [statusOf(claimed), summarize(claimed).dueAt, sent.length],
    ['cancelling', seconds(120).toISOString(), 1],
  );
  const again = answering([refusedAs('already_done')]).cancel;
  assert.equal((await operateBySchedule(deps(seconds(120)), claimed, again))?.kind, 'done');
  assert.equal(statusOf(await find(order)), 'cancelled');
});

test('an outcome that can be stored after a while is', async () => {
  let failures = 3;
  const flaky: OrderStore = { ...store, replace: next => (failures-- > 0 ? stopped() : store.replace(next)) };
  assert.equal(statusOf(orderOf(await submit(deps(noon, flaky), draft(), answering([done]).send))), 'paid');
});

/** The write succeeds, and its response is lost once. */
function withoutResponse(writes: number): OrderStore {
  let count = 0;
  return {
    ...store,
    async replace(next) {
      const written = await store.replace(next);
      count += 1;
      if (count === writes) throw new Error('response lost');
      return written;
    },
  };
}

test('an outcome whose write succeeded without a response is not stored twice', async () => {
  const charged = orderOf(await submit(deps(noon, withoutResponse(1)), draft(), answering([done]).send));
  assert.deepEqual([statusOf(charged), charged.history.length, charged.version], ['paid', 2, 2]);

  const order = await keep(usual.card.paid());
  const { sent, cancel } = answering([refused]);
  const operated = await operate(deps(noon, withoutResponse(2)), order.orderId, caller, cancel);
  const now = await find(order);
  assert.deepEqual(
    [operated.kind, sent.length, statusOf(now), now.version, now.history.length],
    ['refused', 1, 'paid', 4, 4],
  );
});

/** The write succeeds; before the client repeats it, a callback changes the order, so that the repetition fails. */
async function overtaken(claim: () => Promise<Written>): Promise<Written> {
  const { stored } = await claim();
  assert.ok(stored);
  const next = addCallback(stored, aCallback('card', 'XX'), noon);
  assert.ok(next);
  return { stored: null, existing: await write(next) };
}

test('a claim that its own repetition found in its way is ours: it sends once', async () => {
  const wanted = draft();
  const charge = answering([done]);
  const creating: OrderStore = { ...store, create: order => overtaken(() => store.create(order)) };
  const charged = orderOf(await submit(deps(noon, creating), wanted, charge.send));
  assert.deepEqual([charged, statusOf(charged), charge.sent.length], [await find(wanted), 'paid', 1]);

  const order = await keep(usual.card.paid());
  const { sent, cancel } = answering([done]);
  let isFirst = true;
  const replacing: OrderStore = {
    ...store,
    replace(next) {
      if (!isFirst) return store.replace(next);
      isFirst = false;
      return overtaken(() => store.replace(next));
    },
  };
  const operated = await operate(deps(noon, replacing), order.orderId, caller, cancel);
  assert.deepEqual([operated.kind, statusOf(await find(order)), sent.length], ['done', 'cancelled', 1]);
});

test('a store that cannot be written to sends nothing', async () => {
  const order = await keep(usual.card.paid());
  const { sent, cancel } = answering([]);
  const broken: OrderStore = { ...store, replace: stopped };
  await assert.rejects(operate(deps(noon, broken), order.orderId, caller, cancel), { message: 'engine stopped' });
  assert.deepEqual([await find(order), sent], [order, []]);
});

test('a completion whose claim is overtaken so is no replay, and pays nothing that a callback says is paid', async () => {
  const made = anOrder('card', { operation: 'authenticated_charge' });
  const session = { xid: 'session', iframeUrl: 'https://device.example' };
  const kept = enrolled(made, attemptOf(made)?.claim?.id ?? '', session, noon);
  assert.ok(kept);
  const order = await keep(kept);
  const overtakenByOk: OrderStore = {
    ...store,
    async replace(next) {
      const { stored } = await store.replace(next);
      const paid = stored && addCallback(stored, aCallback('card', 'OK'), noon);
      assert.ok(paid);
      return { stored: null, existing: await write(paid) };
    },
  };
  const send = () => assert.fail('nothing is to be sent');
  const completing = { ...deps(noon, overtakenByOk), send, threeDSecureOutside: 'refuse' } as const;
  const words = { md: 'session', paRes: 'Y', status: 'success' } as const;
  const completed = await completeCharge(completing, order.orderId, caller, words);
  assert.deepEqual(completed, { kind: 'answered', order: await find(order), replayed: false });
  assert.equal(statusOf(await find(order)), 'paid');
});
