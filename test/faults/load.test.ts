/** `npm run faults:load` in small: killed once, with its data on disk. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runLoad } from './load.ts';

test('40 charges while the gateway misbehaves and the stack is killed: each is charged once and known', async () => {
  const { violations, statuses, charged } = await runLoad({ charges: 40, parallel: 20, kills: 1, say: () => {} });
  assert.deepEqual(violations, []);
  assert.equal(statuses.paid, charged);
});
