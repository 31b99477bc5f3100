import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, dayOf, isDay, startOfDay } from '../../shared/domain/days.ts';

test('a business day begins at 15:00 UTC of the day before', () => {
  assert.equal(dayOf(new Date('2026-11-20T14:59:59.999Z')), '2026-11-20');
  assert.equal(dayOf(new Date('2026-11-20T15:00:00.000Z')), '2026-11-21');
  assert.equal(dayOf(new Date('2026-12-31T15:00:00.000Z')), '2027-01-01');
  assert.equal(startOfDay('2026-11-21').toISOString(), '2026-11-20T15:00:00.000Z');
  assert.equal(dayOf(startOfDay('2028-02-29')), '2028-02-29');
});

test('days are added over the ends of months, years and leap days', () => {
  assert.equal(addDays('2026-11-20', 50), '2027-01-09');
  assert.equal(addDays('2028-02-28', 1), '2028-02-29');
  assert.equal(addDays('2027-02-28', 1), '2027-03-01');
  assert.equal(addDays('2027-01-01', -1), '2026-12-31');
  assert.equal(addDays('2026-11-20', 0), '2026-11-20');
});

test('a day is one that the calendar has, written in full', () => {
  for (const day of ['2026-11-20', '2028-02-29', '2000-02-29']) assert.equal(isDay(day), true, day);
  const none = ['2026-02-29', '2026-02-30', '2026-13-01', '2026-00-10', '2026-11-00', '2026-11-31', '1900-02-29'];
  const misspelt = [
    '',
    '20261120',
    '2026-1-2',
    '2026-11-20T00:00',
    '2026/11/20',
    ' 2026-11-20',
    '2026-11-20\n',
    '+002026-11-20',
    '２０２６-11-20',
  ];
  for (const text of [...none, ...misspelt]) assert.equal(isDay(text), false, JSON.stringify(text));
});
