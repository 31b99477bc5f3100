import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

test('the simulator imports nothing of the project it is used to test', () => {
  const folder = import.meta.dirname;
  const files = readdirSync(folder).filter(name => name.endsWith('.ts'));
  assert.ok(files.length > 30);
  for (const file of files) {
    const sources = [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/(?:from|import\() ?'([^']+)'/g)].map(
      ([, source]) => source ?? '',
    );
    for (const source of sources) assert.match(source, /^(node:[a-z_/]+|\.\/[a-z-]+\.ts|fast-xml-parser)$/, file);
  }
});
