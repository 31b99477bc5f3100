import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mock, test } from 'node:test';
import type { Route } from '../../infra/functions.ts';
import { matchRoute } from '../../local/http-api.ts';
import { answers } from '../../scripts/openapi/answer-schemas.ts';
import type { Example } from '../../scripts/openapi/examples.ts';
import { operations } from '../../scripts/openapi/operations.ts';
import { setClocks } from '../support/carrier.ts';
import { type Answered, cardToken, startLocal } from '../support/local.ts';
import { playAll } from './example-calls.ts';

/** A UUID such as a shop makes at random; here always the same for the same name. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * Plays through every operation on the real handlers and the simulator, at a noon that stands still, and answers each call as the
 * description shows it. Equal runs give equal examples.
 */
export async function playExamples(): Promise<Example[]> {
  const local = await startLocal();
  setClocks(local.gateway, '2026-11-20 12:00:00');
  try {
    return await play(local);
  } finally {
    mock.timers.reset();
  }
}

export type Show = (
  name: string,
  summary: string,
  call: string,
  more?: { key?: string; body?: unknown },
) => Promise<Body>;
// biome-ignore lint/suspicious/noExplicitAny: answers are compared, not typed
type Body = any;

export interface Stage {
  local: Awaited<ReturnType<typeof startLocal>>;
  /** One call that the description shows; returns the body of its answer. */
  show: Show;
  /** The same for a call that the gateway calls back about: the callback comes after the answer is stored. */
  showThenCallBack: Show;
}

async function play(local: Stage['local']): Promise<Example[]> {
  const { gateway } = local;
  const examples: Example[] = [];

  const show: Show = async (name, summary, call, { key: keyName, body } = {}) => {
    const [method = '', path = ''] = call.split(' ');
    const key = keyName === undefined ? {} : { key: uuidOf(keyName) };
    const sent = await withToken(body, gateway.url);
    const answered = await local.call(method, path, { ...key, body: sent });
    const { 'content-type': contentType = '', ...others } = answered.headers as Record<string, string>;
    const route = routeOf(method, path);
    const example = {
      ...{ route, name, summary, path, ...key },
      ...(body !== undefined && { body }),
      ...{ status: answered.status, contentType, headers: others, answer: asDescribed(route, answered) },
    };
    const host = 'https://linkpt.cardservice.co.jp';
    const shown = JSON.stringify(example).replaceAll(gateway.url, host);
    // The address of the payer's browser is percent-encoded.
    examples.push(JSON.parse(shown.replaceAll(encodeURIComponent(gateway.url), encodeURIComponent(host))));
    return answered.body;
  };

  const showThenCallBack: Show = async (...call) => {
    const before = gateway.callbacks().length;
    gateway.arm({ endpoint: 'callback', fault: 'no-callback' });
    const body = await show(...call);
    await gateway.idle();
    gateway.disarm();
    for (const { id } of gateway.callbacks().slice(before)) await gateway.resend(id);
    return body;
  };

  await playAll({ local, show, showThenCallBack });
  return examples;
}

/** In the order of the description, which the store's maps do not keep; throws on an answer that is not described. */
function asDescribed(route: Route, { status, body }: Answered): unknown {
  const described = operations[route]?.answers[status]?.schemas ?? [];
  const read = described.map(name => answers[name].safeParse(body)).find(({ success }) => success);
  if (!read) throw new Error(`${route} answered ${status} with what is not described: ${JSON.stringify(body)}`);
  return read.data;
}

const withToken = async (body: unknown, gatewayUrl: string): Promise<unknown> =>
  typeof body === 'object' && body !== null && 'tokenKey' in body
    ? { ...body, tokenKey: await cardToken(gatewayUrl) }
    : body;

function routeOf(method: string, path: string): Route {
  const request = {
    method,
    path: path.split('?')[0] ?? '',
    rawQuery: '',
    headers: {},
    body: Buffer.alloc(0),
    sourceIp: '',
  };
  const route = (Object.keys(operations) as Route[]).find(each => matchRoute(each, request));
  if (!route) throw new Error(`No route for ${method} ${path}`);
  return route;
}

/** `node test/docs/examples.ts` writes them down; `npm run openapi` then puts them into the description. */
if (import.meta.main) {
  test('the examples are written down', async () => {
    const file = new URL('../../scripts/openapi/examples.json', import.meta.url);
    writeFileSync(file, `${JSON.stringify(await playExamples(), null, 2)}\n`);
  });
}
