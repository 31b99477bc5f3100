/** The traps of the vendor's script of EMV 3-D Secure that the stand-ins keep; what it does otherwise: test/web/token-client. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOCAL_CONTRACTS } from '../../../local/simulator/simulator.ts';
import { postXml } from '../simulator/support.ts';
import { elementText, enrolXml } from '../simulator/three-d-support.ts';
import { gateway, ipCode, openPage, skip, startMerchant, typeCard } from './merchant.ts';
import { page } from './pages.ts';

const { key } = LOCAL_CONTRACTS.card;
const scripts = ['/api/token/2.0/zeus_token2.js', '/api/token/2.0/zeus_token_cvv2.js', '/api/3ds2/3ds-web-wrapper.js'];
const tag = (path: string) => `<script src="${gateway.url}${path}"></script>`;

/** A merchant's page with these scripts in its body, and its functions above or below them. */
const pageWith = (paths: string[], above = '', below = '') =>
  `<!doctype html><html lang="ja"><title>Payment</title><body><script>${above}</script><div id="3dscontainer"></div>${paths.map(tag).join('')}<script>${below}</script></body></html>`;

for (const path of scripts) {
  test(`${path} has the function of EMV 3-D Secure`, { skip }, async () => {
    const { page: shown, problems } = await openPage(await startMerchant(pageWith([path])));
    assert.equal(await shown.evaluate('typeof setPareqParams'), 'function');
    assert.equal(await shown.evaluate('typeof zeusToken'), path.includes('wrapper') ? 'undefined' : 'object');
    assert.deepEqual(problems, []);
  });
}

test('of two of them in one page the second does not run', { skip }, async () => {
  const { page: shown, problems } = await openPage(await startMerchant(pageWith(scripts.slice(1))));
  assert.match(problems[0] ?? '', /'timeout' has already been declared/);
  assert.equal(await shown.evaluate('typeof zeusToken'), 'object');
});

test('functions of the page that stand above the script are overwritten, those below stay', { skip }, async () => {
  const own = 'function _onPaResSuccess() {} ; window.own = _onPaResSuccess;';
  const above = await openPage(await startMerchant(pageWith(scripts.slice(2), own)));
  const below = await openPage(await startMerchant(pageWith(scripts.slice(2), '', own)));
  const isOwn = 'window._onPaResSuccess === window.own';
  assert.deepEqual([await above.page.evaluate(isOwn), await below.page.evaluate(isOwn)], [false, true]);
});

test('without a method it calls a function that does not exist', { skip }, async () => {
  const { page: shown } = await openPage(await startMerchant(pageWith(scripts.slice(2))));
  await assert.rejects(shown.evaluate("setPareqParams('x', 'PaReq', '/', null, '')"), /is not a function/);
});

test('a page with the card form pays with it, then authenticates; termUrl may be percent-encoded', {
  skip,
}, async () => {
  const merchant = await startMerchant(
    page({ below: '<div id="3dscontainer"></div>' }).replace(/<script [^>]*><\/script>/, tag(scripts[1] ?? '')),
  );
  const { page: shown } = await openPage(merchant);
  await typeCard(shown);
  const { token_key } = await shown.evaluate<{ token_key: string }>('new Promise(done => zeusToken.getToken(done))');
  const authentication = `<authentication><clientip>${ipCode}</clientip><key>${key}</key></authentication>`;
  const body = enrolXml({ authentication, token: token_key });
  const { text } = await postXml(`${gateway.url}/cgi-bin/secure/api.cgi`, body);
  const [xid, iframeUrl] = [elementText(text, 'xid'), elementText(text, 'iframeUrl')];
  const given = [xid, 'PaReq', encodeURIComponent('/pay/done?a=1'), '2', iframeUrl];
  const posted = shown.waitForRequest(/\/pay\/done\?a=1$/);
  await shown.evaluate(`setPareqParams(...${JSON.stringify(given)})`);
  const request = await posted;
  assert.deepEqual(request.postDataJSON(), { MD: xid, PaRes: 'Y', status: 'success' });
  // The merchant asks the gateway for a charge; other tests count requests.
  await request.response();
});
