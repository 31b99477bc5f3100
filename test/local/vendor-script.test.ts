/** The stand-in for the vendor's script in a real browser. One file, so that the browser starts once. */
import './vendor-script/pays.ts';
import './vendor-script/errors.ts';
import './vendor-script/refuses.ts';
import './vendor-script/three-d.ts';
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

test('the scripts are plain ones that make no code of text', async () => {
  const files = await buildVendorScript();
  const scripts = Object.keys(files).filter(name => name.endsWith('.js'));
  assert.equal(scripts.length, 5);
  for (const name of scripts) {
    const script = files[name] ?? '';
    assert.doesNotMatch(script, /^\s*(import|export)\b|innerHTML|\beval\b|new Function/m);
    assert.equal(script.split('{simulator-mark}').length, 2);
  }
});
