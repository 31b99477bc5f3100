import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, test } from 'node:test';
import { contentOf } from '../../infra/secret-parts.ts';
import { startEventBus } from '../../local/event-bus.ts';
import { startQueues } from '../../local/queues.ts';
import { type Runner, startRunner } from '../../local/runner.ts';
import { localSecrets, startSecrets } from '../../local/secrets.ts';
import { readLocalSettings } from '../../local/settings.ts';
import { cardToken } from '../support/local.ts';

// What a page of another site could try on a developer's machine, by its browser: with a name that it points to 127.0.0.1, with
// requests to a known port, and without an Origin, as for an image.

const free = { API_PORT: '0', CALLBACK_PORT: '0', GATEWAY_PORT: '0', DYNAMODB_PORT: '0' };
const { ports, ...settings } = await readLocalSettings(free);
const runner: Runner = await startRunner({ ports, ...settings }, () => {});
const [eventBus, queues, secrets] = await Promise.all([
  startEventBus(),
  startQueues([]),
  startSecrets({ codes: contentOf('ipCodes', localSecrets) }),
]);
after(() => Promise.all([runner.stop(), eventBus.stop(), queues.stop(), secrets.stop()]));

const listTables = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  'x-amz-target': 'DynamoDB_20120810.ListTables',
  authorization:
    'AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
};
const servers: [name: string, port: number, method: string, path: string, headers: object, own: number][] = [
  ['merchant API', ports.API_PORT, 'GET', '/orders', {}, 200],
  ['demo shop', ports.API_PORT, 'GET', '/', {}, 200],
  ['schedule', ports.API_PORT, 'POST', '/_local/schedule', {}, 200],
  ['events', ports.API_PORT, 'GET', '/_local/events', {}, 200],
  ['callbacks', ports.CALLBACK_PORT, 'GET', '/local/card?result=OK', {}, 400],
  ['gateway', ports.GATEWAY_PORT, 'POST', '/cgi-bin/secure.cgi', {}, 200],
  ['console', ports.GATEWAY_PORT, 'GET', '/', {}, 200],
  ['control', ports.GATEWAY_PORT, 'POST', '/_control/reset', {}, 200],
  ['DynamoDB', ports.DYNAMODB_PORT, 'POST', '/', listTables, 200],
  ['secrets', portOf(secrets.endpoint), 'POST', '/', {}, 400],
  ['event bus', portOf(eventBus.endpoint), 'POST', '/', {}, 400],
  ['queues', portOf(queues.endpoint), 'POST', '/', {}, 400],
];

for (const [name, port, method, path, headers, own] of servers) {
  const call = (more: Record<string, string>) => ask(port, method, path, { ...headers, ...more });

  test(`${name}: answers this machine, by each of its names`, async () => {
    for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
      assert.equal((await call({ host: `${host}:${port}` })).status, own, host);
    }
    assert.equal((await call({ origin: `http://127.0.0.1:${port}` })).status, own);
    assert.equal((await call({ 'sec-fetch-site': 'same-site' })).status, own);
  });

  test(`${name}: refuses another host`, async () => {
    const wrong = [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1.evil.example:${port}`,
      '127.0.0.1:1',
    ];
    for (const host of wrong) assert.equal((await call({ host })).status, 403, host);
  });

  test(`${name}: refuses another origin, and lets no page read`, async () => {
    for (const origin of [
      'https://evil.example',
      'null',
      `https://127.0.0.1:${port}`,
      'http://127.0.0.1:1',
      `http://127.0.0.1.evil.example:${port}`,
      'file://',
      '',
    ]) {
      const { status, allowed } = await call({ origin });
      assert.deepEqual([status, allowed], [403, undefined], origin);
    }
    assert.equal((await call({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status, 403);
    const preflight = await ask(port, 'OPTIONS', path, {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-amz-target',
    });
    assert.deepEqual([preflight.status, preflight.allowed], [403, undefined]);
  });
}

test('a link leads into the shop and the console, but calls no callback', async () => {
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  const status = async (port: number, path: string) => (await ask(port, 'GET', path, link)).status;
  assert.equal(await status(ports.API_PORT, '/result.html?order=x'), 200);
  assert.equal(await status(ports.GATEWAY_PORT, '/'), 200);
  assert.equal(await status(ports.CALLBACK_PORT, '/local/card?result=OK'), 403);
});

test('what the gateway offers to pages of shops stays open to each of them', async () => {
  const gateway = `http://127.0.0.1:${ports.GATEWAY_PORT}`;
  const cors = { origin: 'https://shop.example', 'access-control-request-method': 'POST' };
  const token = '/cgi-bin/token/token.cgi';
  const preflight = await ask(ports.GATEWAY_PORT, 'OPTIONS', token, cors);
  assert.deepEqual([preflight.status < 300, preflight.allowed], [true, '*']);
  const call = await ask(ports.GATEWAY_PORT, 'POST', token, { origin: 'https://shop.example' });
  assert.deepEqual([call.status, call.allowed], [200, '*']);
  assert.ok(await cardToken(gateway));
  const script = await ask(ports.GATEWAY_PORT, 'GET', '/api/token/1.0/zeus_token_cvv.js', {
    origin: 'https://shop.example',
  });
  assert.equal(script.status, 200);
  const form = await ask(ports.GATEWAY_PORT, 'POST', '/cgi-bin/carrier/order.cgi', { origin: 'null' });
  assert.notEqual(form.status, 403);
});

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** By node:http, because fetch sets Host and Origin itself. */
function ask(
  port: number,
  method: string,
  path: string,
  headers: object,
): Promise<{ status: number; allowed: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers: { ...headers }, agent: false }, answer => {
      answer.resume();
      answer.once('end', () =>
        resolve({ status: answer.statusCode ?? 0, allowed: answer.headers['access-control-allow-origin'] }),
      );
    });
    sent.once('error', reject);
    sent.end(method === 'POST' ? '{}' : '');
  });
}
