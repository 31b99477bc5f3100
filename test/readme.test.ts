import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printedTable, transitionTable } from './support/readme-table.ts';

test('the README prints the transition table of the sources (`npm run readme` writes it)', () => {
  assert.equal(printedTable(), transitionTable());
});
