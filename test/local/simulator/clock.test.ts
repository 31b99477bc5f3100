import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, createClock, isDay, jstDay, jstTime } from '../../../local/simulator/clock.ts';

test('days and times are those of Japan', () => {
  const ms = Date.parse('2026-12-31T14:59:59Z');
  assert.deepEqual([jstDay(ms), jstTime(ms)], ['20261231', '235959']);
  assert.deepEqual([jstDay(ms + 1000), jstTime(ms + 1000)], ['20270101', '000000']);
});

test('days are added over the ends of months and years', () => {
  assert.equal(addDays('20261120', 50), '20270109');
  assert.equal(addDays('20280228', 1), '20280229');
});

test('only days that exist are days', () => {
  assert.deepEqual(['20261231', '20280229'].map(isDay), [true, true]);
  assert.deepEqual(['20261301', '20270229', '2026123', '202612311', '2026-1-1', ''].map(isDay), Array(6).fill(false));
});

test('a clock that was set runs on, and can return to real time', () => {
  let real = 1000;
  const clock = createClock(() => real);
  clock.set('2026-12-01T00:00:00Z');
  real += 500;
  assert.equal(clock.now(), Date.parse('2026-12-01T00:00:00.500Z'));
  clock.set(null);
  assert.equal(clock.now(), 1500);
  assert.throws(() => clock.set('noon'));
});
