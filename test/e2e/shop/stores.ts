import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { confirmOrder, payBy } from '../support.ts';
import { api, gateway, skip, visitShop } from './started.ts';

async function order(choice: [select: string, value: string]): Promise<Page> {
  const { page } = await visitShop('/checkout.html?item=beans');
  await payBy(page, 'cvs', choice);
  return page;
}

test('7-Eleven: the payer is led to the page with the slip', { skip }, async () => {
  const page = await order(['#store', 'seven-eleven']);
  await page.waitForURL(`${gateway}/cvs/result**`);
  assert.match((await page.textContent('strong')) ?? '', /^\d{13}$/);
});

test('Lawson: numbers to show, paid at the counter while the order page is open', { skip }, async () => {
  const page = await order(['#store', 'lawson']);
  await page.waitForSelector('dt:has-text("受付番号")');
  const [number = ''] = await page.locator('.payment-number').allTextContents();
  assert.match(number, /^\d{8}$/);
  await page.click('#links a[href^="/order.html"]');
  await page.waitForSelector('#order .pill[data-status=awaiting_customer]');
  await page.evaluate('window.stays = true');
  const counter = await page.context().newPage();
  await counter.goto(`${gateway}/counter?number=${number}`);
  await counter.click('button:has-text("pay")');
  await page.waitForSelector('#order .pill[data-status=received]');
  await counter.click('button:has-text("confirm")');
  await page.waitForSelector('#timeline [data-source=callback][data-to=paid]');
  assert.equal(await page.evaluate('window.stays'), true);
});

test('an operator decides an order, with nothing chosen beforehand, and finds it in the list by its filters', {
  skip,
}, async () => {
  const page = await order(['#store', 'ministop']);
  await page.waitForSelector('h1:has-text("コンビニ")');
  const reference = (await page.textContent('dd')) ?? '';
  await page.click('#links a[href^="/order.html"]');
  assert.equal(await page.inputValue('#resolve-outcome'), '');
  await page.selectOption('#resolve-outcome', 'cancelled');
  await page.fill('#resolve-note', 'お客様のご都合');
  await page.click('#resolve button');
  await page.waitForSelector('#timeline [data-source=operator] .note:has-text("お客様のご都合")');

  await page.goto(`${api}/orders.html`);
  await page.fill('#reference', reference);
  await page.click('#filters button[type=submit]');
  await page.waitForSelector('#message:text-is("1件")');
  await page.selectOption('#status', 'paid');
  await page.waitForSelector('#message:text-is("0件")');
  await page.selectOption('#status', 'cancelled');
  await page.click(`#list a:text-is("${reference}")`);
  await page.waitForSelector('#order .pill[data-status=cancelled]');
});

test('what the API refuses is said beside its field', { skip }, async () => {
  const { page } = await visitShop('/checkout.html');
  await page.check('[value=cvs]');
  await page.fill('#payer-name', 'Taro');
  await confirmOrder(page);
  await page.click('#pay');
  await page.waitForSelector('#payer-name-fault:has-text("ご確認ください")');
  assert.equal(await page.evaluate('document.activeElement.id'), 'payer-name');
  await page.fill('#payer-name', 'ヤマダ');
  await payBy(page, 'cvs', ['#store', 'familymart']);
  await page.waitForSelector('dt:has-text("企業コード")');
});
