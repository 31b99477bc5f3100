import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayFromWire, dayToWire } from '../../../shared/zeus/wire/day.ts';

test('a day of the calendar goes both ways', () => {
  for (const day of ['2026-12-01', '2028-02-29', '2026-01-31']) assert.equal(dayFromWire(dayToWire(day)), day);
  assert.equal(dayToWire('2026-12-01'), '20261201');
});

test('what the calendar does not have is null', () => {
  const none = ['', '-', '2026120', '202612011', '20260230', '20270229', '20261301', '20260100', '00000000'];
  for (const wire of [...none, '2026-12-', '2026120a', ' 20261201']) assert.equal(dayFromWire(wire), null, wire);
});
