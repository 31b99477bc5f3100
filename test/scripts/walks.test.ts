import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPart } from '../../scripts/support/generated-part.ts';
import { lengthOf, limits, part, walks, walksText } from '../../scripts/walks.ts';

test('docs/architecture.md shows the walks as they are (`npm run walks` writes them)', () => {
  assert.equal(readPart(part), walksText());
});

for (const walk of walks) {
  test(`${walk.title}: at most ${limits.files} files and ${limits.lines} lines`, () => {
    assert.ok(walk.files.length <= limits.files, `${walk.files.length} files`);
    assert.ok(lengthOf(walk) <= limits.lines, `${lengthOf(walk)} lines`);
    assert.equal(new Set(walk.files).size, walk.files.length, 'each file once');
  });
}
