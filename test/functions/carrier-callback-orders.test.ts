/** Every order in which 03, 07 and 08 can arrive, with repeats, and round the answers of our own calls: the gateway's truth wins. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carrierReturn, repeatReturn } from '../../shared/orders/carrier-return.ts';
import { carrierSettle, repeatSettle } from '../../shared/orders/carrier-settle.ts';
import type { Reply } from '../../shared/zeus/wire/transport.ts';
import {
  anAuthorized,
  callerOf,
  carrierCase,
  failed,
  lost,
  returned,
  standingOf,
  succeeded,
} from '../support/carrier.ts';
import { placed } from '../support/orders.ts';
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
const truthOf = (calls: readonly string[]): string => {
  if (calls.includes('08')) return 'cancelled';
  return calls.includes('07') ? 'paid' : 'authorized';
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
    const { keep, read, callBack } = carrierCase(store);
    await Promise.all(
      ordersOf(set).map(async calls => {
        const orderId = await keep(placed('carrier', 'awaiting_customer'));
        for (const [index, call] of calls.entries()) {
          await callBack(orderId, call);
          const soFar = calls.slice(0, index + 1);
          assert.deepEqual(standingOf(await read(orderId)), [truthOf(soFar), null], soFar.join());
        }
        const { orderNumber, numberBound, pending, dueAt } = await read(orderId);
        assert.deepEqual(
          [orderNumber, numberBound, pending, dueAt !== null],
          ['N1', true, null, truthOf(set) === 'authorized'],
        );
      }),
    );
  });
}

test('all at once, many times', async () => {
  const { keep, read, callBack } = carrierCase(store);
  for (let round = 0; round < 40; round += 1) {
    const orderId = await keep(placed('carrier', 'awaiting_customer'));
    await Promise.all(['08', '03', '07', '03', '08', '07'].map(call => callBack(orderId, call)));
    assert.deepEqual(standingOf(await read(orderId)), ['cancelled', null]);
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

interface Act {
  answers: Record<string, Reply[]>;
  from: 'authorized' | 'paid';
  run(all: ReturnType<typeof carrierCase>, orderId: string): Promise<unknown>;
  repeat(all: ReturnType<typeof carrierCase>, orderId: string): Promise<unknown>;
  /** What it leads to by itself. */
  call: string;
}
const settling: Act = {
  answers: settleAnswers,
  from: 'authorized',
  run: ({ deps }, orderId) =>
    carrierSettle(deps, orderId, callerOf('A'), { amountYen: null, on: null, by: 'schedule' }),
  repeat: async ({ deps, read }, orderId) => repeatSettle(deps, await read(orderId)),
  call: '07',
};
const returning: Act = {
  answers: returnAnswers,
  from: 'paid',
  run: ({ deps }, orderId) => carrierReturn(deps, orderId, callerOf('A')),
  repeat: async ({ deps, read }, orderId) => repeatReturn(deps, await read(orderId)),
  call: '08',
};

/** `before` the answer while the call is out, the rest after it and after due work. */
async function runRound(act: Act, replies: Reply[], calls: string[], before: number): Promise<void> {
  const all = carrierCase(store);
  const orderId = await all.keep(act.from === 'paid' ? placed('carrier', 'paid') : anAuthorized());
  const callAll = async (these: string[]) => {
    for (const call of these) await all.callBack(orderId, call);
  };
  all.gateway.onSend = async () => {
    all.gateway.onSend = async () => {};
    await callAll(calls.slice(0, before));
  };
  all.gateway.say(...replies);
  await act.run(all, orderId);
  for (let left = replies.length; left > 1; left -= 1) await act.repeat(all, orderId);
  await callAll(calls.slice(before));
  const order = await all.read(orderId);
  const what = `${calls} (${before} before the answer)`;
  assert.deepEqual(standingOf(order), [truthOf([...calls, act.call]), null], what);
  assert.deepEqual([order.pending, order.dueAt], [null, null], what);
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
    const orderId = await all.keep(act.from === 'paid' ? placed('carrier', 'paid') : anAuthorized());
    all.gateway.onSend = async () => void (await all.callBack(orderId, act.call));
    all.gateway.say(failed('010010006'));
    await act.run(all, orderId);
    assert.deepEqual(standingOf(await all.read(orderId)), [truthOf([act.call]), null]);
  });
}

test('06 while the answer is lost: the settlement failed, so it is not answered as done', async () => {
  const { gateway, deps, keep, read, callBack } = carrierCase(store);
  const orderId = await keep(anAuthorized());
  gateway.onSend = async () => void (await callBack(orderId, '06'));
  gateway.say(lost);
  const acted = await carrierSettle(deps, orderId, callerOf('A'), { amountYen: null, on: null, by: 'schedule' });
  assert.deepEqual(standingOf(await read(orderId)), ['settle_failed', null]);
  assert.notEqual(acted.kind, 'done');
});
