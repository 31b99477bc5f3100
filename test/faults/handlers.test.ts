/** The explorer's handlers are those of `functions/`: each of their statements that reads a request is here as well. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path: string) =>
  readFileSync(new URL(path, import.meta.url), 'utf8')
    .replace(/\s+/g, ' ')
    .replace(/, }/g, ' }');
const here = read('./handlers.ts');
const names = [
  'token-charge',
  'recurring-charge',
  'card-deletion',
  'cancel',
  'carrier-order',
  'carrier-settle',
  'carrier-return',
  'cvs-order',
];

for (const name of names) {
  test(`${name} reads its request as functions/${name}.ts does`, () => {
    const statements =
      read(`../../functions/${name}.ts`).match(/const \{[^;]* = (body|readRequest\([^;]*);|const request = [^;]*;/g) ??
      [];
    assert.ok(statements.length > 0);
    assert.deepEqual(
      statements.filter(statement => !here.includes(statement)),
      [],
    );
  });
}
