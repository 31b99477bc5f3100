import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

test('the simulator imports nothing of the project it is used to test', () => {
  const folder = fileURLToPath(new URL('../../../local/simulator', import.meta.url));
  const files = readdirSync(folder).filter(name => name.endsWith('.ts'));
  assert.ok(files.length > 30);
  for (const file of files) {
    const sources = [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/(?:from|import\() ?'([^']+)'/g)].map(
      ([, source]) => source ?? '',
    );
    for (const source of sources) assert.match(source, /^(node:[a-z_/]+|\.\/[a-z-]+\.ts|@rgrove\/parse-xml)$/, file);
  }
});
