import { launchBrowser, startAll } from './support.ts';

const t = Date.now();
const local = await startAll();
console.log(local.api, local.gateway, Date.now() - t);
const browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
page.on('console', m => console.log('console', m.text()));
page.on('pageerror', e => console.log('pageerror', e.message));
try {
  await page.goto(local.api + '/');
  await page.waitForSelector('#products li');
  await page.screenshot({ path: '/tmp/shots/index.png' });
  await page.goto(local.api + '/checkout.html?item=kettle');
  await page.click('[data-card="4111111111111111"]');
  await page.screenshot({ path: '/tmp/shots/checkout.png', fullPage: true });
  await page.check('#save-card');
  await page.click('#checkout button[type=submit]');
  await page.waitForSelector('#confirm:not([hidden])');
  await page.screenshot({ path: '/tmp/shots/confirm.png' });
  await page.click('#pay');
  await page.waitForURL(/result/);
  await page.waitForSelector('#links a');
  await page.screenshot({ path: '/tmp/shots/result.png' });
  await page.click('#links a:last-child');
  await page.waitForSelector('#timeline [data-source=callback]');
  await page.screenshot({ path: '/tmp/shots/order.png', fullPage: true });
  await page.goto(local.api + '/orders.html');
  await page.waitForSelector('#list tr');
  await page.screenshot({ path: '/tmp/shots/orders.png' });
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(local.api + '/checkout.html?item=kettle');
  await page.click('header button');
  await page.screenshot({ path: '/tmp/shots/mobile.png', fullPage: true });
} catch (e) {
  console.log(e);
  await page.screenshot({ path: '/tmp/shots/fail.png' });
}
await browser.close();
await local.stop();
