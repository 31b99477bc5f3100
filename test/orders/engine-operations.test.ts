/** Claim, send, record, for operations on an order that exists (contract 1.1 and 1.6). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from '../../shared/domain/changes.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { Caller } from '../../shared/domain/revise.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import { type Operation, operate, operateBySchedule } from '../../shared/orders/operate.ts';
import { answering, done, kindOf, newId, orderOf, ordersIn, refusedAs } from '../support/engine.ts';
import {
  anOrder,
  answered,
  begun,
  caller,
  lost,
  maintenance,
  noon,
  noonText,
  notSent,
  otherKey,
  reasonsOf,
  refused,
  seconds,
  statusOf,
  succeeded,
  usual,
} from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
const { find, keep, write, deps } = ordersIn(store);
const act = (order: Order, operation: Operation, at = noon, by: Caller = caller) =>
  operate(deps(at), order.orderId, by, operation);

const outcomes = [
  ['done', done, ['done', 'cancelled'], ['done', 'cancelled']],
  ['done before', refusedAs('already_done'), ['done', 'cancelled'], ['done', 'cancelled']],
  ['refused', refused, ['refused', 'paid'], ['open', 'cancelling']],
  ['in progress at the gateway', refusedAs('in_progress'), ['open', 'cancelling'], ['open', 'cancelling']],
  ['a status that proves nothing', refusedAs('proves_nothing'), ['refused', 'paid'], ['open', 'cancelling']],
  ['maintenance', maintenance, ['not_processed', 'paid'], ['open', 'cancelling']],
  ['no connection', notSent, ['not_processed', 'paid'], ['open', 'cancelling']],
  ['a lost answer', lost, ['open', 'cancelling'], ['open', 'cancelling']],
] as const;
for (const [what, outcome, first, repeated] of outcomes) {
  for (const [which, make, attempts, expected] of [
    ['first send', usual.card.paid, 1, first],
    ['repeat after a lost answer', usual.card.cancelling, 2, repeated],
  ] as const) {
    test(`${which}: ${what} is answered ${expected[0]} and ends ${expected[1]}`, async () => {
      const order = await keep(make());
      const operated = await act(order, answering([outcome]).cancel, seconds(10), otherKey('another'));
      const now = await find(order);
      assert.deepEqual([operated.kind, statusOf(now), orderOf(operated)], [...expected, now]);
      const { open, dueAt } = summarize(now);
      const isOpen = expected[0] === 'open';
      assert.deepEqual(reasonsOf(now), isOpen ? ['outcome_unknown'] : []);
      assert.deepEqual(open && [open.claim, open.lost, open.attempts], isOpen ? [null, true, attempts] : null);
      assert.equal(dueAt, isOpen ? seconds(10 + 300 * attempts).toISOString() : null);
    });
  }
}

test('the claim is stored before anything is sent, with its key, due when it goes stale', async () => {
  const order = await keep(usual.card.paid());
  const { cancel } = answering([done], async () => {
    const now = await find(order);
    const { status, open, dueAt } = summarize(now);
    assert.deepEqual([status, open?.claim?.at, dueAt], ['cancelling', noonText, seconds(120).toISOString()]);
    assert.deepEqual(now.keys, { key: { request: 'request', at: noonText, step: open?.number } });
    assert.deepEqual(reasonsOf(now), []);
  });
  assert.equal((await act(order, cancel)).kind, 'done');
});

for (const status of Object.keys(usual.card) as (keyof typeof usual.card)[]) {
  test(`an order that is ${status} answers as its status allows, and is sent only when paid or open`, async () => {
    const order = await keep(usual.card[status]());
    const { sent, cancel } = answering([refused]);
    const operated = await act(order, cancel, noon, otherKey('new'));
    const expected = { paid: ['refused', 1], cancelled: ['done', 0], cancelling: ['open', 1] }[status as string];
    assert.deepEqual([kindOf(operated), sent.length], expected ?? ['wrong_status', 0]);
    if (sent.length === 0) assert.deepEqual(await find(order), order);
  });
}

test('without an order number nothing is sent', async () => {
  const order = await keep(answered(anOrder('card'), succeeded({ orderNumber: null })));
  const { sent, cancel } = answering([]);
  assert.deepEqual([(await act(order, cancel)).kind, sent, await find(order)], ['wrong_status', [], order]);
});

test('an unknown order and one of another method are not found', async () => {
  const carrier = await keep(usual.carrier.paid());
  for (const order of [{ ...carrier, orderId: newId() }, carrier])
    assert.deepEqual(await act(order, answering([]).cancel), { kind: 'not_found' });
});

test('a key of another request comes before everything that the order would answer', async () => {
  const other = { ...caller, request: 'other' };
  for (const make of [usual.card.cancelled, usual.card.cancelling, () => begun(usual.card.paid(), 'cancel')]) {
    const order = await keep(make());
    assert.deepEqual(await act(order, answering([]).cancel, noon, other), { kind: 'key_reused' });
    assert.deepEqual(await find(order), order);
  }
});

test('a key whose cancel is done is replayed, wherever the order has gone since', async () => {
  const cancelled = await keep(usual.card.cancelled());
  const decision = { outcome: 'paid', orderNumber: 'N1', amountYen: null } as const;
  const decided = await keep(decide(usual.card.cancelled(), decision, otherKey('operator'), 'x', noon));
  assert.deepEqual([statusOf(cancelled), statusOf(decided)], ['cancelled', 'paid']);
  for (const order of [cancelled, decided]) {
    const { sent, cancel } = answering([]);
    assert.deepEqual([await act(order, cancel), sent], [{ kind: 'done', order, replayed: true }, []]);
    assert.deepEqual(await find(order), order);
  }
});

test('a key whose cancel was refused or not processed sends again', async () => {
  for (const outcome of [refused, notSent, maintenance]) {
    const order = await keep(usual.card.paid());
    const { sent, cancel } = answering([outcome, done]);
    await act(order, cancel);
    const second = await act(order, cancel, seconds(1));
    assert.deepEqual([kindOf(second), statusOf(await find(order)), sent.length], ['done', 'cancelled', 2]);
  }
});

test('a key used while a cancel is open is done when it is, whichever call or schedule ends it', async () => {
  for (const ends of ['first', 'second', 'schedule'] as const) {
    const order = await keep(usual.card.paid());
    const { sent, cancel } = answering([lost, lost, done]);
    await act(order, cancel, noon, otherKey('first'));
    await act(order, cancel, seconds(1), otherKey('second'));
    const operated =
      ends === 'schedule'
        ? await operateBySchedule(deps(seconds(2)), await find(order), cancel)
        : await act(order, cancel, seconds(2), otherKey(ends));
    assert.equal(operated?.kind, 'done');
    const now = await find(order);
    for (const key of ['first', 'second']) {
      assert.deepEqual(await act(order, cancel, seconds(3), otherKey(key)), {
        kind: 'done',
        order: now,
        replayed: true,
      });
    }
    assert.equal(sent.length, 3);
  }
});

test('keys used while a cancel was open send nothing after an operator decided the order', async () => {
  for (const outcome of ['cancelled', 'paid'] as const) {
    const order = await keep(usual.card.cancelling());
    const { sent, cancel } = answering([lost]);
    await act(order, cancel, seconds(1), otherKey('second'));
    const decision = { outcome, orderNumber: 'N1', amountYen: null };
    const decided = await write(decide(await find(order), decision, otherKey('operator'), 'seen', seconds(2)));
    for (const key of ['key', 'second']) {
      const operated = await act(order, cancel, seconds(3), otherKey(key));
      assert.deepEqual(operated, { kind: 'done', order: decided, replayed: true }, key);
    }
    assert.deepEqual([statusOf(decided), sent.length], [outcome, 1]);
  }
});

test('a refused key is replayed once another key had the effect', async () => {
  const order = await keep(usual.card.paid());
  const { sent, cancel } = answering([refused, done]);
  await act(order, cancel, noon, otherKey('first'));
  await act(order, cancel, seconds(1), otherKey('second'));
  const operated = await act(order, cancel, seconds(2), otherKey('first'));
  assert.deepEqual([operated, sent.length], [{ kind: 'done', order: await find(order), replayed: true }, 2]);
});

test('a claim runs for 120 s: in progress until then, repeated from then on', async () => {
  const order = await keep(begun(usual.card.paid(), 'cancel'));
  const { sent, cancel } = answering([lost]);
  for (const key of ['key', 'new'])
    assert.deepEqual(await act(order, cancel, seconds(119.999), otherKey(key)), { kind: 'in_progress' });
  assert.equal(await operateBySchedule(deps(seconds(119.999)), order, cancel), null);
  assert.deepEqual([(await act(order, cancel, seconds(120))).kind, sent.length], ['open', 1]);
});

test('while one operation is open, another one is refused: nothing is sent', async () => {
  const order = await keep(usual.carrier.settling());
  const { sent, send } = answering([]);
  const giveBack: Operation = { name: 'return', method: 'carrier', from: ['paid', 'settling'], send };
  const operated = await act(order, giveBack, seconds(10), otherKey('new'));
  assert.deepEqual([operated, sent], [{ kind: 'wrong_status', order }, []]);
});

test('an eleventh key is taken and pushes out the oldest', async () => {
  const order = await keep(usual.card.paid());
  const { cancel } = answering([refused]);
  for (let i = 0; i <= 10; i += 1) await act(order, cancel, seconds(i), otherKey(`k${i}`));
  const { keys, steps } = await find(order);
  assert.deepEqual([Object.keys(keys).length, 'k0' in keys, 'k10' in keys, steps.length], [10, false, true, 2]);
});

test('our own schedule repeats after 5 minutes, then twice as long each time, up to 6 hours', async () => {
  const order = await keep(usual.card.cancelling());
  const { sent, cancel } = answering([lost]);
  const pauses: number[] = [];
  for (let i = 0, now = noon; i < 9; i += 1) {
    const open = await find(order);
    const due = new Date(summarize(open).dueAt ?? assert.fail('nothing is due'));
    pauses.push((due.getTime() - now.getTime()) / 60_000);
    now = due;
    await operateBySchedule(deps(due), open, cancel);
  }
  assert.deepEqual([pauses, sent.length], [[5, 10, 20, 40, 80, 160, 320, 360, 360], 9]);
});
