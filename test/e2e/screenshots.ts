/** Writes docs/screenshots: `node test/e2e/screenshots.ts`. Needs Chromium. */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { confirmOrder, gatewayControl, launchBrowser, payBy, startAll, visit } from './support.ts';

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const laptop = { viewport: { width: 1100, height: 700 } };
const local = await startAll();
const browser = await launchBrowser();
try {
  await shoot();
} finally {
  await browser.close();
  await local.stop();
}

async function shoot(): Promise<void> {
  const { page } = await visit(browser, `${local.api}/checkout.html?item=kettle`, laptop);
  await page.click('[data-card="4111111111111111"]');
  await take(page, 'checkout');
  await page.check('#save-card');
  await confirmOrder(page);
  await page.click('#pay');
  await page.click('#links a[href^="/order.html"]');
  await page.waitForSelector('#timeline [data-source=callback]');
  await take(page, 'order');
  await others(page);
  await page.goto(`${local.api}/orders.html`);
  await page.waitForSelector('#list tr:nth-child(4)');
  await take(page, 'orders');
  const console = await visit(browser, `${local.gateway}/`, { viewport: { width: 1366, height: 768 } });
  await console.page.waitForTimeout(500);
  await console.page.click('details.callback summary');
  await take(console.page, 'console');
  const phone = await visit(browser, `${local.api}/checkout.html`, { viewport: { width: 390, height: 780 } });
  await payBy(phone.page, 'cvs', ['#store', 'lawson']);
  await phone.page.waitForSelector('.payment-number');
  await take(phone.page, 'phone');
}

/** A carrier order, a store order, a declined card and a lost answer. */
async function others(page: Page): Promise<void> {
  const start = () => page.goto(`${local.api}/checkout.html?item=grinder`);
  await start();
  await payBy(page, 'carrier', ['#carrier', 'docomo']);
  await page.click('button[value=proceed]');
  await page.click('button[value=complete]');
  await page.waitForSelector('#site-back');
  await start();
  await payBy(page, 'cvs', ['#store', 'familymart']);
  await page.waitForSelector('.payment-number');
  await start();
  await page.click('[data-card="0000000000000000"]');
  await confirmOrder(page);
  await page.click('#pay');
  await page.waitForSelector('#fault:not(:empty)');
  await start();
  await gatewayControl(local.gateway, 'faults', { endpoint: 'pay', fault: 'lost-answer' });
  await gatewayControl(local.gateway, 'faults', { endpoint: 'callback', fault: 'no-callback' });
  await page.click('[data-card="4111111111111111"]');
  await confirmOrder(page);
  await page.click('#pay');
  await page.waitForSelector('h1:has-text("結果を確認しています")');
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled' });
}
