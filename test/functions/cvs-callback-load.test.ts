/** 1,000 calls, 50 at a time, every fifth of them a repeat: each is answered `successok` and stored once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../local/simulator/gateway.ts';
import { callbackFields, cvsCalls, get, queryOf, shownBlock } from '../support/cvs.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway, inbox } = local;
const { order, read, known, sent } = cvsCalls(local);
gateway.settings({ callbacks: { cvs: null } });

const orderCount = 200;
const calls = ['01', '03', '04', '05'];
const random = seededRandom(5);

/** Runs all, so many at a time, in their order. */
async function atATime<T, R>(
  limit: number,
  all: readonly T[],
  run: (each: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async () => {
    for (let i = next++; i < all.length; i = next++) results[i] = await run(all[i] as T, i);
  };
  await Promise.all(Array.from({ length: limit }, work));
  return results;
}

test('1,000 callbacks, 50 in parallel, 20 % repeats', async () => {
  // Every fourth answer is lost, so that the calls have something to repair.
  const email = (i: number) => (i % 4 === 0 ? 'lost-answer@fault.invalid' : 'taro@example.com');
  const ordered = await atATime(10, Array.from({ length: orderCount }), (_, i) =>
    order(`load-${i}`, { email: email(i) }),
  );
  assert.equal(ordered.filter(({ status }) => status === 202).length, orderCount / 4);

  const distinct = known().flatMap(each => calls.map(status => queryOf(callbackFields(each, status))));
  const shuffled = distinct.map(query => ({ query, at: random() })).toSorted((a, b) => a.at - b.at);
  // Half of the repeats follow at once, so that they meet their first on the way; half come at the end.
  const sending = shuffled.flatMap(({ query }, i) => (i % 8 === 0 ? [query, query] : [query]));
  sending.push(...shuffled.filter((_, i) => i % 8 === 4).map(({ query }) => query));
  assert.deepEqual([sending.length, new Set(sending).size], [1000, 800]);

  const answers = await atATime(50, sending, query => get(inbox.url, `/local/cvs?${query}`));
  assert.deepEqual([...new Set(answers.map(({ status, body }) => `${status} ${body}`))], ['200 successok']);

  for (const each of known()) {
    const { status, attention, gateway: at, cvs, history } = await read(each.sendpoint);
    assert.deepEqual([status, attention, at.orderNumber], ['paid', [], each.orderNumber]);
    assert.deepEqual({ ...cvs, redirectUrl: null }, shownBlock('lawson', each, null));
    const stored = history.filter(({ source }: { source: string }) => source === 'callback');
    assert.deepEqual(
      stored.map(({ event, count }: { event: string; count: number }) => `${event} x${count}`).toSorted(),
      calls.map(call => `cvs_${call} x1`),
    );
  }
  assert.equal(sent().length, orderCount);
});
