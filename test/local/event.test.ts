import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toAnswer, toEvent } from '../../local/event.ts';
import type { Request } from '../../local/server.ts';

const request: Request = {
  method: 'POST',
  path: '/card/charges',
  rawQuery: '',
  headers: { host: 'shop.example:4100', 'content-type': 'application/json' },
  body: Buffer.from('{"name":"山田"}'),
  sourceIp: '127.0.0.2',
};

test('an HTTP API event', () => {
  const matched = { routeKey: 'POST /card/charges/{orderId}/cancel', pathParameters: { orderId: 'abc' } };
  const { headers, requestContext, ...event } = toEvent(
    { ...request, headers: { ...request.headers, 'user-agent': 'curl' } },
    matched,
  );
  assert.deepEqual(event, {
    version: '2.0',
    routeKey: 'POST /card/charges/{orderId}/cancel',
    rawPath: '/card/charges',
    rawQueryString: '',
    pathParameters: { orderId: 'abc' },
    body: '{"name":"山田"}',
    isBase64Encoded: false,
  });
  assert.deepEqual(requestContext.http, {
    method: 'POST',
    path: '/card/charges',
    protocol: 'HTTP/1.1',
    sourceIp: '127.0.0.2',
    userAgent: 'curl',
  });
  assert.equal(requestContext.routeKey, 'POST /card/charges/{orderId}/cancel');
  assert.match(requestContext.requestId, /^[0-9a-f-]{36}$/);
  assert.match(requestContext.time, /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  assert.equal(headers['x-forwarded-for'], '127.0.0.2');
  assert.equal(headers['x-forwarded-proto'], 'https');
});

test('a function URL event has the default route and no parameters', () => {
  const event = toEvent(request, null);
  assert.equal(event.routeKey, '$default');
  assert.equal(event.pathParameters, undefined);
});

test('what is no text comes in base64: forms, and bodies without a type', () => {
  const form = Buffer.from('username=%83%5B&a=\x83[', 'latin1');
  for (const type of ['application/x-www-form-urlencoded', 'application/octet-stream', undefined]) {
    const { 'content-type': _, ...headers } = request.headers;
    const event = toEvent(
      { ...request, body: form, headers: { ...headers, ...(type && { 'content-type': type }) } },
      null,
    );
    assert.equal(event.isBase64Encoded, true);
    assert.deepEqual(Buffer.from(event.body ?? '', 'base64'), form);
  }
  for (const type of ['text/plain', 'application/json; charset=utf-8', 'application/problem+json', 'text/xml']) {
    assert.equal(toEvent({ ...request, headers: { 'content-type': type } }, null).isBase64Encoded, false, type);
  }
});

test('an empty body is no body', () => {
  const event = toEvent({ ...request, body: Buffer.alloc(0) }, null);
  assert.equal('body' in event, false);
  assert.equal(event.isBase64Encoded, false);
});

test('the query string stays as it came, beside its decoded parameters', () => {
  const event = toEvent({ ...request, rawQuery: 'a=%83%5b&b=1+2&b=%33&c' }, null);
  assert.equal(event.rawQueryString, 'a=%83%5b&b=1+2&b=%33&c');
  assert.deepEqual(event.queryStringParameters, { a: '\uFFFD[', b: '1 2,3', c: '' });
});

test('cookies are a list of their own', () => {
  const event = toEvent({ ...request, headers: { cookie: 'a=1; b=2' } }, null);
  assert.deepEqual(event.cookies, ['a=1', 'b=2']);
  assert.equal(event.headers.cookie, undefined);
});

test('the address of the connection comes last in x-forwarded-for, and alone decides', () => {
  const event = toEvent({ ...request, headers: { 'x-forwarded-for': '192.0.2.1' } }, null);
  assert.equal(event.headers['x-forwarded-for'], '192.0.2.1, 127.0.0.2');
  assert.equal(event.requestContext.http.sourceIp, '127.0.0.2');
});

test('a result becomes an answer', () => {
  const result = {
    statusCode: 201,
    headers: { 'Content-Type': 'text/plain', 'Retry-After': 5 },
    cookies: ['a=1'],
    body: 'ok',
  };
  assert.deepEqual(toAnswer(JSON.stringify(result)), {
    status: 201,
    headers: { 'content-type': 'text/plain', 'retry-after': '5', 'set-cookie': ['a=1'] },
    body: 'ok',
  });
  const binary = { statusCode: 200, body: Buffer.from([0, 255]).toString('base64'), isBase64Encoded: true };
  assert.deepEqual(toAnswer(JSON.stringify(binary))?.body, Buffer.from([0, 255]));
});

test('a result without a status code is the body itself', () => {
  const expected = { status: 200, headers: { 'content-type': 'application/json' } };
  assert.deepEqual(toAnswer('{"a":1}'), { ...expected, body: '{"a":1}' });
  assert.deepEqual(toAnswer('null'), { ...expected, body: 'null' });
});

test('a result that is no answer', () => {
  for (const result of [{ statusCode: 'ok' }, { statusCode: 99 }, { statusCode: 200, body: { a: 1 } }]) {
    assert.equal(toAnswer(JSON.stringify(result)), null);
  }
});
