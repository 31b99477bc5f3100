import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Invoke } from '../../local/lambda.ts';
import { runSchedules, startSchedules } from '../../local/schedules.ts';

function recording(kind: 'returned' | 'failed' = 'returned') {
  const offsets: number[] = [];
  const invoke: Invoke = async (_event, clockOffsetMs = 0) => {
    offsets.push(clockOffsetMs);
    return kind === 'returned' ? { kind, payload: 'null' } : { kind, errorType: 'Error', errorMessage: 'boom' };
  };
  return { offsets, schedule: { functionName: 'due-work', everyMinutes: 5, invoke } };
}

test('all of them run at once, on the real clock', async () => {
  const [a, b] = [recording(), recording()];
  const answer = await runSchedules([a.schedule, b.schedule], '');
  assert.equal(answer.status, 200);
  assert.deepEqual([a.offsets, b.offsets], [[0], [0]]);
  const { ran } = JSON.parse(String(answer.body));
  assert.deepEqual(ran, [
    { function: 'due-work', ok: true },
    { function: 'due-work', ok: true },
  ]);
});

test('or on a clock that is moved, also by a time with an offset', async () => {
  for (const now of [
    '2026-12-01T00:10:00Z',
    '2026-12-01T09:10:00+09:00',
    encodeURIComponent('2026-12-01T09:10:00+09:00'),
  ]) {
    const { offsets, schedule } = recording();
    const before = Date.now();
    const answer = await runSchedules([schedule], `now=${now}`);
    const expected = Date.parse('2026-12-01T00:10:00Z');
    assert.equal(JSON.parse(String(answer.body)).now, '2026-12-01T00:10:00.000Z');
    const [offset = 0] = offsets;
    assert.ok(offset <= expected - before && offset >= expected - Date.now());
  }
});

test('a time that is none runs nothing', async () => {
  const { offsets, schedule } = recording();
  assert.equal((await runSchedules([schedule], 'now=tomorrow')).status, 400);
  assert.deepEqual(offsets, []);
});

test('a failed run shows', async () => {
  const answer = await runSchedules([recording('failed').schedule, recording().schedule], '');
  assert.equal(answer.status, 500);
  assert.deepEqual(
    JSON.parse(String(answer.body)).ran.map((run: { ok: boolean }) => run.ok),
    [false, true],
  );
});

test('each runs at its rate until it is stopped', t => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { offsets, schedule } = recording();
  const stop = startSchedules([schedule]);
  t.mock.timers.tick(4 * 60_000);
  assert.equal(offsets.length, 0);
  t.mock.timers.tick(6 * 60_000);
  assert.equal(offsets.length, 2);
  stop();
  t.mock.timers.tick(10 * 60_000);
  assert.equal(offsets.length, 2);
});
