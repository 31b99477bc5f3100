/** What comes between claim, send and word: other calls, callbacks, dying runs, writes unheard. On a real table. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Acted, actOnOrder, actUnread, type Operation, repeatPending } from '../../shared/orders/act-on-order.ts';
import { applyCallback } from '../../shared/orders/apply-callback.ts';
import { change } from '../../shared/orders/change.ts';
import type { Order, Pending, Status } from '../../shared/orders/order.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import type { Outcome, Truth } from '../../shared/zeus/outcome.ts';
import { aNotice, failureWith, idOf, noon, noonText, placed, standingClock } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
const caller = { key: 'key', request: 'request' };
const seconds = (count: number) => new Date(noon.getTime() + 1000 * count);

const done: Outcome = { kind: 'done' };
const refused = (truth: Truth | null = null): Outcome => ({
  kind: 'refused',
  failure: { ...failureWith('refused'), code: 'X1' },
  orderNumber: null,
  truth,
});

let count = 0;
async function add(status: Status = 'paid', changes: Partial<Order> = {}): Promise<Order> {
  const { stored } = await store.create(placed('card', status, { orderId: idOf(`act-${++count}-`), ...changes }));
  assert.ok(stored);
  return stored;
}
const find = async ({ orderId }: { orderId: string }): Promise<Order> =>
  (await store.find(orderId)) ?? assert.fail('gone');

/** A cancel whose gateway gives `answers` in turn; `during` runs while the request is out. */
function operation(answers: Outcome[], during: (order: Order) => Promise<unknown> = async () => {}) {
  const sent: Order[] = [];
  const cancel: Operation & { before: 'paid' } = {
    name: 'cancel',
    method: 'card',
    before: 'paid',
    during: 'cancelling',
    async send(order) {
      sent.push(order);
      await during(order);
      return answers.shift() ?? done;
    },
  };
  return { sent, cancel };
}
const deps = (now = noon, through: OrderStore = store) => ({ ...standingClock(now), store: through });
const act = (order: Order, cancel: Operation, now = noon, who = caller, through: OrderStore = store) =>
  actOnOrder(deps(now, through), order.orderId, who, cancel);
const openPending: Pending = {
  operation: 'cancel',
  key: 'key',
  before: { status: 'paid', settlement: null, retryAt: null },
  lost: true,
};
const keys = { key: { request: 'request', at: noonText, done: false } };
const open = (changes: Partial<Order> = {}) =>
  add('cancelling', {
    pending: openPending,
    keys,
    attention: { reason: 'outcome_unknown', since: noonText },
    dueAt: noonText,
    ...changes,
  });

const kindOf = (acted: Acted) =>
  'replayed' in acted ? `${acted.kind}${acted.replayed ? ' replayed' : ''}` : acted.kind;

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
