import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderStates, part } from '../../scripts/order-states.ts';
import { readPart } from '../../scripts/support/generated-part.ts';
import { statuses } from '../../shared/domain/words.ts';

test('docs/order-states.md shows the tables of the sources (`npm run readme` writes them)', () => {
  assert.equal(readPart(part), orderStates());
});

test('a line of the grid names its facts, its status with attention, and what contradicts it', () => {
  const text = orderStates();
  assert.ok(text.includes('| `09` | `paid`, with `cancel_failed` | `return_done` |\n'));
  assert.ok(text.includes('| `07`, `settle_done` | `paid` | `06` |\n'));
  assert.ok(text.includes('| `02`, `refused` | `declined` |  |\n'));
});

test('every status has a row', () => {
  const [, rows = ''] = orderStates().split('### Every status');
  assert.deepEqual(
    [...rows.matchAll(/^\| `(\w+)` \|/gm)].map(([, status]) => status),
    [...statuses],
  );
});
