import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { functions } from '../../infra/functions.ts';
import { createTable, ordersTable, startDynamoDb } from '../../local/dynamodb.ts';
import { toAnswer, toEvent } from '../../local/event.ts';
import { matchRoute } from '../../local/http-api.ts';
import { urlOfQueue } from '../../local/intrinsics.ts';
import { startQueues } from '../../local/queues.ts';
import { localSecrets, secretsOf, secretVariables, startSecrets } from '../../local/secrets.ts';
import { type Request, serve } from '../../local/server.ts';
import { startSimulator } from '../../local/simulator/simulator.ts';

export interface Answered {
  status: number;
  headers: Record<string, string | string[]>;
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared, not typed
  body: any;
}

/**
 * Engine, secret, gateway and the real handlers of one test file, in this process. The gateway calls back through a
 * real port; `lines` collects what the functions log. All of it ends with the file.
 */
export async function startLocal({ secret = localSecrets, testPayments = 'refuse', strictCallbacks = false } = {}) {
  const [engine, secrets, queues] = await Promise.all([
    startDynamoDb({ port: 0 }),
    startSecrets(secretsOf([secretVariables], secret)),
    startQueues([{ name: 'callbacks', visibilitySeconds: 0, deadLetters: null }]),
  ]);
  await createTable(engine.endpoint, ordersTable('orders'));
  const inbox = await serve(0, 1 << 20, request => callBack(request));
  const callbackUrl = (service: string) => `${inbox.url}/${secret.callback.pathToken}/${service}`;
  const callbacks = { card: callbackUrl('card'), carrier: callbackUrl('carrier'), cvs: callbackUrl('cvs') };
  const { callback: _, ...contracts } = secret;
  const gateway = await startSimulator({ contracts, callbacks, settings: { callbackDelayMs: 40 }, seed: 1 });
  Object.assign(process.env, {
    TABLE_NAME: 'orders',
    ...secretVariables,
    DEPLOYMENT_ID: 'test',
    TEST_PAYMENTS: testPayments,
    STRICT_CALLBACKS: String(strictCallbacks),
    ZEUS_BASE_URL: gateway.url,
    CALLBACK_SOURCES: '127.0.0.1',
    CALLBACK_QUEUE_URL: urlOfQueue('callbacks'),
    AWS_REGION: 'ap-northeast-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    AWS_ENDPOINT_URL_SQS: queues.endpoint,
  });
  const lines: unknown[] = [];
  console.info = line => lines.push(line);
  after(async () => {
    const closed = Promise.all([gateway.close(), inbox.close(), secrets.stop(), queues.stop(), engine.stop()]);
    // What does not close ends with the process all the same, the engine too.
    const waiting = new AbortController();
    await Promise.race([closed, sleep(5000, null, { signal: waiting.signal })]);
    waiting.abort();
  });

  async function callBack(request: Request) {
    const answer = toAnswer(JSON.stringify(await invoke('callback', toEvent(request, null))));
    return answer ?? { status: 502, headers: {}, body: '' };
  }

  /** One call of the merchant API: found by its route, answered by its real handler. */
  async function call(
    method: string,
    path: string,
    { key, body, headers = {} }: { key?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answered> {
    const request: Request = {
      method,
      path: path.split('?')[0] ?? '',
      rawQuery: path.split('?')[1] ?? '',
      headers: { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }), ...headers },
      body: Buffer.from(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)),
      sourceIp: '127.0.0.1',
    };
    for (const { name, trigger } of functions) {
      for (const route of 'routes' in trigger ? Object.keys(trigger.routes) : []) {
        const matched = matchRoute(route, request);
        if (!matched) continue;
        const answer = toAnswer(JSON.stringify(await invoke(name, toEvent(request, matched))));
        if (!answer) throw new Error(`${name} answered nothing`);
        return { status: answer.status, headers: answer.headers, body: JSON.parse(answer.body.toString()) };
      }
    }
    throw new Error(`No route for ${method} ${path}`);
  }

  return { engine, gateway, inbox, queues, lines, call };
}

export async function invoke(
  name: string,
  event: APIGatewayProxyEventV2 | object,
  context: object = {},
): Promise<unknown> {
  const { handler } = await import(`../../functions/${name}.ts`);
  return handler(event, context);
}

/** Counts what this process sends to DynamoDB, by operation, while `run` runs. */
export async function countDynamoDb(run: () => Promise<unknown>): Promise<Record<string, number>> {
  // The SDK repeats a request whose connection broke under the same invocation ID.
  const invocations = new Map<unknown, string>();
  let counting = true;
  subscribe('http.client.request.start', message => {
    const { request } = message as { request: ClientRequest };
    const operation = /^DynamoDB_\d+\.(\w+)$/.exec(String(request.getHeader('x-amz-target')))?.[1];
    if (counting && operation) invocations.set(request.getHeader('amz-sdk-invocation-id'), operation);
  });
  await run();
  counting = false;
  const counts: Record<string, number> = {};
  for (const operation of invocations.values()) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

/** A token from the gateway, as the payer's browser would get it. */
export async function cardToken(gatewayUrl: string, number = '4111111111111111'): Promise<string> {
  const body = `<?xml version="1.0" encoding="utf-8"?><request service="token" action="newcard"><authentication><clientip>2019000001</clientip></authentication><card><cvv>123</cvv><number>${number}</number><expires><year>${new Date().getFullYear() + 1}</year><month>12</month></expires><name>TARO ZEUS</name></card></request>`;
  const answer = await fetch(`${gatewayUrl}/cgi-bin/token/token.cgi`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml' },
    body,
  });
  const key = /<token_key>([^<]+)<\/token_key>/.exec(await answer.text())?.[1];
  if (!key) throw new Error('The gateway gave no token');
  return key;
}

export async function until<T>(find: () => Promise<T | null | undefined | false>, what: string): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = await find();
    if (found) return found;
    await sleep(25);
  }
  throw new Error(`Waited in vain for ${what}`);
}
