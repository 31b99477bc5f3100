import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Applied } from '../../shared/orders/apply-callback.ts';
import { fromMessage, type KeepDeps, keepCallback, toMessage } from '../../shared/orders/keep-callback.ts';
import { aNotice, anOrder, noon } from '../support/orders.ts';

const notice = aNotice('card', 'OK');
const applied: Applied = { order: anOrder('card'), effect: 'moved' };
const broken = () => Promise.reject(new Error('broken'));

/** What was asked for, in its order; storing begins `begun` s after the call came in and takes `elapsed` s. */
function scene({
  apply = async () => applied,
  queue = async () => {},
  begun = 0,
  elapsed = 0,
}: Partial<KeepDeps> & { begun?: number; elapsed?: number }) {
  const asked: unknown[] = [];
  let now = noon.getTime() + 1000 * begun;
  const deps: KeepDeps = {
    now: () => new Date(now),
    within(milliseconds, work) {
      asked.push(milliseconds);
      return work;
    },
    async apply(given) {
      asked.push('apply');
      now += 1000 * elapsed;
      return apply(given);
    },
    async queue(given) {
      asked.push('queue', given);
      return queue(given);
    },
    onError: error => asked.push((error as Error).message),
  };
  return { asked, keep: () => keepCallback(deps, notice, noon) };
}

test('a call that is stored goes nowhere else', async () => {
  const { asked, keep } = scene({});
  assert.equal(await keep(), applied);
  assert.deepEqual(asked, ['apply', 23_000]);
});

test('a call that is not stored goes to the queue, in the time that is left', async () => {
  const { asked, keep } = scene({ apply: broken, begun: 2, elapsed: 19 });
  assert.equal(await keep(), null);
  assert.deepEqual(asked, ['apply', 21_000, 'broken', 'queue', notice, 10_000]);
});

test('neither store nor queue: it throws', async () => {
  await assert.rejects(scene({ apply: broken, queue: () => Promise.reject(new Error('full')) }).keep(), {
    message: 'full',
  });
});

test('no time left is no negative time', async () => {
  const { asked, keep } = scene({ apply: broken, begun: 30, elapsed: 10 });
  await keep();
  assert.deepEqual(
    asked.filter(each => typeof each === 'number'),
    [0, 0],
  );
});

test('a message is the whole notice and nothing else', () => {
  const full = aNotice('cvs', '05', {
    cvs: { store: null, paymentNumbers: [{ label: 'a', value: '1' }], payBy: '2026-12-01' },
  });
  for (const each of [notice, full, aNotice('carrier', '03', { orderId: null, amountYen: null, ipCode: null })]) {
    assert.deepEqual(fromMessage(toMessage(each)), each);
    assert.deepEqual(Object.keys(JSON.parse(toMessage(each))).toSorted(), Object.keys(notice).toSorted());
  }
});

test('an amount that is no number stays one that equals nothing', () => {
  assert.deepEqual(fromMessage(toMessage({ ...notice, amountYen: Number.NaN })), { ...notice, amountYen: Number.NaN });
});
