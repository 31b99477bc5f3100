import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

// An order's ID follows from its key: who could guess the key, by the shop's order number, would know the ID.

/** A key written out in a command or a header. */
const written = /--key (?!…)[^\s$"]|-H ['"]?Idempotency-Key:(?! *\$)|['"]idempotency-key['"]: ?['"]/i;

test('no document and no script writes a key out', () => {
  const files = globSync(['README*.md', 'docs/*.md', 'scripts/**/*.ts', 'local/shop/*.ts', 'local/api-page/*.ts']);
  const found = files.flatMap(file =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(line => written.test(line))
      .map(line => `${file}: ${line}`),
  );
  assert.deepEqual(found, []);
  assert.match('npm run -s api -- POST /card/charges --key order-4711', written);
  assert.match('-H "Idempotency-Key: order-4711"', written);
  assert.match("headers: { 'idempotency-key': 'order-4711' }", written);
});

test('what makes a key makes it at random', () => {
  const makers: [file: string, maker: RegExp][] = [
    ['README.md', /KEY=\$\(node -p 'crypto\.randomUUID\(\)'\)/],
    ['README.ja.md', /KEY=\$\(node -p 'crypto\.randomUUID\(\)'\)/],
    ['docs/examples.md', /KEY=\$\(node -p 'crypto\.randomUUID\(\)'\)/],
    ['docs/examples.md', /const key = randomUUID\(\)/],
    ['docs/examples.md', /\$key = bin2hex\(random_bytes\(16\)\)/],
    ['docs/openapi.json', /"example": "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"/],
    ['scripts/api.ts', /options\.get\('key'\) \?\? randomUUID\(\)/],
    ['local/shop/checkout.ts', /key: crypto\.randomUUID\(\)/],
  ];
  for (const [file, maker] of makers) assert.match(readFileSync(file, 'utf8'), maker, file);
});
