import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confirmOrder, gatewayControl, sentTo } from '../support.ts';
import { gateway, skip, tokenUrl, visitShop } from './started.ts';

const checkout = '/checkout.html?item=kettle';

test('a new card is paid, its number goes to the gateway alone, and the order page tells what happened', {
  skip,
}, async () => {
  const { page, requests, problems } = await visitShop(checkout);
  await page.click('[data-card="4111111111111111"]');
  await confirmOrder(page);
  assert.match((await page.textContent('#summary')) ?? '', /4111\*+1111/);
  assert.equal(await page.inputValue('#card-number'), '');
  assert.equal(await page.inputValue('#cvv'), '');
  await page.click('#pay');
  await page.waitForSelector('h1:has-text("お支払いありがとうございました")');
  await page.click('#links a[href^="/order.html"]');
  await page.waitForSelector('#timeline [data-source=callback][data-to=paid]');
  assert.equal(await page.textContent('#order .pill'), '支払済み');
  assert.deepEqual(sentTo(requests, '4111111111111111'), [tokenUrl]);
  assert.deepEqual(problems, []);
});

test('a failing card is told so on the checkout page, and another one can be used', {
  skip,
}, async () => {
  const { page, requests } = await visitShop(checkout);
  await page.click('[data-card="0000000000000000"]');
  await page.fill('#phone', '0398765432');
  await confirmOrder(page);
  await page.click('#pay');
  await page.waitForSelector('#fault:has-text("カード")');
  assert.ok(await page.isVisible('#checkout'));
  assert.equal(await page.evaluate('document.activeElement.id'), 'fault');
  assert.equal(await page.inputValue('#phone'), '0398765432');
  assert.equal(await page.inputValue('#card-number'), '');
  await page.click('[data-card="4111111111111111"]');
  await confirmOrder(page);
  await page.click('#pay');
  await page.waitForSelector('h1:has-text("お支払いありがとうございました")');
  assert.deepEqual(sentTo(requests, '0000000000000000'), [tokenUrl]);
  assert.deepEqual(sentTo(requests, '4111111111111111'), [tokenUrl]);
});

test('a card is stored, then charged with its security code alone, then deleted', { skip }, async () => {
  const { page, requests } = await visitShop(checkout);
  await page.click('[data-card="4111111111111111"]');
  await page.check('#save-card');
  await confirmOrder(page);
  await page.click('#pay');
  await page.waitForSelector('h1:has-text("お支払いありがとうございました")');
  await page.goto(new URL(checkout, page.url()).href);
  await page.check('[value=stored-card]');
  await page.fill('#stored-cvv', '123');
  await confirmOrder(page);
  assert.match((await page.textContent('#summary')) ?? '', /4111\*+1111.*\*\*\*/);
  await page.click('#pay');
  await page.click('#links a[href^="/order.html"]');
  await page.waitForSelector('#timeline [data-source=callback][data-to=paid]');
  assert.deepEqual(sentTo(requests, '4111111111111111'), [tokenUrl]);
  assert.deepEqual(sentTo(requests, '<cvv>123</cvv>'), [tokenUrl, tokenUrl]);

  await page.click('#delete-card button');
  await page.waitForSelector('#message:has-text("完了しました")');
  await page.goto(new URL(checkout, page.url()).href);
  await page.check('[value=stored-card]');
  assert.equal(await page.inputValue('#card-id'), '');
});

test('what is wrong with the card is said beside the field; what is wrong elsewhere, above', { skip }, async () => {
  const { page } = await visitShop(checkout);
  await page.click('#checkout button[type=submit]');
  assert.equal(await page.textContent('#card-number-fault'), '入力してください。');
  assert.equal(await page.evaluate('document.activeElement.id'), 'card-number');

  await page.click('[data-card="4111111111111111"]');
  await page.fill('#card-number', '4111111111111112');
  await page.check('#consent');
  await page.click('#checkout button[type=submit]');
  await page.waitForSelector('#card-number-fault:has-text("カード番号に誤りがあるようです")');
  assert.equal(await page.getAttribute('#card-number', 'aria-invalid'), 'true');
  assert.equal(await page.inputValue('#card-number'), '4111111111111112');

  await page.fill('#card-number', '4111111111111111');
  const faults = [
    ['maintenance', 'メンテナンス中'],
    ['garbage', '99999999'],
  ];
  for (const [fault, text] of faults) {
    await gatewayControl(gateway, 'faults', { endpoint: 'token', fault });
    await page.click('#checkout button[type=submit]');
    await page.waitForSelector(`#fault:has-text("${text}")`);
  }
  await page.route('**/token.cgi', route => route.abort(), { times: 1 });
  await page.click('#checkout button[type=submit]');
  await page.waitForSelector('#fault:has-text("通信できませんでした")');

  await page.click('header button');
  await gatewayControl(gateway, 'faults', { endpoint: 'token', fault: 'refusal', code: '02130922' });
  await page.click('#checkout button[type=submit]');
  await page.waitForSelector('#expires-month-fault:has-text("The expiry date was not accepted.")');
});

test('after 60 s the payer is told to wait, and a request that broke off is repeated', { skip }, async () => {
  const { page } = await visitShop(checkout);
  await page.click('[data-card="4111111111111111"]');
  await confirmOrder(page);
  await gatewayControl(gateway, 'faults', { endpoint: 'enroll', fault: 'late-answer', ms: 2500 });
  await page.route('**/card/authentications', route => route.abort(), { times: 1 });
  await page.clock.install();
  await page.click('#pay');
  await page.clock.fastForward(61_000);
  await page.waitForSelector('#message:has-text("時間がかかっています")');
  await page.clock.resume();
  await page.waitForSelector('h1:has-text("お支払いありがとうございました")');
});

test('a reload while the payment runs keeps the key: the same request again, one charge', { skip }, async () => {
  const { page, requests } = await visitShop(checkout);
  await page.click('[data-card="4111111111111111"]');
  await confirmOrder(page);
  await gatewayControl(gateway, 'faults', { endpoint: 'enroll', fault: 'late-answer', ms: 1500 });
  const sent = page.waitForRequest('**/card/authentications');
  await page.click('#pay');
  await sent;
  await page.reload();
  await page.waitForSelector('#confirm:not([hidden])');
  await page.click('#pay');
  await page.waitForSelector('h1:has-text("お支払いありがとうございました")');
  const charges = requests.filter(each => each.url().endsWith('/card/authentications'));
  assert.ok(charges.length > 1);
  assert.equal(new Set(charges.map(each => each.headers()['idempotency-key'])).size, 1);
  await page.goto(new URL(checkout, page.url()).href);
  await page.waitForSelector('#checkout:not([hidden])');
});

test('card fields have no name, so no form submit can post them', { skip }, async () => {
  const { page } = await visitShop(checkout);
  assert.equal(await page.locator('input[name]:not([type=radio]), select[name]').count(), 0);
  assert.ok((await page.locator('[data-method=new-card] input').count()) >= 3);
});

test('a charge is cancelled from the order page, which follows without a reload', { skip }, async () => {
  const { page } = await visitShop(checkout);
  await page.click('[data-card="4111111111111111"]');
  await confirmOrder(page);
  await page.click('#pay');
  await page.click('#links a[href^="/order.html"]');
  await page.evaluate('window.stays = true');
  await page.click('#cancel button');
  await page.waitForSelector('#timeline [data-to=cancelling]');
  await page.waitForSelector('#order .pill[data-status=cancelled]');
  assert.equal(await page.evaluate('window.stays'), true);
});

test('a gateway in maintenance charges nothing, and the card is entered again', { skip }, async () => {
  const { page } = await visitShop(checkout);
  await page.click('[data-card="4111111111111111"]');
  await confirmOrder(page);
  await gatewayControl(gateway, 'faults', { endpoint: 'enroll', fault: 'maintenance' });
  await page.click('#pay');
  await page.waitForSelector('#fault:has-text("カード情報をもう一度入力してください")');
  await page.click('[data-card="4111111111111111"]');
  await confirmOrder(page);
  await page.click('#pay');
  await page.waitForSelector('h1:has-text("お支払いありがとうございました")');
});

test('an answer that is lost is not paid twice: the page waits for the callback', { skip }, async () => {
  const { page } = await visitShop(checkout);
  await page.click('[data-card="4111111111111111"]');
  await page.fill('#email', 'lost-answer+callback-late.3000@fault.invalid');
  await confirmOrder(page);
  await page.click('#pay');
  await page.waitForSelector('h1:has-text("結果を確認しています")');
  await page.waitForSelector('h1:has-text("お支払いありがとうございました")');
});
