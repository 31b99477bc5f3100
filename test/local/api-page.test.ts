import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import document from '../../docs/openapi.json' with { type: 'json' };
import { loadDocs } from '../../local/api-page.ts';
import { serve } from '../../local/server.ts';
import { launchBrowser, noBrowser } from '../e2e/support.ts';

const docs = loadDocs('http://127.0.0.1:4102');

test('the page, what it loads and the description are served, and nothing else', () => {
  const names = ['/docs', '/docs.css', '/docs.html', '/docs.js', '/docs/openapi.json'];
  assert.deepEqual([...docs.keys()].toSorted(), names);
  assert.deepEqual(JSON.parse(String(docs.get('/docs/openapi.json')?.body)), document);
  assert.match(String(docs.get('/docs')?.headers['content-security-policy']), /default-src 'none'; script-src 'self'/);
});

test('nothing comes from outside', () => {
  for (const name of ['/docs', '/docs.css', '/docs.js'])
    assert.doesNotMatch(String(docs.get(name)?.body), /https?:\/\//);
});

test('a browser shows every call with its fields and examples', { skip: noBrowser }, async () => {
  const server = await serve(0, 1 << 20, async ({ path }) => docs.get(path) ?? { status: 404, headers: {}, body: '' });
  const browser = await launchBrowser();
  after(async () => {
    await browser.close();
    await server.close();
  });
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', error => problems.push(error.message));
  page.on(
    'console',
    message => message.type() === 'error' && !/favicon/.test(message.location().url) && problems.push(message.text()),
  );
  await page.goto(`${server.url}/docs`);
  await page.waitForSelector('article#chargeToken');
  const calls = Object.values(document.paths).flatMap(methods => Object.keys(methods)).length;
  assert.equal(await page.locator('article').count(), calls);
  assert.equal(await page.locator('nav a[href^="#"]').count(), calls);
  const row = await page.locator('#chargeToken tr', { hasText: 'tokenKey' }).allTextContents();
  assert.match(row[0] ?? '', /^tokenKeystring, 1 to 86 characters/);
  await page
    .locator('#chargeToken summary', { hasText: /^Declined$/ })
    .last()
    .click();
  assert.match(await page.locator('#chargeToken pre:visible').last().innerText(), /"status": "declined"/);
  assert.deepEqual(problems, []);
});
