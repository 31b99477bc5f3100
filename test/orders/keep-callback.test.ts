/** Stored, or queued, before the gateway hears `successok`; in the time that the gateway waits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromMessage, toMessage } from '../../shared/lambda/callback.ts';
import { type KeepDeps, keepCallback, type Stored } from '../../shared/orders/callbacks.ts';
import { anOrder, aReceived, noon, seconds } from '../support/orders.ts';

const received = aReceived('card', 'OK');
const stored: Stored = { order: anOrder('card'), isNew: true };
const broken = () => Promise.reject(new Error('broken'));

/** What was asked for, in its order; storing begins `begun` s after the callback came in and takes `elapsed` s. */
function scene({
  keep = async () => stored,
  queue = async () => {},
  begun = 0,
  elapsed = 0,
}: Partial<KeepDeps> & { begun?: number; elapsed?: number }) {
  const asked: unknown[] = [];
  let now = seconds(begun).getTime();
  const deps: KeepDeps = {
    now: () => new Date(now),
    within(milliseconds, work) {
      asked.push(milliseconds);
      return work;
    },
    async keep(given, cameInAt) {
      asked.push('keep', cameInAt);
      now += 1000 * elapsed;
      return keep(given, cameInAt);
    },
    async queue(given) {
      asked.push('queue', given);
      return queue(given);
    },
    onError: error => asked.push((error as Error).message),
  };
  return { asked, run: () => keepCallback(deps, received, noon) };
}

test('a callback that is stored goes nowhere else', async () => {
  const { asked, run } = scene({});
  assert.equal(await run(), stored);
  assert.deepEqual(asked, ['keep', noon, 23_000]);
});

test('a callback that is not stored goes to the queue, in the time that is left', async () => {
  const { asked, run } = scene({ keep: broken, begun: 2, elapsed: 19 });
  assert.equal(await run(), null);
  assert.deepEqual(asked, ['keep', noon, 21_000, 'broken', 'queue', received, 10_000]);
});

test('neither store nor queue: it throws', async () => {
  const { run } = scene({ keep: broken, queue: () => Promise.reject(new Error('full')) });
  await assert.rejects(run(), { message: 'full' });
});

test('no time left is no negative time', async () => {
  const { asked, run } = scene({ keep: broken, begun: 30, elapsed: 10 });
  await run();
  assert.deepEqual(
    asked.filter(each => typeof each === 'number'),
    [0, 0],
  );
});

test('a message is the callback whole, as it was read', () => {
  const cvs = { store: null, paymentNumbers: [{ label: 'a', value: '1' }], payBy: '2026-12-01' };
  for (const each of [
    received,
    aReceived('cvs', '05', { cvs }),
    aReceived('carrier', '03', { orderId: null, amountYen: null, ipCode: null }),
    aReceived('card', 'OK', { amountYen: 'invalid', ipCode: 'unreadable' }),
  ]) {
    assert.deepEqual(fromMessage(toMessage(each)), each);
  }
});
