/** Every order in which 03, 07 and 08 can arrive, with repeats, and before, during and after the answers of our own requests. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reply } from '../../shared/zeus/wire/transport.ts';
import {
  anAuthorized,
  aSettled,
  carrierCase,
  failed,
  lost,
  resultOf,
  returned,
  standingOf,
  succeeded,
} from '../support/carrier-case.ts';
import { anOrder } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();

/** Each different order of the calls, once. */
function ordersOf(calls: readonly string[]): string[][] {
  if (calls.length === 0) return [[]];
  return [...new Set(calls)].flatMap(first => {
    const rest = calls.toSpliced(calls.indexOf(first), 1);
    return ordersOf(rest).map(order => [first, ...order]);
  });
}

/** What the gateway has done, of all that it has called. */
const truthOf = (calls: readonly string[]): string[] => {
  if (calls.includes('08')) return ['cancelled'];
  return [calls.includes('07') ? 'paid' : 'authorized'];
};

test('all orders of a set are made, each once', () => {
  assert.equal(ordersOf(['03', '03', '07', '07', '08', '08']).length, 90);
  assert.deepEqual(ordersOf(['a', 'a', 'b']), [
    ['a', 'a', 'b'],
    ['a', 'b', 'a'],
    ['b', 'a', 'a'],
  ]);
});

for (const set of [
  ['03', '03', '07', '07', '08', '08'],
  ['03', '03', '07', '07'],
  ['03', '08', '08'],
  ['07', '08'],
]) {
  test(`${set.join(' ')} in any order, and the truth after each call`, async () => {
    const { keep, find, read, callBack } = carrierCase(store);
    await Promise.all(
      ordersOf(set).map(async calls => {
        const orderId = await keep(anOrder('carrier'));
        for (const [index, call] of calls.entries()) {
          const soFar = calls.slice(0, index + 1);
          const { isNew } = await callBack(orderId, call);
          assert.equal(isNew, soFar.indexOf(call) === index, 'an equal callback writes nothing');
          assert.deepEqual(standingOf(await find(orderId)), truthOf(soFar), soFar.join());
        }
        const { orderNumber, open, dueAt } = await read(orderId);
        assert.deepEqual([orderNumber, open, dueAt !== null], ['N1', null, truthOf(set)[0] === 'authorized']);
      }),
    );
  });
}

test('all at once, many times', async () => {
  const { keep, find, callBack } = carrierCase(store);
  for (let round = 0; round < 40; round += 1) {
    const orderId = await keep(anOrder('carrier'));
    await Promise.all(['08', '03', '07', '03', '08', '07'].map(call => callBack(orderId, call)));
    const order = await find(orderId);
    assert.deepEqual([standingOf(order), order.callbacks.length], [['cancelled'], 3]);
  }
});

/** Answers to a call that took effect at the gateway, and what repeats say when the first was lost. */
const settleAnswers: Record<string, Reply[]> = {
  success: [succeeded('20261201')],
  'settled already': [failed('010100023')],
  'lost, then settled already': [lost, failed('010100023')],
  'being settled, then settled already': [failed('010100036'), failed('010100023')],
  'lost, proves nothing, settled already': [lost, failed('010010007'), failed('010100023')],
};
const returnAnswers: Record<string, Reply[]> = {
  success: [returned],
  'returned already': [failed('010100030')],
  'lost, then returned already': [lost, failed('010100030')],
  'being returned, then released already': [failed('010100038'), failed('010100026')],
};

type Case = ReturnType<typeof carrierCase>;
interface Act {
  answers: Record<string, Reply[]>;
  order: ReturnType<typeof anAuthorized>;
  run(all: Case, orderId: string): ReturnType<Case['settle']>;
  /** The callback that it leads to by itself. */
  callback: string;
}
const settling: Act = {
  answers: settleAnswers,
  order: anAuthorized(),
  run: ({ settle }, orderId) => settle(orderId, 'A'),
  callback: '07',
};
const returning: Act = {
  answers: returnAnswers,
  order: aSettled(),
  run: ({ giveBack }, orderId) => giveBack(orderId, 'A'),
  callback: '08',
};

/** `before` of the callbacks come before the first answer, the rest after all answers. */
async function runRound(act: Act, replies: Reply[], callbacks: string[], before: number): Promise<void> {
  const all = carrierCase(store);
  const orderId = await all.keep(act.order);
  const callAll = async (these: string[]) => {
    for (const callback of these) await all.callBack(orderId, callback);
  };
  all.gateway.onRequest = async () => {
    all.gateway.onRequest = async () => {};
    await callAll(callbacks.slice(0, before));
  };
  all.gateway.answer(...replies);
  await act.run(all, orderId);
  // 5, 10, 20 minutes: each repeat at its time.
  for (const time of ['12:05', '12:15', '12:35'].slice(0, replies.length - 1)) {
    if ((await all.read(orderId)).open) await all.runAt(orderId, `2026-12-01 ${time}:00`);
  }
  await callAll(callbacks.slice(before));
  const { status, open, dueAt } = await all.read(orderId);
  const what = `${callbacks} (${before} before the answer)`;
  assert.deepEqual([status, open, dueAt], [truthOf([...callbacks, act.callback])[0], null, null], what);
}

for (const [name, act] of Object.entries({ settlement: settling, return: returning })) {
  for (const [said, replies] of Object.entries(act.answers)) {
    test(`${name}, ${said}: callbacks before and after the answer, in any order`, async () => {
      for (const set of [
        ['03', '07', '08'],
        ['07', '07', '08'],
        ['03', '07', '07'],
      ]) {
        const rounds = ordersOf(set).flatMap(calls =>
          Array.from({ length: calls.length + 1 }, (_, before) => ({ calls, before })),
        );
        await Promise.all(rounds.map(({ calls, before }) => runRound(act, replies, calls, before)));
      }
    });
  }
}

for (const [name, act] of Object.entries({ settlement: settling, return: returning })) {
  test(`a ${name} that is refused while its callback says that it was done: the callback stands`, async () => {
    const all = carrierCase(store);
    const orderId = await all.keep(act.order);
    all.gateway.onRequest = async () => void (await all.callBack(orderId, act.callback));
    all.gateway.answer(failed('010010006'));
    const [status] = truthOf([act.callback]);
    assert.deepEqual(resultOf(await act.run(all, orderId)), ['done', status]);
    assert.deepEqual(standingOf(await all.find(orderId)), [status]);
  });
}

test('06 while the answer is lost: the settlement failed, so it is not answered as done', async () => {
  const { gateway, settle, keep, callBack } = carrierCase(store);
  const orderId = await keep(anAuthorized());
  gateway.onRequest = async () => void (await callBack(orderId, '06'));
  gateway.answer(lost);
  assert.deepEqual(resultOf(await settle(orderId, 'A')), ['refused', 'settle_failed']);
});
