/** Claim, send, store the word, on an order that exists: a real table, and an operation that says what the test wants. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '../../shared/domain/order.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { actOnOrder, actUnread, repeatPending } from '../../shared/orders/act-on-order.ts';
import { statusesOf } from '../../shared/orders/transitions.ts';
import { caller, done, keys, kindOf, operation, ordersIn, refused, seconds } from '../support/act-on-order.ts';
import { idOf, noon, noonText, openCancel, placed } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
const { add, open, find, deps, act } = ordersIn(store);

const lost: Outcome = { kind: 'unknown', message: 'lost' };
const notSent: Outcome = { kind: 'not_processed', reason: 'connection_failed', code: null, message: 'no connection' };
const down: Outcome = { ...notSent, reason: 'maintenance', code: '02000012' };

const words: [
  what: string,
  outcome: Outcome,
  first: [kind: string, status: Status],
  repeated: [kind: string, status: Status],
][] = [
  ['done', done, ['done', 'cancelled'], ['done', 'cancelled']],
  ['refused as done already', refused('already_done'), ['done', 'cancelled'], ['done', 'cancelled']],
  ['refused', refused(), ['refused', 'paid'], ['refused', 'paid']],
  ['still at it', refused('in_progress'), ['no_word', 'cancelling'], ['no_word', 'cancelling']],
  ['in a status that proves nothing', refused('proves_nothing'), ['refused', 'paid'], ['no_word', 'cancelling']],
  ['maintenance', down, ['not_taken', 'paid'], ['not_taken', 'paid']],
  ['no connection', notSent, ['not_taken', 'paid'], ['not_taken', 'cancelling']],
  ['a lost answer', lost, ['no_word', 'cancelling'], ['no_word', 'cancelling']],
];
for (const [what, outcome, ...expected] of words) {
  test(`${what}: on a first send, and on a repeat after a lost answer (contract 1.6)`, async () => {
    for (const [i, order] of [await add(), await open()].entries()) {
      const { cancel } = operation([outcome]);
      const acted = await act(order, cancel, seconds(10));
      const now = await find(order);
      assert.deepEqual([kindOf(acted), now.status], expected[i], i === 0 ? 'first' : 'repeat');
      const isOpen = now.status === 'cancelling';
      assert.equal(now.attention?.reason ?? null, isOpen ? 'outcome_unknown' : null);
      assert.deepEqual(
        [now.claim, now.pending?.lost ?? null, now.dueAt],
        [null, isOpen ? true : null, isOpen ? seconds(10).toISOString() : null],
      );
      assert.equal(now.keys.key?.done, now.status === 'cancelled');
      assert.deepEqual(
        [now.history.at(-1)?.source, now.history.at(-1)?.code],
        ['gateway', outcome.kind === 'refused' ? 'X1' : outcome === down ? '02000012' : null],
      );
      if ('order' in acted) assert.deepEqual(acted.order, now);
    }
  });
}

test('the claim is stored before anything is sent, with what a refusal restores, due when it goes stale', async () => {
  const order = await add();
  const { sent, cancel } = operation([done], async each => {
    const { status, claim, pending, dueAt, keys: used } = await find(each);
    assert.deepEqual([status, claim?.at, dueAt], ['cancelling', noonText, seconds(120).toISOString()]);
    assert.deepEqual(pending, { ...openCancel, lost: false });
    assert.deepEqual(used, keys);
  });
  for (const run of [actOnOrder, actUnread]) {
    assert.equal(
      (await run(deps(), run === actUnread ? (await add()).orderId : order.orderId, caller, cancel)).kind,
      'done',
    );
  }
  assert.equal(sent.length, 2);
});

test('unread or read first, the order ends the same', async () => {
  const [one, two] = [await add(), await add()];
  await actUnread(deps(), one.orderId, caller, operation([done]).cancel);
  await actOnOrder(deps(), two.orderId, caller, operation([done]).cancel);
  const [first, second] = [await find(one), await find(two)];
  const withoutFrom = first.history.map(({ from: _, ...entry }) => entry);
  assert.deepEqual(
    { ...first, history: withoutFrom, orderId: '' },
    { ...second, history: second.history.map(({ from: _, ...entry }) => entry), orderId: '' },
  );
});

for (const status of statusesOf.card) {
  test(`an order that is ${status} answers as its status allows, and is sent only when paid`, async () => {
    const claim = { id: 'c', at: noonText };
    const order = await add(status, {
      orderNumber: 'N1',
      ...(status === 'cancelling' && { pending: openCancel, claim }),
    });
    for (const run of [actOnOrder, actUnread]) {
      const { sent, cancel } = operation([refused()]);
      const acted = await run(deps(), order.orderId, { key: `${run.name}`, request: 'request' }, cancel);
      const expected =
        { paid: 'refused', cancelled: 'done', cancelling: 'in_progress' }[status as string] ?? 'wrong_state';
      assert.deepEqual([kindOf(acted), sent.length], [expected, status === 'paid' ? 1 : 0]);
      if (status !== 'paid') assert.deepEqual(await find(order), order);
    }
  });
}

test('without an order number nothing is sent', async () => {
  const order = await add('paid', { orderNumber: null });
  const { sent, cancel } = operation([]);
  assert.deepEqual(
    [kindOf(await act(order, cancel)), kindOf(await actUnread(deps(), order.orderId, caller, cancel)), sent.length],
    ['wrong_state', 'wrong_state', 0],
  );
});

test('an order of nobody, and one of another method, are not found', async () => {
  const carrier = placed('carrier', 'paid', { orderId: idOf('carrier') });
  await store.create(carrier);
  for (const order of [placed('card', 'paid', { orderId: idOf('nobody') }), carrier]) {
    assert.deepEqual(await act(order, operation([]).cancel), { kind: 'not_found' });
    assert.deepEqual(await actUnread(deps(), order.orderId, caller, operation([]).cancel), { kind: 'not_found' });
  }
});

test('a key of another request comes before everything that the order would answer', async () => {
  for (const order of [
    await add('paid', { keys }),
    await add('declined', { keys }),
    await open({ claim: { id: 'c', at: noonText } }),
  ]) {
    assert.deepEqual(await act(order, operation([]).cancel, noon, { key: 'key', request: 'other' }), {
      kind: 'key_reused',
    });
    assert.deepEqual(await actUnread(deps(), order.orderId, { key: 'key', request: 'other' }, operation([]).cancel), {
      kind: 'key_reused',
    });
  }
});

test('a key whose call was done is replayed and never sent again, wherever the order has gone since', async () => {
  for (const status of ['paid', 'cancelled', 'declined'] as const) {
    const order = await add(status, { orderNumber: 'N1', keys: { key: { ...keys.key, done: true } } });
    for (const run of [actOnOrder, actUnread]) {
      const { sent, cancel } = operation([]);
      const acted = await run(deps(), order.orderId, caller, cancel);
      assert.deepEqual([kindOf(acted), sent.length], ['done replayed', 0], status);
    }
    assert.deepEqual(await find(order), order);
  }
});

test('a claim runs for 120 s: in progress until then, repeated from then on', async () => {
  const order = await open({ claim: { id: 'c', at: noonText } });
  const { sent, cancel } = operation([lost]);
  assert.deepEqual(
    [kindOf(await act(order, cancel, new Date(noon.getTime() + 119_999))), sent.length],
    ['in_progress', 0],
  );
  assert.equal(await repeatPending(deps(new Date(noon.getTime() + 119_999)), order, cancel), null);
  assert.deepEqual([kindOf(await act(order, cancel, seconds(120))), sent.length], ['no_word', 1]);
});

test('another operation that is open bars this one', async () => {
  const order = await open({ pending: { ...openCancel, operation: 'return' } });
  const { sent, cancel } = operation([]);
  assert.deepEqual(
    [kindOf(await act(order, cancel, seconds(10), { key: 'new', request: 'request' })), sent.length],
    ['wrong_state', 0],
  );
});

test('an eleventh key is still taken, though no longer unread, and pushes out the oldest', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => [`k${i}`, { request: 'r', at: seconds(i - 100).toISOString(), done: false }]),
  );
  const order = await add('paid', { keys: many });
  const { sent, cancel } = operation([done]);
  assert.equal((await actUnread(deps(), order.orderId, caller, cancel)).kind, 'done');
  const now = await find(order);
  assert.deepEqual(
    [sent.length, Object.keys(now.keys).length, 'k0' in now.keys, now.keys.key?.done],
    [1, 10, false, true],
  );
});

test('a full history is kept within bounds by a cancel', async () => {
  const history = Array.from({ length: 100 }, (_, i) => ({
    at: noonText,
    source: 'callback' as const,
    event: `e${i}`,
    from: 'paid' as const,
    to: 'paid' as const,
    code: null,
    note: null,
    count: 1,
  }));
  const order = await add('paid', { history });
  assert.equal((await actUnread(deps(), order.orderId, caller, operation([done]).cancel)).kind, 'done');
  const now = await find(order);
  assert.deepEqual(
    [now.history.length, now.history.slice(-2).map(entry => entry.to)],
    [100, ['cancelling', 'cancelled']],
  );
});
