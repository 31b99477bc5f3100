/** Cursors that someone made or changed: refused as invalid input, whatever is in them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digest } from '../../shared/domain/identity.ts';
import { cursorOf, positionOf } from '../../shared/lambda/cursor.ts';
import { InvalidInput } from '../../shared/lambda/problem.ts';
import { idOf } from '../support/orders.ts';

const now = new Date('2026-11-20T03:00:00Z');
const after = `2026-11-20T01:02:03.004Z#${idOf('order')}`;
const today = { from: '2026-11-20', to: '2026-11-20' };

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Sealed as ours are: the seal is no secret. */
function forged(place: unknown, days: unknown, filters: object = {}): string {
  const seal = digest(JSON.stringify(Object.entries({ ...filters, after: place, days }).sort()), 8);
  return encode([place, days, seal]);
}

test('a cursor of ours leads to its place, also after midnight and with the filters it was given for', () => {
  const rows: [filters: Record<string, string>, days: { from: string; to: string } | null][] = [
    [{}, today],
    [{ status: 'paid' }, { from: '2026-11-19', to: '2026-11-19' }],
    [{ date: '2026-11-20', reference: 'A-1' }, today],
    [{ from: '2026-11-01' }, { from: '2026-11-01', to: '2026-11-20' }],
    [
      { from: '2026-11-01', to: '2026-11-30' },
      { from: '2026-11-01', to: '2026-11-30' },
    ],
    [{ attention: 'true' }, null],
  ];
  for (const [filters, days] of rows) {
    const place = after.replace('11-20', days?.to === '2026-11-19' ? '11-19' : '11-20');
    assert.equal(cursorOf({ after: place, days }, filters), forged(place, days, filters));
    assert.deepEqual(positionOf(cursorOf({ after: place, days }, filters), filters, now), { after: place, days });
    const others: Record<string, string> = { ...filters, reference: 'B' };
    assert.throws(() => positionOf(cursorOf({ after: place, days }, filters), others, now), InvalidInput);
  }
});

const long = 'x'.repeat(100_000);
const places = [
  '',
  'x',
  long,
  '2026-11-20',
  after.slice(0, -1),
  `${after}x`,
  after.replace('2026-11-20', '2026-11-19'),
  after.replace('2026-11-20', '2026-13-40'),
  after.replace('T01', 'T99'),
  after.toLowerCase(),
  `~${after}`,
  null,
  1,
  {},
  [],
  [after],
];
const ranges = [
  'today', 1, [], {}, { from: '2026-11-20' }, { from: '2026-11-20', to: null }, { from: 'x', to: 'y' }, { from: '', to: '~' }, { from: '2026-02-30', to: '2026-02-30' },
  { from: '0000-01-01', to: '9999-12-31' }, { from: '9999-12-31', to: '9999-12-31' }, { from: '2026-11-21', to: '2026-11-19' }, { from: '2026-01-01', to: '2026-11-20' }, { from: '2026-11-19', to: '2026-11-20' },
  { from: '2026-11-21', to: '2026-11-21' }, { from: '2999-12-31', to: '2999-12-31' }, null,
]; // biome-ignore format: a list

test('a place or days that no list has: 400', () => {
  for (const place of places)
    assert.throws(() => positionOf(forged(place, today), {}, now), InvalidInput, JSON.stringify(place));
  for (const days of ranges)
    assert.throws(() => positionOf(forged(after, days), {}, now), InvalidInput, JSON.stringify(days));
  const filters = { date: '2026-11-20' };
  const otherDay = { from: '2026-11-19', to: '2026-11-19' };
  assert.throws(
    () => positionOf(forged(after.replace('11-20', '11-19'), otherDay, filters), filters, now),
    InvalidInput,
  );
  assert.throws(
    () => positionOf(forged(after, today, { attention: 'true' }), { attention: 'true' }, now),
    InvalidInput,
  );
});

test('what is no cursor at all: 400', () => {
  const texts = [
    '',
    '%',
    '!!!!',
    long,
    encode(null),
    encode({}),
    encode([]),
    encode([after, today]),
    encode([after, today, 'seal']),
    encode('['.repeat(50_000)),
    Buffer.from('['.repeat(50_000)).toString('base64url'),
    Buffer.from([255, 254]).toString('base64url'),
  ];
  for (const text of texts) assert.throws(() => positionOf(text, {}, now), InvalidInput, text.slice(0, 40));
});
