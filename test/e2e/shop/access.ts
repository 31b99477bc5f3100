import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { findings } from '../accessibility.ts';
import { confirmOrder, payBy, sentTo } from '../support.ts';
import { api, gateway, skip, tokenUrl, visitShop } from './started.ts';

/** No page is wider than the screen, whatever its content. */
const overflow = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

test('on a phone 390 px wide every page fits and has no serious accessibility finding', { skip }, async () => {
  const { page } = await visitShop('/', { viewport: { width: 390, height: 844 } });
  const sound = async (what: string) => {
    assert.deepEqual(await findings(page), [], what);
    assert.equal(await overflow(page), 0, what);
  };
  await page.waitForSelector('#products li');
  await sound('products');
  await page.click('#products a >> nth=1');
  for (const method of ['carrier', 'cvs', 'stored-card', 'new-card']) {
    await page.check(`[value=${method}]`);
    await sound(method);
  }
  await page.click('#checkout button[type=submit]');
  await sound('faults');
  await page.click('[data-card="4111111111111111"]');
  await page.check('#save-card');
  await confirmOrder(page);
  await sound('confirmation');
  await page.click('#pay');
  await page.waitForSelector('#links a');
  await sound('result');
  await page.click('#links a[href^="/order.html"]');
  await page.waitForSelector('#cancel');
  await sound('order');
  await page.click('header button');
  await page.click('nav a[href="/orders.html"]');
  await page.waitForSelector('#list tr');
  await sound('list, in English');
});

test('at 1280 px too: a carrier order that is to be settled, and a store order', { skip }, async () => {
  const { page } = await visitShop('/checkout.html', { viewport: { width: 1280, height: 800 } });
  await payBy(page, 'cvs', ['#store', 'daily-yamazaki']);
  await page.waitForSelector('.payment-number');
  assert.deepEqual(await findings(page), []);
  await page.goto(`${api}/checkout.html`);
  await payBy(page, 'carrier', ['#carrier', 'au']);
  await page.click('button[value=proceed]');
  await page.click('button[value=complete]');
  await page.click('#site-back');
  await page.click('#links a[href^="/order.html"]');
  await page.waitForSelector('#book');
  assert.deepEqual(await findings(page), []);
});

test('the keyboard alone is enough, and the focus goes where something happened', { skip }, async () => {
  const { page, requests } = await visitShop('/checkout.html');
  await page.waitForSelector('[data-card]');
  const focused = () => page.evaluate('document.activeElement.id || document.activeElement.dataset.card || ""');
  const tabTo = async (id: string) => {
    for (let tries = 0; tries < 40; tries += 1) {
      await page.keyboard.press('Tab');
      if ((await focused()) === id) return;
    }
    assert.fail(`Tab never reaches ${id}`);
  };
  await tabTo('card-number');
  await page.keyboard.type('4111111111111111');
  await page.keyboard.press('Tab');
  await page.keyboard.type('12');
  await page.keyboard.press('Tab');
  await page.keyboard.type(String(new Date().getFullYear() + 1));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#cvv-fault:has-text("入力してください")');
  assert.equal(await focused(), 'cvv');
  await page.keyboard.type('123');
  await page.keyboard.press('Tab');
  await page.keyboard.type('TARO ZEUS');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#consent-fault:has-text("チェックしてください")');
  assert.equal(await focused(), 'consent');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#confirm:not([hidden])');
  assert.equal(await focused(), 'confirm-title');
  await tabTo('pay');
  await page.keyboard.press('Enter');
  await page.waitForSelector('h1:has-text("お支払いありがとうございました")');
  assert.deepEqual(sentTo(requests, '4111111111111111'), [tokenUrl]);
});

test('the checkout page has a strict policy, and keeps to it all the way', { skip }, async () => {
  const answer = await fetch(`${api}/checkout.html`);
  const policy = answer.headers.get('content-security-policy') ?? '';
  assert.match(policy, new RegExp(`script-src 'self' ${gateway};`));
  assert.match(policy, new RegExp(`frame-src https: ${gateway};`));
  assert.match(policy, /style-src 'self';/);
  assert.match(policy, new RegExp(`connect-src 'self' ${gateway};`));
  assert.doesNotMatch(policy, /unsafe|data:|\*/);

  const { page, problems, requests } = await visitShop('/checkout.html');
  await page.evaluate('fetch("http://127.0.0.1:9/").catch(() => null)');
  const told = problems.length;
  assert.ok(told > 0, 'a breach is noticed');
  await payBy(page, 'carrier', ['#carrier', 'softbank']);
  await page.waitForSelector('button[value=proceed]');
  const hosts = new Set(requests.map(each => new URL(each.url()).origin));
  assert.deepEqual([...hosts].sort(), [api, gateway].sort());
  assert.equal(problems.length, told);
});

test('English and Japanese can be switched at any time', { skip }, async () => {
  const { page } = await visitShop('/checkout.html');
  assert.equal(await page.getAttribute('html', 'lang'), 'ja');
  await page.fill('#phone', '0399999999');
  await page.click('header button');
  assert.equal(await page.textContent('h1'), 'Checkout');
  assert.equal(await page.inputValue('#phone'), '0399999999');
  await page.reload();
  await page.waitForSelector('h1:has-text("Checkout")');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
});
