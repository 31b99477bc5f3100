import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startSimulator } from '../../local/simulator/simulator.ts';
import { risk, xidOf } from '../local/simulator/three-d-support.ts';
import { cardToken } from '../support/local.ts';
import { findings } from './accessibility.ts';
import { launchBrowser, noBrowser, visit } from './support.ts';

const gateway = await startSimulator({ callbacks: { card: 'http://127.0.0.1:9/card' } });
const browser = noBrowser ? null : await launchBrowser();
after(async () => {
  await browser?.close();
  await gateway.close();
});
const skip = noBrowser;

async function charge(email = 'taro@example.com'): Promise<void> {
  const token = await cardToken(gateway.url);
  const fields = { clientip: '2019000001', token_key: token, money: '8000', telno: '0312345678', email, send: 'mall' };
  const body = new URLSearchParams({ ...fields, sendpoint: 'order-42', printord: 'yes' });
  await fetch(`${gateway.url}/cgi-bin/secure.cgi`, { method: 'POST', body }).catch(() => null);
  await gateway.idle();
}

test('the console shows a charge by itself, with its request, its callback and what was wrong with it', {
  skip,
}, async () => {
  const { page, problems } = await visit(browser, gateway.url);
  await page.waitForSelector('.empty');
  await charge();
  await page.waitForSelector('td:has-text("order-42")');
  await page.waitForSelector('.chip:has-text("charged")');
  await page.waitForSelector('.summary .chip:has-text("1 callbacks not accepted")');
  await page.click('td a:has-text("OK")');
  await page.waitForSelector('details.callback[open] li:has-text("sendpoint=order-42")');
  await page.click('details.request summary:has-text("POST charge")');
  await page.waitForSelector('details.request[open] li:has-text("money=8000")');
  await page.click('details.callback button:has-text("Resend")');
  await gateway.idle();
  assert.equal(gateway.callbacks()[0]?.attempts.length, 2);
  assert.deepEqual(await findings(page), []);
  assert.deepEqual(problems, []);
});

test('the console shows the steps of a session of EMV 3-D Secure', { skip }, async () => {
  const { page } = await visit(browser, gateway.url);
  const xid = await xidOf(gateway, '4000000000320202', { sendpoint: 'order-43' });
  await risk(gateway, xid);
  await page.waitForSelector('tr:has-text("order-43") .chip:text-is("refused")');
  const steps = await page.locator('tr:has-text("order-43") .steps li').allInnerTexts();
  assert.deepEqual(
    steps.map(step => step.replace(/^\S+ /, '')),
    ['enroll: success 000', 'risk: failure N'],
  );
  assert.deepEqual(await findings(page), []);
});

test('faults, clock and settings are set from the console', { skip }, async () => {
  const { page } = await visit(browser, `${gateway.url}/faults`);
  await page.selectOption('[name=fault]', 'lost-answer');
  await page.selectOption('[name=endpoint]', 'charge');
  await page.click('button:text-is("Arm")');
  await page.waitForSelector('td:text-is("lost-answer")');
  assert.deepEqual(gateway.armed(), [{ fault: 'lost-answer', endpoint: 'charge', count: 1 }]);
  assert.deepEqual(await findings(page), []);
  await page.click('button:text-is("Disarm all")');
  await page.waitForSelector('td:text-is("None is armed.")');
  await page.fill('[name=now]', '2030-01-02T00:00:00+09:00');
  await page.click('button:text-is("Set")');
  await page.waitForSelector('.summary:has-text("2030-01-02")');
  await page.click('button:text-is("Back to real time")');

  await page.click('nav a:text-is("Settings")');
  await page.selectOption('#checkSuccessok', 'true');
  await page.click('form:has(#checkSuccessok) button');
  await page.waitForURL('**/settings');
  assert.equal(gateway.settings().checkSuccessok, true);
  assert.deepEqual(await findings(page), []);
});
