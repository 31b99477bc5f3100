import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clock } from '../../shared/lambda/clock.ts';

const { within } = clock;
const never = new Promise<never>(() => {});

test('what is done in time keeps its result, or its error', async () => {
  assert.equal(await within(60_000, Promise.resolve(1)), 1);
  await assert.rejects(within(60_000, Promise.reject(new Error('broken'))), { message: 'broken' });
});

test('nothing is waited for longer, and what fails later fails alone', async () => {
  await assert.rejects(within(1, never), { message: 'Not done within 1 ms.' });
  const late = new Promise((_, reject) => setTimeout(reject, 20, new Error('late')));
  await assert.rejects(within(1, late), { message: 'Not done within 1 ms.' });
  await assert.rejects(late, { message: 'late' });
});
