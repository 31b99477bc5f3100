import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { answerByFunction } from '../../local/function-url.ts';
import { answerByRoute, matchRoute } from '../../local/http-api.ts';
import type { Invoke, Result } from '../../local/lambda.ts';
import type { Request } from '../../local/server.ts';

const post = (path: string): Request => ({
  method: 'POST',
  path,
  rawQuery: '',
  headers: {},
  body: Buffer.alloc(0),
  sourceIp: '127.0.0.1',
});
const returning =
  (value: unknown): Invoke =>
  async () => ({ kind: 'returned', payload: JSON.stringify(value) });
const failing: Invoke = async () => ({ kind: 'failed', errorType: 'Error', errorMessage: 'boom' });
const echoRoute: Invoke = async event => {
  const { routeKey, pathParameters } = event as APIGatewayProxyEventV2;
  return { kind: 'returned', payload: JSON.stringify({ routeKey, pathParameters }) };
};

test('a request finds its route, with decoded parameters', async () => {
  const routes = ['POST /card/charges', 'POST /card/charges/{orderId}/cancel', 'GET /orders/{orderId}'].map(
    routeKey => ({
      routeKey,
      invoke: echoRoute,
    }),
  );
  const answer = await answerByRoute(routes, post('/card/charges/a%2Fb/cancel'));
  assert.deepEqual(JSON.parse(String(answer?.body)), {
    routeKey: 'POST /card/charges/{orderId}/cancel',
    pathParameters: { orderId: 'a/b' },
  });
  for (const path of [
    '/card',
    '/card/charges/',
    '/card/charges/x/cancel/',
    '/card/charges//cancel',
    '/orders/x',
    '/',
  ]) {
    assert.equal(await answerByRoute(routes, post(path)), null, path);
  }
});

test('a parameter that does not decode stays as it came', () => {
  assert.deepEqual(matchRoute('POST /orders/{orderId}', post('/orders/%83'))?.pathParameters, { orderId: '%83' });
});

test('a failed or senseless run is a 500, at a function URL a 502', async () => {
  for (const invoke of [failing, returning({ statusCode: 'x' })]) {
    const answer = await answerByRoute([{ routeKey: 'POST /a', invoke }], post('/a'));
    assert.deepEqual([answer?.status, answer?.body], [500, '{"message":"Internal Server Error"}']);
    assert.equal((await answerByFunction(invoke, post('/a'))).status, 502);
  }
});

test('a function URL takes every path to its function', async () => {
  const answer = await answerByFunction(echoRoute, post('/any/path'));
  assert.deepEqual(JSON.parse(String(answer.body)), { routeKey: '$default' });
});

test('a call that takes too long is cut off, and the function runs on', async () => {
  const { promise, resolve } = Promise.withResolvers<Result>();
  let ended = false;
  const invoke: Invoke = async () => {
    const result = await promise;
    ended = true;
    return result;
  };
  const answer = await answerByRoute([{ routeKey: 'POST /a', invoke }], post('/a'), 1);
  assert.deepEqual([answer?.status, answer?.body, ended], [503, '{"message":"Service Unavailable"}', false]);
  resolve({ kind: 'returned', payload: 'null' });
  await promise;
  await null;
  assert.equal(ended, true);
});
