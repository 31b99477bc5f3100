/** The stand-in for the vendor's script in a real browser. One file, so that the browser starts once. */
import './vendor-script/pays.ts';
import './vendor-script/errors.ts';
import './vendor-script/refuses.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildVendorScript } from '../../local/vendor-script.ts';
import { card, gateway, placesThatSaw, skip } from './vendor-script/merchant.ts';

test('in all of this card data went nowhere but to a gateway for a token', { skip }, () => {
  for (const secret of [card.number, card.cvv]) {
    const places = placesThatSaw(secret);
    assert.ok(places.includes(`${gateway.url}/cgi-bin/token/token.cgi`));
    assert.deepEqual(
      places.filter(place => new URL(place).pathname !== '/cgi-bin/token/token.cgi'),
      [],
    );
  }
});

test('both scripts are plain ones that make no code of text', async () => {
  const files = await buildVendorScript();
  assert.deepEqual(Object.keys(files).toSorted(), ['zeus_token.css', 'zeus_token.js', 'zeus_token_cvv.js']);
  for (const name of ['zeus_token.js', 'zeus_token_cvv.js']) {
    const script = files[name] ?? '';
    assert.doesNotMatch(script, /^\s*(import|export)\b|innerHTML|\beval\b|new Function/m);
    assert.equal(script.split('{simulator-mark}').length, 2);
  }
});
