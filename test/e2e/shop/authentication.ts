import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page, Request } from 'playwright-core';
import { findings } from '../accessibility.ts';
import { confirmOrder, gatewayControl } from '../support.ts';
import { api, gateway, skip, visitShop } from './started.ts';

const checkout = '/checkout.html?item=kettle';
const thanks = 'h1:has-text("お支払いありがとうございました")';

/** From the form to the button that sends, with a card of the simulator's. */
async function payWith(page: Page, number: string): Promise<void> {
  await page.click('[data-card="4111111111111111"]');
  await page.fill('#card-number', number);
  await confirmOrder(page);
  await page.click('#pay');
}

const challenge = (page: Page) => page.frameLocator('#challenge iframe[name="3ds_challenge"]');
const press = (page: Page, button: string) => challenge(page).locator(`button[value=${button}]`).click();

/** What the gateway's ledger says of the order that the page shows, and how often each step was asked for. */
async function atGateway(orderId: string) {
  const read = async (what: string) => (await fetch(`${gateway}/_control/${what}`)).json();
  const of = (all: { sendpoint: string }[]) => all.filter(({ sendpoint }) => sendpoint === orderId);
  const entries = of(await read('ledger')).map(each => [
    Reflect.get(each, 'kind'),
    Reflect.get(each, 'authentication'),
  ]);
  const steps = of(await read('requests')).map(each => Reflect.get(each, 'endpoint'));
  return { entries, steps };
}

const orderOf = (page: Page) => new URL(page.url()).searchParams.get('order') ?? '';
/** The order that the page completed or gave up last, as it is now. */
async function lastOrder(requests: Request[]) {
  const paths = requests.map(each => /\/shop\/(completions|abandonments)\/(.+)$/.exec(each.url())?.[2]);
  return (await fetch(`${api}/orders/${paths.findLast(Boolean)}`)).json();
}

const keysOf = (requests: Request[]) =>
  requests.filter(each => each.url().endsWith('authentications')).map(each => each.headers()['idempotency-key']);

test('a card without a challenge is paid, under the strict policy', { skip }, async () => {
  const { page, problems } = await visitShop(checkout);
  await payWith(page, '4111111111111111');
  await page.waitForSelector(thanks);
  assert.deepEqual(await atGateway(orderOf(page)), {
    entries: [['charge', '001']],
    steps: ['enroll', 'risk', 'authenticate', 'pay'],
  });
  assert.deepEqual(problems, []);
  await page.click('#links a[href^="/order.html"]');
  await page.waitForSelector('#order dd:has-text("認証済み (001)")');
});

test('a challenge is passed in the page, by keyboard alone, 390 px wide', { skip }, async () => {
  const { page, problems } = await visitShop(checkout, { viewport: { width: 390, height: 844 } });
  await page.click('[data-card="4000000000320103"]');
  await confirmOrder(page);
  await page.focus('#pay');
  await page.keyboard.press('Enter');
  await challenge(page).locator('button[value=pass]').waitFor();
  assert.equal(await page.evaluate('document.activeElement.id'), 'authentication-title');
  assert.ok(await page.isHidden('#challenge_wait'));
  assert.deepEqual(await findings(page), []);
  const width = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  assert.equal(await page.evaluate(width), 0);
  const focusedButton = () =>
    challenge(page)
      .locator('body')
      .evaluate(() => Reflect.get(document.activeElement ?? {}, 'value'));
  for (let tries = 0; (await focusedButton()) !== 'pass'; tries += 1) {
    assert.ok(tries < 10, 'Tab never reaches the challenge');
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.waitForSelector(thanks);
  assert.deepEqual((await atGateway(orderOf(page))).entries, [['charge', '001']]);
  assert.deepEqual(problems, []);
});

test('a failed challenge charges nothing: back to the form, what was typed is there, the card is not', {
  skip,
}, async () => {
  const { page, problems, requests } = await visitShop(checkout);
  await page.fill('#email', 'hanako@example.com');
  await page.selectOption('#quantity', '2');
  await payWith(page, '4000000000320103');
  await press(page, 'fail');
  await page.waitForSelector('#fault:has-text("本人認証を完了できませんでした")');
  assert.equal(await page.inputValue('#email'), 'hanako@example.com');
  assert.equal(await page.inputValue('#quantity'), '2');
  assert.equal(await page.inputValue('#card-number'), '');
  assert.equal(await page.isChecked('#consent'), true);
  const declined = await lastOrder(requests);
  assert.equal(declined.failure.reason, 'authentication_failed');
  assert.deepEqual(await atGateway(declined.orderId), { entries: [], steps: ['enroll', 'risk'] });
  await payWith(page, '4111111111111111');
  await page.waitForSelector(thanks);
  assert.equal(new Set(keysOf(requests)).size, 2);
  assert.deepEqual(problems, []);
});

test('a payer who leaves the challenge is charged nothing, and the order waits until it expires', {
  skip,
}, async () => {
  const { page, problems, requests } = await visitShop(checkout);
  await payWith(page, '4000000000320103');
  await press(page, 'leave');
  await page.click('#leave');
  await page.waitForSelector('#fault:has-text("本人認証が終わりませんでした。代金はいただいておりません。")');
  const order = await lastOrder(requests);
  assert.equal(order.status, 'awaiting_customer');
  const later = new Date(Date.now() + 61 * 60_000).toISOString();
  await fetch(`${api}/_local/schedule?now=${later}`, { method: 'POST' });
  assert.equal((await lastOrder(requests)).status, 'expired');
  assert.deepEqual((await atGateway(order.orderId)).entries, []);
  assert.deepEqual(problems, []);
});

test('a reload during the challenge begins it again, with the same order', { skip }, async () => {
  const { page, requests } = await visitShop(checkout);
  await payWith(page, '4000000000320103');
  await challenge(page).locator('button[value=pass]').waitFor();
  await page.reload();
  await page.click('#pay');
  await press(page, 'pass');
  await page.waitForSelector(thanks);
  const keys = keysOf(requests);
  assert.deepEqual([keys.length, new Set(keys).size], [2, 1]);
  assert.deepEqual(await atGateway(orderOf(page)), {
    entries: [['charge', '001']],
    steps: ['enroll', 'risk', 'risk', 'authenticate', 'pay'],
  });
});

test('a late device page: termUrl is posted to twice, with different words, and the card is charged once', {
  skip,
}, async () => {
  const { page, requests } = await visitShop(checkout);
  await page.clock.install();
  await page.clock.resume();
  await page.click('[data-card="4111111111111111"]');
  await page.fill('#card-number', '4000000000320905');
  await confirmOrder(page);
  await gatewayControl(gateway, 'faults', { endpoint: 'authenticate', fault: 'late-answer', ms: 4000 });
  await page.click('#pay');
  await page.frameLocator('#challenge iframe').locator('template').waitFor({ state: 'attached' });
  await page.clock.fastForward(20_100);
  const posts = () => requests.filter(each => each.url().includes('/shop/completions/'));
  while (posts().length < 2) await sleep(20);
  await page.waitForSelector(thanks);
  const words = posts()
    .map(each => each.postDataJSON())
    .map(({ PaRes, status }) => `${PaRes} ${status}`);
  assert.deepEqual(words, ['Y success', 'N invalid']);
  const { entries, steps } = await atGateway(orderOf(page));
  assert.deepEqual(entries, [['charge', '001']]);
  assert.deepEqual(steps.toSorted(), ['authenticate', 'enroll', 'pay', 'risk', 'risk']);
});

test('a script that does not load, and one that gives up, charge nothing', { skip }, async () => {
  const { page } = await visitShop(checkout);
  await page.route('**/3ds-web-wrapper.js', route => route.abort(), { times: 1 });
  await payWith(page, '4111111111111111');
  await page.waitForSelector('#fault:has-text("本人認証が終わりませんでした")');
  await payWith(page, '4000000000320608');
  await page.waitForSelector('#fault:has-text("本人認証が終わりませんでした")');
  await payWith(page, '4000000000320202');
  await page.waitForSelector('#fault:has-text("本人認証を完了できませんでした")');
});

test('a stored card too is authenticated', { skip }, async () => {
  const { page } = await visitShop(checkout);
  await page.check('#save-card');
  await payWith(page, '4000000000320103');
  await press(page, 'pass');
  await page.waitForSelector(thanks);
  await page.goto(`${api}${checkout}`);
  await page.check('[value=stored-card]');
  await page.fill('#stored-cvv', '123');
  await confirmOrder(page);
  await page.click('#pay');
  await press(page, 'pass');
  await page.waitForSelector(thanks);
  assert.deepEqual((await atGateway(orderOf(page))).entries, [['charge', '001']]);
});
