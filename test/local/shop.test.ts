import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { loadShop } from '../../local/shop.ts';

const gateway = 'http://127.0.0.1:4102';

test('pages are served as they are, their scripts are bundled for the browser, and nothing else is there', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zeus-payments-shop-test-'));
  writeFileSync(path.join(folder, 'index.html'), '<p>店');
  writeFileSync(path.join(folder, 'style.css'), 'p{}');
  writeFileSync(path.join(folder, 'part.ts'), 'export const yen: number = 8000;');
  writeFileSync(path.join(folder, 'index.ts'), "import { yen } from './part.ts'; document.title = String(yen);");
  writeFileSync(path.join(folder, 'notes.txt'), 'not for the browser');
  const shop = loadShop(folder, gateway);
  rmSync(folder, { recursive: true });

  assert.deepEqual([...shop.keys()].sort(), ['/', '/index.html', '/index.js', '/style.css', '/token-client.js']);
  assert.equal(shop.get('/')?.body.toString(), '<p>店');
  assert.equal(shop.get('/')?.headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(shop.get('/index.js')?.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.doesNotMatch(String(shop.get('/index.js')?.body), /import|: number/);
  assert.match(String(shop.get('/index.js')?.body), /8e3|8000/);
});

test('pages run and load what the shop serves alone, the checkout the vendor’s script and an issuer’s frame too', () => {
  const shop = loadShop(new URL('../../local/shop', import.meta.url).pathname, `${gateway}/any/path`);
  const pages = [...shop].filter(([name]) => name.endsWith('.html'));
  assert.ok(pages.length > 3);
  for (const [name, { headers, body }] of pages) {
    const policy = String(headers['content-security-policy']);
    const here = 'http://127.0.0.1:4102';
    const allowed =
      name === '/checkout.html' ? `script-src 'self' ${here}; frame-src https: ${here}` : "script-src 'self'";
    assert.ok(policy.startsWith(`default-src 'none'; ${allowed}; style-src 'self'; `), policy);
    assert.match(policy, /connect-src 'self' http:\/\/127\.0\.0\.1:4102;/);
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.doesNotMatch(
      body.toString(),
      /\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)|https?:\/\/(?!www\.w3\.org)/,
      name,
    );
  }
});

test('no folder, no shop', () => {
  assert.equal(loadShop('/nowhere', gateway).size, 0);
});
