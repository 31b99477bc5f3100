/** The demo shop in a real browser, on the whole local stack. One file, so that the stack starts once. */
import './shop/cards.ts';
import './shop/authentication.ts';
import './shop/carriers.ts';
import './shop/stores.ts';
import './shop/access.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allRequests, skip, tokenUrl } from './shop/started.ts';
import { sentTo } from './support.ts';

test('in all of this no card number went anywhere but to the gateway for a token', { skip }, () => {
  const numbers = ['4111111111111111', '0000000000000000', '4111111111111112', '4000000000320103'];
  for (const number of numbers) {
    const urls = allRequests.flatMap(requests => sentTo(requests, number));
    assert.ok(urls.length > 0);
    assert.deepEqual([...new Set(urls)], [tokenUrl]);
  }
});
