/** What happens to an order between claim, request and response: other calls, callbacks, due work, a failing table. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide, giveUp } from '../../shared/domain/changes.ts';
import type { Draft } from '../../shared/domain/new-order.ts';
import type { Order } from '../../shared/domain/order.ts';
import { beginSend, recordAnswer } from '../../shared/domain/sends.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import { storeCallback } from '../../shared/orders/callbacks.ts';
import { submit } from '../../shared/orders/engine.ts';
import { operate, operateBySchedule } from '../../shared/orders/operate.ts';
import type { ReceivedCallback } from '../../shared/zeus/callbacks/callback.ts';
import { answering, done, kindOf, newId, orderOf, ordersIn, refusedAs } from '../support/engine.ts';
import {
  aReceived,
  caller,
  draftOf,
  lost,
  noon,
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
const draft = (changes: Partial<Draft> = {}): Draft => draftOf('card', { orderId: newId(), ...changes });
const callBack = ({ orderId }: Pick<Order, 'orderId'>, status: string, changes: Partial<ReceivedCallback> = {}) =>
  storeCallback(
    { ...deps(), deploymentId: 'test', ipCode: '2019000001' },
    aReceived('card', status, { orderId, ...changes }),
    noon,
  );
const eventsOf = ({ history }: Order) => history.map(({ source, event }) => `${source} ${event}`);

test('of 20 equal requests at once one is sent; the others are in progress or see its outcome', async () => {
  const { sent, send } = answering([done]);
  const wanted = draft();
  const all = await Promise.all(Array.from({ length: 20 }, () => submit(deps(), wanted, send)));
  assert.deepEqual([sent.length, all.filter(each => kindOf(each) === 'answered').length], [1, 1]);
  assert.deepEqual(
    all.filter(each => !['answered', 'answered replayed', 'in_progress'].includes(kindOf(each))),
    [],
  );
});

test('of 10 repeats of a not_processed order at once one is sent', async () => {
  const wanted = draft();
  await submit(deps(), wanted, answering([notSent]).send);
  const { sent, send } = answering([done]);
  await Promise.all(Array.from({ length: 10 }, () => submit(deps(), wanted, send)));
  assert.deepEqual([sent.length, statusOf(await find(wanted))], [1, 'paid']);
});

const meetings = [
  ['OK', done, 'paid', []],
  ['OK', lost, 'paid', []],
  ['OK', refused, 'paid', ['contradiction']],
  ['OK', notSent, 'paid', ['contradiction']],
  ['NG', refused, 'declined', []],
  ['NG', lost, 'declined', []],
  ['NG', notSent, 'declined', []],
  ['NG', done, 'paid', ['contradiction']],
] as const;
test('a callback and the response add up to the same, whichever comes first; a repeat of the callback adds nothing', async () => {
  for (const [status, outcome, expected, reasons] of meetings) {
    for (const first of ['callback', 'response']) {
      const wanted = draft();
      const { send } = answering([outcome], async () => {
        if (first === 'callback') await callBack(wanted, status);
      });
      await submit(deps(), wanted, send);
      if (first === 'response') await callBack(wanted, status);
      const { isNew } = await callBack(wanted, status);
      const order = await find(wanted);
      const { card, orderNumber, open } = summarize(order);
      const what = `${status} and ${outcome.kind}, ${first} first`;
      assert.deepEqual([isNew, statusOf(order), reasonsOf(order)], [false, expected, reasons], what);
      assert.deepEqual([orderNumber, card?.last4, open], ['N1', '1111', null], what);
      assert.equal(order.history.length, 3, what);
    }
  }
});

test('a response with another number than the callback had: paid twice, which is a contradiction', async () => {
  const wanted = draft();
  const { send } = answering([succeeded({ orderNumber: 'N2' })], () => callBack(wanted, 'OK'));
  await submit(deps(), wanted, send);
  const order = await find(wanted);
  const { shown, others } = summarize(order);
  assert.deepEqual(
    [statusOf(order), reasonsOf(order), shown.number, others.map(({ number, status }) => [number, status])],
    ['paid', ['contradiction'], 'N2', [['N1', 'paid']]],
  );
});

test('a mismatch that a callback raised outlives the response', async () => {
  const wanted = draft();
  const { send } = answering([done], () => callBack(wanted, 'OK', { amountYen: 1 }));
  const order = orderOf(await submit(deps(), wanted, send));
  assert.deepEqual([statusOf(order), reasonsOf(order)], ['paid', ['amount_mismatch']]);
});

test('a response that still comes is stored after due work gave the charge up', async () => {
  for (const [outcome, status, reasons] of [
    [done, 'paid', []],
    [refused, 'declined', []],
    [notSent, 'not_processed', []],
    [lost, 'unknown', ['outcome_unknown']],
  ] as const) {
    const wanted = draft();
    const { send } = answering([outcome], async () => {
      await write(giveUp(await find(wanted), seconds(120)) ?? assert.fail('not stale'));
    });
    const order = orderOf(await submit(deps(), wanted, send));
    assert.deepEqual([statusOf(order), reasonsOf(order), await find(wanted)], [status, reasons, order]);
  }
});

test('of ten cancels at once one is sent', async () => {
  const order = await keep(usual.card.paid());
  const { sent, cancel } = answering([done]);
  const all = await Promise.all(
    Array.from({ length: 10 }, (_, i) => operate(deps(), order.orderId, otherKey(`k${i % 3}`), cancel)),
  );
  assert.deepEqual([sent.length, all.filter(({ kind }) => !['done', 'in_progress'].includes(kind))], [1, []]);
});

test('of a client and two runs of due work at once one repeats', async () => {
  const order = await keep(usual.card.cancelling());
  const { sent, cancel } = answering([done]);
  const [client, ...runs] = await Promise.all([
    operate(deps(seconds(10)), order.orderId, caller, cancel),
    operateBySchedule(deps(seconds(10)), order, cancel),
    operateBySchedule(deps(seconds(10)), order, cancel),
  ]);
  assert.ok(['done', 'in_progress'].includes(client?.kind ?? ''));
  assert.deepEqual([sent.length, runs.filter(Boolean).length <= 1], [1, true]);
  assert.deepEqual([statusOf(await find(order)), reasonsOf(await find(order))], ['cancelled', []]);
});

test('a callback of the charge during a cancel is stored, and the cancel ends all the same', async () => {
  for (const status of ['OK', 'NG']) {
    const order = await keep(usual.card.paid());
    const { cancel } = answering([done], () => callBack(order, status));
    assert.equal((await operate(deps(), order.orderId, caller, cancel)).kind, 'done');
    const now = await find(order);
    assert.deepEqual([statusOf(now), reasonsOf(now)], ['cancelled', []]);
    assert.deepEqual(eventsOf(now).slice(-3), [
      'api cancel',
      `callback card_${status.toLowerCase()}`,
      'gateway cancel_done',
    ]);
  }
});

/** Another invocation took the claim over at 130 s. */
const takenOver = (order: Order) => async () => {
  const again = { operation: 'cancel', orderNumber: 'N1', settlement: null } as const;
  await write(beginSend(await find(order), again, null, seconds(130)));
};

test('a success is stored even where the claim was taken over', async () => {
  for (const outcome of [done, refusedAs('already_done')]) {
    const order = await keep(usual.card.paid());
    const { cancel } = answering([outcome], takenOver(order));
    const operated = await operate(deps(seconds(140)), order.orderId, caller, cancel);
    const now = await find(order);
    assert.deepEqual([operated, statusOf(now)], [{ kind: 'done', order: now, replayed: false }, 'cancelled']);
    // The key of the call is done, and sends nothing more.
    const { sent, cancel: again } = answering([]);
    const replay = await operate(deps(seconds(300)), order.orderId, caller, again);
    assert.deepEqual([replay, sent], [{ kind: 'done', order: now, replayed: true }, []]);
  }
});

test('the response of the later request comes after the success of the earlier one: nothing changes', async () => {
  for (const late of [refused, notSent, lost, done]) {
    const order = await keep(usual.card.cancelling());
    const { cancel } = answering([late], async () => {
      const first = {
        step: summarize(await find(order)).open ?? assert.fail('not open'),
        bySchedule: false,
        testsAccepted: false,
      };
      const next = recordAnswer(await find(order), first, done, seconds(20)) ?? assert.fail('not stored');
      await write(next);
    });
    assert.equal((await operate(deps(seconds(10)), order.orderId, caller, cancel)).kind, 'done');
    const now = await find(order);
    assert.deepEqual([statusOf(now), reasonsOf(now), eventsOf(now).at(-1)], ['cancelled', [], 'gateway cancel_done']);
  }
});

test('anything but a success leaves a claim alone that was taken over', async () => {
  for (const outcome of [refused, notSent, lost]) {
    const order = await keep(usual.card.paid());
    let newer: Order | null = null;
    const { cancel } = answering([outcome], async () => {
      await takenOver(order)();
      newer = await find(order);
    });
    assert.equal((await operate(deps(), order.orderId, caller, cancel)).kind, 'open');
    assert.deepEqual(await find(order), newer);
  }
});

test('a success that comes after an operator decided otherwise is stored and counts', async () => {
  const order = await keep(usual.card.paid());
  const { cancel } = answering([done], async () => {
    const decision = { outcome: 'paid', orderNumber: 'N1', amountYen: null } as const;
    await write(decide(await find(order), decision, otherKey('operator'), 'seen in the console', seconds(130)));
  });
  assert.equal((await operate(deps(seconds(140)), order.orderId, caller, cancel)).kind, 'done');
  assert.equal(statusOf(await find(order)), 'cancelled');
});
