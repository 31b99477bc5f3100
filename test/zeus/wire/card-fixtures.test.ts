import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fixture, folder } from '../card-fixtures.ts';

test('the index tells of every fixture where it comes from, and of no other', () => {
  const rows = Array.from(
    fixture('README.md')
      .toString()
      .matchAll(/^\| (\S+\.\S+) \| .{8,} \|$/gm),
    match => match[1],
  );
  const files = readdirSync(folder).filter(name => name !== 'README.md');
  assert.deepEqual(rows.sort(), files.sort());
});
