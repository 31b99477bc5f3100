/** What comes between claim, send and word: other calls, callbacks, dying runs, writes unheard. On a real table. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from '../../shared/domain/order.ts';
import { actOnOrder, actUnread, repeatPending } from '../../shared/orders/act-on-order.ts';
import { applyCallback } from '../../shared/orders/apply-callback.ts';
import { change } from '../../shared/orders/change.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import { caller, done, kindOf, operation, ordersIn, refused, seconds } from '../support/act-on-order.ts';
import { aNotice, noon, standingClock } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
const { add, open, find, deps, act } = ordersIn(store);

test('of ten at once one is sent, whether they read first or not', async () => {
  for (const run of [actOnOrder, actUnread]) {
    const order = await add();
    const { sent, cancel } = operation([done]);
    const all = await Promise.all(Array.from({ length: 10 }, () => run(deps(), order.orderId, caller, cancel)));
    assert.equal(sent.length, 1);
    assert.deepEqual(
      all.filter(each => !['done', 'in_progress'].includes(each.kind)),
      [],
    );
  }
});

test('of a client and two runs of due work at once one repeats', async () => {
  const order = await open();
  const { sent, cancel } = operation([done]);
  const [client, ...runs] = await Promise.all([
    act(order, cancel, seconds(10)),
    repeatPending(deps(seconds(10)), order, cancel),
    repeatPending(deps(seconds(10)), order, cancel),
  ]);
  assert.ok(['done', 'in_progress'].includes(client?.kind ?? ''));
  assert.deepEqual([sent.length, runs.filter(each => each?.kind === 'done').length <= 1], [1, true]);
  assert.equal((await find(order)).status, 'cancelled');
});

test('due work repeats with the key of the call that began it, so that the call is then replayed', async () => {
  const order = await open();
  const { cancel } = operation([done]);
  assert.equal((await repeatPending(deps(seconds(10)), order, cancel))?.kind, 'done');
  assert.equal(kindOf(await act(order, cancel, seconds(11))), 'done replayed');
  assert.equal((await repeatPending(deps(seconds(12)), await find(order), cancel)) ?? null, null);
});

test('a callback during the send is merged with: OK is late, NG contradicts, and the cancel ends all the same', async () => {
  for (const [status, attention] of [
    ['OK', null],
    ['NG', 'contradiction'],
  ] as const) {
    const order = await add();
    const { cancel } = operation([done], ({ orderId }) =>
      applyCallback({ ...deps(), deploymentId: 'test', ipCode: '2019000001' }, aNotice('card', status, { orderId })),
    );
    assert.equal((await act(order, cancel)).kind, 'done');
    const now = await find(order);
    assert.deepEqual(
      [now.status, now.attention?.reason ?? null, now.claim, now.pending],
      ['cancelled', attention, null, null],
    );
    assert.deepEqual(
      now.history.slice(-3).map(entry => entry.source),
      ['api', 'callback', 'gateway'],
    );
  }
});

test('an older attempt whose answer comes late leaves a newer claim alone', async () => {
  const order = await add();
  let newer: Order | null = null;
  const { cancel } = operation([refused()], async each => {
    newer = change(await find(each), {
      at: seconds(130),
      source: 'schedule',
      event: 'cancel',
      fill: { claim: { id: 'newer', at: seconds(130).toISOString() } },
    });
    assert.ok((await store.replace(newer)).stored);
  });
  assert.equal((await act(order, cancel)).kind, 'no_word');
  assert.deepEqual(await find(order), newer);
});

test('a word that cannot be stored is tried for 20 s, then thrown; the order stays claimed', async () => {
  const order = await add();
  const clock = standingClock();
  let fails = false;
  const failing: OrderStore = {
    ...store,
    replace: next => (fails ? Promise.reject(new Error('engine stopped')) : store.replace(next)),
  };
  const { sent, cancel } = operation([done], async () => {
    fails = true;
  });
  await assert.rejects(actOnOrder({ ...clock, store: failing }, order.orderId, caller, cancel), {
    message: 'engine stopped',
  });
  assert.ok(clock.now().getTime() - noon.getTime() >= 15_000);
  assert.deepEqual([sent.length, (await find(order)).status], [1, 'cancelling']);
  assert.equal((await act(order, operation([refused('already_done')]).cancel, seconds(120))).kind, 'done');
});

test('a write that went through unheard is known again: the claim is ours, the word is not stored twice', async () => {
  const order = await add();
  let unheard = 1;
  const deaf: OrderStore = {
    ...store,
    async claim(claim) {
      const { stored } = await store.claim(claim);
      return { stored: null, existing: stored };
    },
    async replace(next) {
      const written = await store.replace(next);
      if (unheard-- > 0) throw new Error('answer lost');
      return written;
    },
  };
  const { sent, cancel } = operation([refused()]);
  const acted = await actUnread(deps(noon, deaf), order.orderId, caller, cancel);
  const now = await find(order);
  assert.deepEqual(
    [acted.kind, sent.length, now.status, now.version, now.history.length],
    ['refused', 1, 'paid', 3, 3],
  );
});

test('a store that cannot be written to sends nothing', async () => {
  const failing: OrderStore = { ...store, claim: () => Promise.reject(new Error('engine stopped')) };
  const { sent, cancel } = operation([]);
  await assert.rejects(actUnread(deps(noon, failing), (await add()).orderId, caller, cancel), {
    message: 'engine stopped',
  });
  assert.equal(sent.length, 0);
});
