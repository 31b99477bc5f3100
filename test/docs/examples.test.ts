import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Example, examples } from '../../scripts/openapi/examples.ts';
import { operations } from '../../scripts/openapi/operations.ts';
import { playExamples } from './examples.ts';

const nameOf = ({ route, name }: Example): string => `${route} ${name}`;
const played = await playExamples();

test('the same calls are shown as are played', () => {
  assert.deepEqual(examples.map(nameOf), played.map(nameOf));
});

for (const [index, example] of examples.entries()) {
  test(`as shown (\`node test/docs/examples.ts\` writes it): ${nameOf(example)}`, () => {
    assert.deepEqual(played[index], example);
  });
}

test('every operation has an example that succeeds', () => {
  const shown = new Set(examples.filter(({ status }) => status < 300).map(({ route }) => route));
  assert.deepEqual([...shown].toSorted(), Object.keys(operations).toSorted());
});
