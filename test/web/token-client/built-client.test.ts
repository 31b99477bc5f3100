import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { bundleTokenClient } from '../../../local/shop.ts';
import { startSimulator } from '../../../local/simulator/simulator.ts';
import type * as TokenClient from '../../../web/token-client/token-client.ts';
import { launchBrowser, noBrowser } from '../../e2e/support.ts';
import { ipCode, serveOwn } from './gateways.ts';

const gateway = await startSimulator();
const browser = noBrowser ? null : await launchBrowser();
after(async () => {
  await browser?.close();
  await gateway.close();
});

/** A page of a shop with a strict policy, on another origin than the gateway, that asks for a token with `card`. */
async function askFrom(gatewayUrl: string, card: Record<string, string>): Promise<TokenClient.TokenResult> {
  const policy = `default-src 'none'; script-src 'self'; connect-src ${gatewayUrl}`;
  const shop = await serveOwn((request, response) => {
    const isScript = request.url === '/token-client.js';
    const type = isScript ? 'text/javascript' : 'text/html';
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': policy });
    response.end(isScript ? bundleTokenClient() : '<!doctype html>');
  });
  const page = await browser?.newPage();
  if (!page) throw new Error('There is no browser');
  await page.goto(shop.url);
  const settings = { ipCode, gatewayUrl };
  const result = await page.evaluate(
    async ([asked, values]) => {
      const { createToken }: typeof TokenClient = await import('/token-client.js' as string);
      const fields = Object.entries(values).map(([name, value]) => {
        const input = Object.assign(document.createElement('input'), { value });
        return [name, input];
      });
      return createToken(asked, Object.fromEntries(fields));
    },
    [settings, card] as const,
  );
  await page.close();
  return result;
}

const card = { cardNumber: '4111111111111111', expiresYear: '2040', expiresMonth: '1', cvv: '123', cardName: 'A & B' };

test('the built module gets tokens across origins, under a strict policy', { skip: noBrowser }, async () => {
  const result = await askFrom(gateway.url, card);
  assert.ok(result.kind === 'token');
  assert.match(result.token.tokenKey, /^\S{86}$/);
  assert.deepEqual([result.token.maskedCardNumber, result.token.cardName], ['4111********1111', 'A & B']);
  const stored = await askFrom(gateway.url, { cvv: '123' });
  assert.equal(stored.kind, 'token');
});

const success = '<response><result><status>success</status><token_key>KEY</token_key></result></response>';

/** What the built module makes of an answer that the browser may read. */
async function failureOf(status: number, body: string) {
  const own = await serveOwn((_, response) => {
    const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'content-type' };
    const preflight = own.asked.length === 1;
    response.writeHead(preflight ? 204 : status, { ...cors, 'content-type': 'application/xml' }).end(body);
  });
  const result = await askFrom(own.url, card);
  return result.kind === 'failed' ? [result.reason, result.faults[0]?.code] : result.kind;
}

const odd: Record<string, string> = {
  'cut off': success.slice(0, -20),
  'with a DTD': `<!DOCTYPE response [<!ENTITY k "K">]>${success}`,
  'with another root': `<x>${success}</x>`,
  'with two results': success.replace('</response>', `${success.slice(10)}`),
  'with an element in the status': success.replace('>success<', '><b>success</b><'),
  'of nothing': '',
};
for (const [what, body] of Object.entries(odd)) {
  test(`the browser takes no answer ${what}`, { skip: noBrowser }, async () => {
    assert.deepEqual(await failureOf(200, body), ['malformed', '99999999']);
  });
}

test('a token is a token, and not one behind an HTTP error', { skip: noBrowser }, async () => {
  assert.equal(await failureOf(200, success), 'token');
  assert.deepEqual(await failureOf(500, success), ['http_error', '99999999']);
});

test('a gateway that is away is unreachable', { skip: noBrowser }, async () => {
  const result = await askFrom('http://127.0.0.1:9', card);
  assert.ok(result.kind === 'failed' && result.reason === 'unreachable');
});
