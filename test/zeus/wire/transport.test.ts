import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import net from 'node:net';
import { type TestContext, test } from 'node:test';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { createSend } from '../../../shared/zeus/wire/transport.ts';
import { selfSigned } from '../self-signed.ts';
import { answering, type Listening, listen, listenTls } from '../servers.ts';

const secret = 'telno=09000000000';
const body = Buffer.from(`${secret}&x=%83%5B`);

function post(port: number, { scheme = 'http', timeoutMs = 20_000, path = '/cgi-bin/secure.cgi' } = {}) {
  return createSend(`${scheme}://127.0.0.1:${port}`, timeoutMs)(path, 'application/x-www-form-urlencoded', body);
}

async function replyTo(t: TestContext, ...how: Parameters<typeof answering>) {
  const server = await listen(t, answering(...how));
  return { server, reply: await post(server.port) };
}

async function assertLost(t: TestContext, message: RegExp, ...how: Parameters<typeof answering>) {
  const { server, reply } = await replyTo(t, ...how);
  assert.equal(reply.kind, 'lost');
  assert.match(reply.kind === 'lost' ? reply.message : '', message);
  assert.equal(server.received.length, 1);
}

function assertNothingArrived(server: Listening) {
  assert.ok(!server.received.some(bytes => bytes.includes('telno') || bytes.includes('POST')));
}

test('one POST with its length, on a connection that is asked to close', async t => {
  const { server, reply } = await replyTo(
    t,
    Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\x83[ok', 'latin1'),
    'keep',
  );
  assert.equal(server.received.length, 1);
  const [head = '', sent] = (server.received[0] ?? '').toString('latin1').split('\r\n\r\n');
  const [first, ...headers] = head.split('\r\n');
  assert.equal(first, 'POST /cgi-bin/secure.cgi HTTP/1.1');
  assert.deepEqual(headers.map(line => line.toLowerCase()).sort(), [
    'connection: close',
    `content-length: ${body.length}`,
    'content-type: application/x-www-form-urlencoded',
    `host: 127.0.0.1:${server.port}`,
  ]);
  assert.equal(sent, body.toString('latin1'));
  assert.deepEqual(reply, { kind: 'answered', status: 200, body: Buffer.from('\x83[ok', 'latin1') });
});

test('any status with a whole body is an answer', async t => {
  const bodies = [
    '500 Oops\r\nContent-Length: 3\r\n\r\nbad',
    '204 No\r\n\r\n',
    '200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n',
  ];
  const replies = await Promise.all(bodies.map(text => replyTo(t, `HTTP/1.1 ${text}`)));
  assert.deepEqual(
    replies.map(({ reply }) => reply),
    [
      { kind: 'answered', status: 500, body: Buffer.from('bad') },
      { kind: 'answered', status: 204, body: Buffer.alloc(0) },
      { kind: 'answered', status: 200, body: Buffer.from('abc') },
    ],
  );
});

test('a body that only the end of the connection ends is an answer, in however many pieces', async t => {
  const server = await listen(t, socket => {
    socket.once('data', async () => {
      for (const piece of ['HTTP/1.0 200 OK\r\n', '\r\n', 'Success', '_order', '\n1']) {
        socket.write(piece);
        await new Promise(setImmediate);
      }
      socket.end();
    });
  });
  assert.deepEqual(await post(server.port), { kind: 'answered', status: 200, body: Buffer.from('Success_order\n1') });
});

test('what follows a whole answer does not spoil it', async t => {
  const head = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 13\r\n\r\n';
  for (const then of ['end', 'keep'] as const) {
    const { reply } = await replyTo(t, `${head}Success_order\r\nmore`, then);
    assert.deepEqual(reply, { kind: 'answered', status: 200, body: Buffer.from('Success_order') });
  }
});

test('every request has a connection of its own', async t => {
  const server = await listen(
    t,
    answering('HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n', 'keep'),
  );
  for (const _ of [1, 2, 3]) await post(server.port);
  assert.equal(server.received.length, 3);
});

test('a redirect is an answer and is not followed', async t => {
  const target = await listen(t, answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  for (const status of [301, 302, 303, 307, 308]) {
    const { reply } = await replyTo(
      t,
      `HTTP/1.1 ${status} Moved\r\nLocation: http://127.0.0.1:${target.port}/\r\nContent-Length: 0\r\n\r\n`,
    );
    assert.deepEqual(reply, { kind: 'answered', status, body: Buffer.alloc(0) });
  }
  assert.equal(target.received.length, 0);
});

test('a name that nobody knows: not sent', async () => {
  const reply = await createSend('https://nowhere.invalid')('/', 'text/plain', body);
  assert.equal(reply.kind, 'not_sent');
});

test('a port where nobody listens: not sent', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise(resolve => server.close(resolve));
  for (const scheme of ['http', 'https']) {
    const message = 'No connection to the gateway could be made (ECONNREFUSED)';
    assert.deepEqual(await post(port, { scheme }), { kind: 'not_sent', message });
  }
});

test('TLS that does not come about: not sent, and not a byte of the request leaves', async t => {
  const untrusted = selfSigned();
  const plainText = await listen(t, socket => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
  const closing = await listen(t, socket => socket.once('data', () => socket.destroy()));
  const old = await listenTls(
    t,
    { ...untrusted, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    socket => socket.resume(),
  );
  const stranger = await listenTls(t, untrusted, answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  for (const server of [plainText, closing, old, stranger]) {
    const reply = await post(server.port, { scheme: 'https' });
    assert.equal(reply.kind, 'not_sent', JSON.stringify(reply));
    assertNothingArrived(server);
  }
});

test('NODE_TLS_REJECT_UNAUTHORIZED does not turn the check of the certificate off', async t => {
  const server = await listenTls(t, selfSigned(), answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  const script = `
    const { createSend } = await import('./shared/zeus/wire/transport.ts');
    const reply = await createSend('https://127.0.0.1:${server.port}')('/', 'text/plain', Buffer.from('x'));
    const trusting = await fetch('https://127.0.0.1:${server.port}').then(() => 'connected', () => 'refused');
    console.log(JSON.stringify({ reply, trusting }));`;
  const env = { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
  assert.deepEqual(JSON.parse(stdout), {
    reply: {
      kind: 'not_sent',
      message: 'No connection to the gateway could be made (DEPTH_ZERO_SELF_SIGNED_CERT)',
    },
    // The variable does work for whoever leaves the check to the environment.
    trusting: 'connected',
  });
});

test('a TLS handshake that never ends: not sent, when the time is up', async t => {
  const silent = await listen(t, socket => socket.resume());
  const message = 'No connection to the gateway could be made (time-out)';
  assert.deepEqual(await post(silent.port, { scheme: 'https', timeoutMs: 200 }), { kind: 'not_sent', message });
  assertNothingArrived(silent);
});

test('TLS 1.2 and 1.3 work, and what breaks after the handshake is lost', async t => {
  const trusted = selfSigned();
  tls.setDefaultCACertificates([trusted.cert]);
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const options = { ...trusted, minVersion: version, maxVersion: version };
    const good = await listenTls(t, options, answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK'));
    assert.deepEqual(await post(good.port, { scheme: 'https' }), {
      kind: 'answered',
      status: 200,
      body: Buffer.from('OK'),
    });
    const breaking = await listenTls(t, options, socket => socket.once('data', () => socket.destroy()));
    assert.equal((await post(breaking.port, { scheme: 'https' })).kind, 'lost');
  }
});

test('a connection closed before a whole head: lost', async t => {
  await assertLost(t, /ECONNRESET/, '');
  await assertLost(t, /ECONNRESET/, '', 'reset');
  await assertLost(t, /ECONNRESET|HPE/, 'HTTP/1.1 200 OK\r\nContent-Le');
});

test('a body cut short: lost', async t => {
  await assertLost(t, /ECONNRESET/, 'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n');
  await assertLost(t, /ECONNRESET/, 'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nSuccess_order');
  await assertLost(t, /ECONNRESET/, 'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nSuccess_order', 'reset');
  await assertLost(t, /ECONNRESET/, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nd\r\nSuccess_order\r\n');
  await assertLost(t, /ECONNRESET/, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nd\r\nSucc');
});

test('what is no HTTP: lost', async t => {
  await assertLost(t, /HPE_/, 'Success_order\n');
  await assertLost(t, /ECONNRESET/, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n');
  await assertLost(t, /./, 'HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', 'keep');
});

test('an answer that does not come, or does not end, in time: lost', async t => {
  for (const text of ['', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nSuccess_order']) {
    const server = await listen(t, answering(text, 'keep'));
    const message = "The gateway's answer did not arrive (time-out)";
    assert.deepEqual(await post(server.port, { timeoutMs: 200 }), { kind: 'lost', message });
  }
});

test('an answer of 64 KiB is read, a longer one is lost', async t => {
  const head = (bytes: number) => `HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\n`;
  const { reply } = await replyTo(t, head(65_536) + 'x'.repeat(65_536));
  assert.equal(reply.kind === 'answered' && reply.body.length, 65_536);
  await assertLost(t, /TOO_LONG/, head(65_537) + 'x'.repeat(65_537));
  await assertLost(t, /TOO_LONG/, `HTTP/1.0 200 OK\r\n\r\n${'x'.repeat(65_537)}`, 'keep');
});

test('no message holds anything of the request', async t => {
  const failures = [createSend('https://nowhere.invalid')('/', 'text/plain', body)];
  for (const text of ['', 'garbage', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'])
    failures.push(replyTo(t, text).then(({ reply }) => reply));
  for (const reply of await Promise.all(failures)) assert.ok(!JSON.stringify(reply).includes('telno'));
});

test('a base URL that is not https, and http to another machine, is a configuration error', () => {
  const message = 'The gateway URL must be https, or http to this machine itself';
  for (const url of ['ftp://127.0.0.1', 'linkpt', 'http://gateway.example', 'https://user@gateway.example']) {
    assert.throws(() => createSend(url), { message }, url);
  }
});
