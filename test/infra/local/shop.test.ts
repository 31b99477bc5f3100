import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { loadShop } from '../../../infra/local/shop.ts';

test('pages are served as they are, scripts are bundled for the browser, and nothing else is there', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zeus-payments-shop-test-'));
  writeFileSync(path.join(folder, 'index.html'), '<p>店');
  writeFileSync(path.join(folder, 'style.css'), 'p{}');
  writeFileSync(path.join(folder, 'part.ts'), 'export const yen: number = 8000;');
  writeFileSync(path.join(folder, 'shop.ts'), "import { yen } from './part.ts'; document.title = String(yen);");
  writeFileSync(path.join(folder, 'notes.txt'), 'not for the browser');
  const shop = loadShop(folder);
  rmSync(folder, { recursive: true });

  assert.deepEqual([...shop.keys()].sort(), ['/', '/index.html', '/part.js', '/shop.js', '/style.css']);
  assert.equal(shop.get('/')?.body.toString(), '<p>店');
  assert.equal(shop.get('/')?.headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(shop.get('/shop.js')?.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.doesNotMatch(String(shop.get('/shop.js')?.body), /import|: number/);
  assert.match(String(shop.get('/shop.js')?.body), /8e3|8000/);
});

test('no folder, no shop', () => {
  assert.equal(loadShop('/nowhere').size, 0);
});
