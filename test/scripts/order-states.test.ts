import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languages, orderStates, partOf } from '../../scripts/order-states.ts';
import { readPart } from '../../scripts/support/generated-part.ts';
import { english, japanese } from '../../scripts/support/order-states-words.ts';
import { statuses } from '../../shared/domain/words.ts';

for (const words of languages) {
  test(`${words.document} shows the tables of the sources (\`npm run readme\` writes them)`, () => {
    assert.equal(readPart(partOf(words)), orderStates(words));
  });

  test(`every status has a row in ${words.document}`, () => {
    const [, rows = ''] = orderStates(words).split(`### ${words.headings.statuses}`);
    assert.deepEqual(
      [...rows.matchAll(/^\| `(\w+)` \|/gm)].map(([, status]) => status),
      [...statuses],
    );
  });
}

test('a line of the grid names its facts, its status with attention, and what contradicts it', () => {
  const text = orderStates(english);
  assert.ok(text.includes('| `09` | `paid`, with `cancel_failed` | `return_done` |\n'));
  assert.ok(text.includes('| `07`, `settle_done` | `paid` | `06` |\n'));
  assert.ok(text.includes('| `02`, `refused` | `declined` |  |\n'));
});

test('in Japanese the statuses and codes stay as they are', () => {
  const text = orderStates(japanese);
  assert.ok(text.includes('| `09` | `paid`、要確認 `cancel_failed` | `return_done` |\n'));
  assert.ok(text.includes('| `07`、`settle_done` | `paid` | `06` |\n'));
  assert.ok(text.includes('| `refused` | カード決済、コンビニ決済 | '));
});
