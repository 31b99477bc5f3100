import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { payBy } from '../support.ts';
import { skip, visitShop } from './started.ts';

async function order(choice: [select: string, value: string]): Promise<Page> {
  const { page } = await visitShop('/checkout.html?item=kettle');
  await payBy(page, 'carrier', choice);
  return page;
}

for (const carrier of ['docomo', 'au', 'softbank']) {
  test(`${carrier}: through its pages, to authorized and settled`, { skip }, async () => {
    const page = await order(['#carrier', carrier]);
    await page.click('button[value=proceed]');
    await page.click('button[value=complete]');
    await page.click('#site-back');
    await page.waitForSelector('h1:has-text("お支払いありがとうございました")');
    await page.click('#links a[href^="/order.html"]');
    await page.waitForSelector('#order .pill[data-status=authorized]');
    await page.click('#settle button');
    await page.waitForSelector('#order .pill[data-status=paid]');
    await page.click('#return button');
    await page.waitForSelector('#order .pill[data-status=cancelled]');
  });

  test(`${carrier}: given up on its pages, back in the shop it is not paid`, { skip }, async () => {
    const page = await order(['#carrier', carrier]);
    await page.click('button[value=proceed]');
    await page.click('button[value=fail]');
    await page.click('#site-back');
    await page.waitForSelector('h1:has-text("お支払いは成立しませんでした")');
  });
}

test('a settlement is booked, withdrawn and made', { skip }, async () => {
  const page = await order(['#carrier', 'docomo']);
  await page.click('button[value=proceed]');
  await page.click('button[value=complete]');
  await page.click('#site-back');
  await page.click('#links a[href^="/order.html"]');
  await page.waitForSelector('#book');
  await page.fill('#book-amount', '7000');
  await page.click('#book button');
  await page.waitForSelector('#order .pill[data-status=settle_scheduled]');
  assert.match((await page.textContent('#order')) ?? '', /7,000円/);
  await page.click('#withdraw button');
  await page.waitForSelector('#order .pill[data-status=authorized]');
  await page.selectOption('#book-by', 'gateway');
  await page.click('#book button');
  await page.waitForSelector('#order .pill[data-status=settle_scheduled]');
});
