import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page, Request } from 'playwright-core';
import { launchBrowser, noBrowser, startAll } from './support.ts';

const local = noBrowser ? null : await startAll();
const browser = noBrowser ? null : await launchBrowser();
after(async () => {
  await browser?.close();
  await local?.stop();
});

/** Pays on the demo page; answers the page and every request it made. */
async function payWith(cardNumber: string): Promise<{ page: Page; requests: Request[] }> {
  if (!local || !browser) throw new Error('There is no browser');
  const page = await browser.newPage();
  const requests: Request[] = [];
  page.on('request', request => requests.push(request));
  await page.goto(`${local.api}/`);
  await page.fill('#card-number', cardNumber);
  await page.click('button[type=submit]');
  await page.waitForFunction(() =>
    [...document.querySelectorAll('#history td')].some(cell => cell.textContent === 'callback'),
  );
  return { page, requests };
}

/** The requests whose URL or body holds the text. */
const holding = (requests: Request[], text: string): string[] =>
  requests.filter(each => each.url().includes(text) || (each.postData() ?? '').includes(text)).map(each => each.url());

test('the test card is paid, and the callback is in the history', { skip: noBrowser }, async () => {
  const { page, requests } = await payWith('4111111111111111');
  assert.equal(await page.textContent('#status'), 'paid');
  assert.deepEqual(holding(requests, '4111111111111111'), [`${local?.gateway}/cgi-bin/token/token.cgi`]);
  await page.close();
});

test('the failing card gets a token and is declined', { skip: noBrowser }, async () => {
  const { page, requests } = await payWith('0000000000000000');
  assert.equal(await page.textContent('#status'), 'declined');
  assert.deepEqual(holding(requests, '0000000000000000'), [`${local?.gateway}/cgi-bin/token/token.cgi`]);
  await page.close();
});

test('card fields have no name, so no form submit can post them', { skip: noBrowser }, async () => {
  const page = await browser?.newPage();
  await page?.goto(`${local?.api}/`);
  assert.equal(await page?.locator('input[name]').count(), 0);
  await page?.close();
});
