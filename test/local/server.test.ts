import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { jsonAnswer, type Request, serve } from '../../local/server.ts';

const requests: Request[] = [];
const server = await serve(0, 10, async request => {
  requests.push(request);
  if (request.path === '/throw') throw new Error('boom');
  return { ...jsonAnswer(201, { ok: true }), headers: { 'set-cookie': ['a=1', 'b=2'] } };
});
after(() => server.close());

test('a request is handed on byte for byte', async () => {
  const raw = Buffer.from(
    `GET /local/card?a=%83[&b=[?&c=%5b HTTP/1.1\r\nHost: localhost:${server.port}\r\nX-Two: 1\r\nX-Two: 2\r\nConnection: close\r\n\r\n`,
    'latin1',
  );
  const answer = await sendRaw(raw);
  assert.match(answer, /^HTTP\/1\.1 201 Created\r\n/);
  assert.match(answer, /set-cookie: a=1\r\nset-cookie: b=2\r\n/);
  assert.deepEqual(requests.at(-1), {
    method: 'GET',
    path: '/local/card',
    rawQuery: 'a=%83[&b=[?&c=%5b',
    headers: { host: `localhost:${server.port}`, 'x-two': '1,2', connection: 'close' },
    body: Buffer.alloc(0),
    sourceIp: '127.0.0.1',
  });
});

test('the source is the address of the connection', async () => {
  await new Promise(resolve => httpRequest(server.url, { localAddress: '127.0.0.2' }, resolve).end());
  assert.equal(requests.at(-1)?.sourceIp, '127.0.0.2');
});

test('a body beyond the limit is answered 413 and handed to nobody', async () => {
  const before = requests.length;
  const tooLarge = await fetch(server.url, { method: 'POST', body: 'a'.repeat(11) });
  assert.equal(tooLarge.status, 413);
  assert.deepEqual(await tooLarge.json(), { message: 'Request Entity Too Large' });
  assert.equal(requests.length, before);
  assert.equal((await fetch(server.url, { method: 'POST', body: 'a'.repeat(10) })).status, 201);
  assert.equal(requests.at(-1)?.body.length, 10);
});

test('a bug in an answer is a 500', async t => {
  t.mock.method(console, 'error', () => {});
  assert.equal((await fetch(`${server.url}/throw`)).status, 500);
});

function sendRaw(bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', chunk => {
      answer += chunk;
    });
    socket.on('end', () => resolve(answer)).on('error', reject);
  });
}
