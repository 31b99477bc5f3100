import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundleTokenClient } from '../../../local/shop.ts';

test('the token client is one module of at most 8 kB', () => {
  const built = Buffer.from(bundleTokenClient());
  assert.ok(built.length <= 8000, `${built.length} bytes`);
  assert.doesNotMatch(built.toString(), /^import|\bimport\(/m);
  assert.match(built.toString(), /export\{\w+ as authenticate,\w+ as createToken\};?\s*$/);
});
