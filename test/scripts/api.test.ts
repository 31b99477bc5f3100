import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { after, test } from 'node:test';
import { type Request, serve } from '../../local/server.ts';
import { aDeployment } from './support.ts';

const heard: Request[] = [];
let status = 200;
const api = await serve(0, 1 << 20, async request => {
  heard.push(request);
  return { status, headers: { 'content-type': 'application/json' }, body: '{"orders":[]}' };
});
after(() => api.close());
const { runScript } = await aDeployment({ api: api.url });
const last = (): Request => heard.at(-1) as Request;

const hex = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Signature Version 4, written down from AWS's description of it. */
function signatureOf({ method, path, rawQuery, headers, body }: Request, secret: string): string {
  const [, scope = '', names = ''] =
    /Credential=[^/]+\/([^,]+), ?SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? [];
  const signed = names
    .split(';')
    .map(name => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`)
    .join('');
  const query = rawQuery.split('&').sort().join('&');
  const canonical = [method, path, query, signed, names, hex(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hex(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((before, part) => hmac(before, part), `AWS4${secret}`);
  return hmac(key, toSign).toString('hex');
}

test('a call is signed for the API of its region, body, key and query with it', async () => {
  const calls: [args: string[], stdin: string][] = [
    [['GET', '/orders?status=paid&date=2026-12-01'], ''],
    [['POST', '/card/charges', '--key', 'order-4711  x'], '{"amount":8000}'],
    [['DELETE', '/carrier/orders/abc/settlement'], ''],
  ];
  for (const [args, stdin] of calls) {
    const ran = await runScript('api', args, stdin);
    assert.deepEqual([ran.code, ran.out], [0, '{\n  "orders": []\n}\n'], ran.err);
    const { authorization = '' } = last().headers;
    assert.match(authorization, /Credential=AKIDEXAMPLE\/\d{8}\/ap-northeast-1\/execute-api\/aws4_request/);
    assert.equal(/Signature=([0-9a-f]{64})/.exec(authorization)?.[1], signatureOf(last(), 'example'));
  }
  const [list, charge, withdrawal] = heard;
  assert.deepEqual(
    [list?.method, list?.rawQuery, list?.headers['idempotency-key']],
    ['GET', 'status=paid&date=2026-12-01', undefined],
  );
  assert.deepEqual([charge?.headers['idempotency-key'], charge?.body.toString()], ['order-4711  x', '{"amount":8000}']);
  assert.match(charge?.headers.authorization ?? '', /SignedHeaders=[^,]*idempotency-key/);
  assert.equal(withdrawal?.body.length, 0);
});

test('a call without a key gets one, which is printed so that it can be repeated', async () => {
  const { err } = await runScript('api', ['POST', '/cvs/orders'], '{}');
  const key = /^Idempotency-Key: ([0-9a-f-]{36})$/m.exec(err)?.[1];
  assert.ok(key);
  assert.equal(last().headers['idempotency-key'], key);
});

test('a bearer token takes the place of the signature', async () => {
  await runScript('api', ['GET', '/orders'], '', { API_TOKEN: 'a.b.c' });
  assert.equal(last().headers.authorization, 'Bearer a.b.c');
});

test('an answer that is none of 2xx ends with 1', async () => {
  status = 402;
  const { code, err } = await runScript('api', ['POST', '/card/charges', '--key', 'x'], '{}');
  status = 200;
  assert.deepEqual([code, err], [1, 'Idempotency-Key: x\nHTTP 402\n']);
});

for (const args of [
  [],
  ['GET'],
  ['PUT', '/orders'],
  ['GET', 'orders'],
  ['GET', '/orders', '/more'],
  ['GET', '/orders', '--body', 'x'],
]) {
  test(`not understood: ${args.join(' ') || 'nothing'}`, async () => {
    const before = heard.length;
    const { code, out } = await runScript('api', args);
    assert.deepEqual([code, out, heard.length], [2, '', before]);
  });
}
