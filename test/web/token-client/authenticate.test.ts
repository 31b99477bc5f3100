/** `authenticate()` in a real browser, with the stand-in and the simulator, from a small shop with a strict policy. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { bundleTokenClient } from '../../../local/shop.ts';
import { startSimulator } from '../../../local/simulator/simulator.ts';
import { buildVendorScript } from '../../../local/vendor-script.ts';
import type * as TokenClient from '../../../web/token-client/token-client.ts';
import { launchBrowser, noBrowser, visit } from '../../e2e/support.ts';
import { elementText, enrol } from '../../local/simulator/three-d-support.ts';
import { serveOwn } from './gateways.ts';

const gateway = await startSimulator({ vendorScript: buildVendorScript });
const browser = noBrowser ? null : await launchBrowser();
after(async () => {
  await browser?.close();
  await gateway.close();
});
const skip = noBrowser;

const answered = (answer: unknown) => ({ kind: 'answered', answer });
const failed = (reason: string, message = '') => ({ kind: 'failed', reason, message });

interface Shop {
  /** What termUrl answers: status and body. */
  answer?: [status: number, body: string];
  /** Another vendor's script than the stand-in. */
  script?: string;
  timeoutMs?: number;
  /** Milliseconds until the page gives it up. */
  abortAfter?: number;
}

/** A page of a shop for a session of the card, and what its termUrl was told. */
async function openShop(number: string, { answer = [200, '{"state":"paid"}'], script, ...more }: Shop = {}) {
  const origin = new URL(gateway.url).origin;
  const policy = `default-src 'none'; script-src 'self' ${origin}; connect-src 'self' ${origin}; frame-src ${origin}`;
  const shop = await serveOwn((request, response) => {
    const isScript = request.url?.endsWith('.js');
    const isTermUrl = request.url === '/completion?key=1';
    const body = isTermUrl ? answer[1] : request.url === '/vendor.js' ? script : isScript ? bundleTokenClient() : html;
    const type = isScript ? 'text/javascript' : 'text/html';
    const headers = { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': policy };
    response.writeHead(isTermUrl ? answer[0] : 200, headers).end(body);
  });
  const posts = () => shop.asked.filter(({ url }) => url === '/completion?key=1');
  const told = () => posts().map(({ body }) => JSON.parse(body));
  const { text } = await enrol(gateway, number);
  const xid = elementText(text, 'xid') ?? '';
  const visited = await visit(browser, shop.url);
  const iframeUrl = elementText(text, 'iframeUrl') ?? '';
  const block = { md: xid, paReq: 'PaReq', threeDSMethod: '2', iframeUrl };
  const run = () =>
    visited.page.evaluate(
      async ([gatewayUrl, browserBlock, { timeoutMs = 60_000, abortAfter }]) => {
        const { authenticate }: typeof TokenClient = await import('/token-client.js' as string);
        const container = document.querySelector('main') as HTMLElement;
        const signal = abortAfter === undefined ? undefined : AbortSignal.timeout(abortAfter);
        const termUrl = new URL('/completion?key=1', location.href).href;
        const given = { gatewayUrl, container, termUrl, browser: browserBlock, timeoutMs, ...(signal && { signal }) };
        return authenticate(given);
      },
      [gateway.url, block, more] as const,
    );
  const wait = (ms: number) => visited.page.clock.runFor(ms);
  return { ...visited, xid, run, told, posts, wait };
}

const html = '<!doctype html><html lang="ja"><title>Shop</title><p id="challenge_wait">Wait</p><main></main></html>';

const without: [number: string, PaRes: string, status: string][] = [
  ['4111111111111111', 'Y', 'success'],
  ['4000000000320301', 'A', 'success'],
  ['4000000000320202', 'N', 'failure'],
  ['4000000000321101', 'N', 'maintenance'],
];
for (const [number, PaRes, status] of without) {
  test(`without a challenge: termUrl is told ${PaRes}, ${status}`, { skip }, async () => {
    const shop = await openShop(number);
    assert.deepEqual(await shop.run(), answered({ state: 'paid' }));
    assert.deepEqual(shop.told(), [{ MD: shop.xid, PaRes, status }]);
    assert.equal(shop.posts()[0]?.type, 'application/json');
    assert.deepEqual(shop.problems, []);
    assert.equal(await shop.page.locator('iframe').count(), 0);
  });
}

for (const [button, PaRes] of [
  ['pass', 'Y'],
  ['fail', 'N'],
] as const) {
  test(`a challenge, ${button}: the waiting message goes, termUrl is told ${PaRes}, success`, { skip }, async () => {
    const shop = await openShop('4000000000320103');
    const result = shop.run();
    await shop.page.frameLocator('main iframe >> nth=1').locator(`button[value=${button}]`).click();
    assert.ok(await shop.page.isHidden('#challenge_wait'));
    assert.deepEqual(await result, answered({ state: 'paid' }));
    assert.deepEqual(shop.told(), [{ MD: shop.xid, PaRes, status: 'success' }]);
    assert.deepEqual(shop.problems, []);
    assert.equal(await shop.page.locator('iframe').count(), 0);
  });
}

test('a payer who leaves shows only in the time-out', { skip }, async () => {
  const shop = await openShop('4000000000320103', { timeoutMs: 3000 });
  const result = shop.run();
  await shop.page.frameLocator('main iframe >> nth=1').locator('button[value=leave]').click();
  assert.deepEqual(await result, failed('timed_out'));
  assert.deepEqual(shop.told(), []);
  assert.equal(await shop.page.locator('iframe').count(), 0);
});

test('the page gives it up', { skip }, async () => {
  const shop = await openShop('4000000000320103', { abortAfter: 1500 });
  assert.deepEqual(await shop.run(), failed('aborted'));
  const before = await openShop('4111111111111111', { abortAfter: 0 });
  assert.deepEqual(await before.run(), failed('aborted'));
  assert.deepEqual(before.told(), []);
});

test('termUrl that answers an error, and text that is no JSON', { skip }, async () => {
  const wrong = await openShop('4111111111111111', { answer: [500, 'x'] });
  assert.deepEqual(await wrong.run(), failed('script_error', 'HTTP 500'));
  const text = await openShop('4111111111111111', { answer: [200, 'ok'] });
  assert.deepEqual(await text.run(), answered('ok'));
});

test('a challenge without an address, and broken XML, are errors; after the latter the script posts all the same', {
  skip,
}, async () => {
  const nowhere = await openShop('4000000000320608');
  assert.deepEqual(await nowhere.run(), failed('script_error', 'The answer has no challengeUrl.'));
  gateway.arm({ endpoint: 'risk', fault: 'garbage' });
  const broken = await openShop('4111111111111111');
  assert.deepEqual(await broken.run(), failed('script_error', 'The answer is no XML.'));
  await broken.page.waitForTimeout(300);
  assert.deepEqual(broken.told(), [{ MD: broken.xid, PaRes: 'N', status: '' }]);
});

test('a device page that is late: termUrl is told twice, the result comes once', { skip }, async () => {
  const shop = await openShop('4000000000320905');
  await shop.page.clock.install();
  const result = shop.run();
  await shop.page.waitForSelector('main iframe', { state: 'attached' });
  await shop.page.frameLocator('main iframe').locator('template').waitFor({ state: 'attached' });
  await shop.wait(20_500);
  assert.deepEqual(await result, answered({ state: 'paid' }));
  assert.deepEqual(shop.told(), [{ MD: shop.xid, PaRes: 'Y', status: 'success' }]);
});

test('no script: nothing was begun', { skip }, async () => {
  const shop = await openShop('4111111111111111');
  await shop.page.route('**/3ds-web-wrapper.js', route => route.abort());
  assert.deepEqual(await shop.run(), failed('script_missing', `${gateway.url}/api/3ds2/3ds-web-wrapper.js`));
  assert.deepEqual(shop.told(), []);
});

const scripted: [what: string, script: string, result: object][] = [
  ['that hands over an object', "_onPaResSuccess({ state: 'paid' })", answered({ state: 'paid' })],
  ['that calls back twice', "_onPaResSuccess('1'); _onError({ message: 'late' })", answered(1)],
  ['that throws', "throw new TypeError('no container')", failed('script_error', 'no container')],
  ['whose error is a text', "_onError('off')", failed('script_error', 'off')],
];
for (const [what, script, result] of scripted) {
  test(`a script ${what}, in the page already`, { skip }, async () => {
    const shop = await openShop('4111111111111111', { script: `function setPareqParams() { ${script} }` });
    await shop.page.addScriptTag({ url: '/vendor.js' });
    assert.deepEqual(await shop.run(), result);
    assert.equal(await shop.page.locator('script[src*=wrapper]').count(), 0);
  });
}

test('one page, one authentication; and no gateway without https', { skip }, async () => {
  const shop = await openShop('4111111111111111');
  await shop.run();
  await assert.rejects(shop.run(), /load the page again/);
  const { page } = await openShop('4111111111111111');
  const asked = page.evaluate(async () => {
    const { authenticate }: typeof TokenClient = await import('/token-client.js' as string);
    const block = { md: '', paReq: '', threeDSMethod: '', iframeUrl: '' };
    return authenticate({ gatewayUrl: 'http://gateway.test', container: document.body, termUrl: '/', browser: block });
  });
  await assert.rejects(asked, /must be https/);
});
