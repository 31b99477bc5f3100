import assert from 'node:assert/strict';
import { test } from 'node:test';
import { persist } from '../../shared/orders/write.ts';
import { noon, standingClock } from '../support/orders.ts';

test('a write that works is done once, without waiting', async () => {
  const clock = standingClock();
  let writes = 0;
  assert.equal(await persist(clock, async () => (writes += 1)), 1);
  assert.deepEqual(clock.slept, []);
});

test('a write that fails is tried again until it works', async () => {
  const clock = standingClock();
  let writes = 0;
  const write = async () => {
    writes += 1;
    if (writes < 4) throw new Error('not now');
    return 'written';
  };
  assert.equal(await persist(clock, write), 'written');
  assert.equal(writes, 4);
  assert.equal(clock.slept.length, 3);
});

test('after about 20 s the last error is thrown, and no attempt begins later', async () => {
  const clock = standingClock();
  const begun: number[] = [];
  const write = async () => {
    begun.push(clock.now().getTime() - noon.getTime());
    throw new Error(`attempt ${begun.length}`);
  };
  const thrown = await persist(clock, write).catch(error => error.message);
  assert.equal(thrown, `attempt ${begun.length}`);
  const last = begun.at(-1) ?? 0;
  assert.ok(last >= 15_000 && last < 20_000, `last attempt after ${last} ms`);
  assert.ok(Math.max(...clock.slept) <= 2000);
});

test('time that the attempts themselves take counts', async () => {
  const clock = standingClock();
  let writes = 0;
  const write = async () => {
    writes += 1;
    await clock.sleep(9000);
    throw new Error('slow');
  };
  await assert.rejects(persist(clock, write), { message: 'slow' });
  assert.equal(writes, 3);
});
