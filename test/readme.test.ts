import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printedTable, readmes, transitionTable } from './support/readme-table.ts';

for (const readme of readmes) {
  test(`${readme} prints the transition table of the sources (\`npm run readme\` writes it)`, () => {
    assert.equal(printedTable(readme), transitionTable());
  });
}
