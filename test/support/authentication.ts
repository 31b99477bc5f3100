/** EMV 3-D Secure as the shop and the payer's browser go through it, on real handlers and the simulator. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { toEvent } from '../../local/event.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import { createSend, type Send } from '../../shared/zeus/wire/transport.ts';
import { type Answered, cardToken, type startLocal } from './local.ts';
import { dynamoOf, tableName } from './table.ts';

/** The simulator's cards. */
export const cards = {
  challenge: '4000000000320103',
  refused: '4000000000320202',
  attempted: '4000000000320301',
  withoutCavv: '4000000000320400',
  attemptedWithoutCavv: '4000000000320509',
  noDirectory: '4000000000320707',
  gatewaySaysNo: '4000000000320806',
  declined: '4000000000321002',
  outside: '9000000000000001',
};

/** What the script posts when the payer was authenticated without a challenge. */
export const passed = { paRes: 'Y', status: 'success' };

type Local = Awaited<ReturnType<typeof startLocal>>;

export function authenticationCalls({ gateway, call, engine }: Pick<Local, 'gateway' | 'call' | 'engine'>) {
  const bodyOf = (tokenKey: string | undefined, more: Record<string, unknown> = {}) => ({
    ...(tokenKey !== undefined && { tokenKey }),
    amount: 8000,
    phone: '09012345678',
    email: 'taro@example.com',
    ...more,
  });
  const begin = async (key: string, more: Record<string, unknown> = {}, number?: string): Promise<Answered> =>
    call('POST', '/card/authentications', { key, body: bodyOf(await cardToken(gateway.url, number), more) });
  const beginStored = (key: string, more: Record<string, unknown> = {}): Promise<Answered> =>
    call('POST', '/card/recurring-authentications', { key, body: bodyOf(undefined, { cardId: 'MEMBER-1', ...more }) });
  /** Step 7 of the browser; without it the gateway takes no result. */
  const risk = async (md: string): Promise<void> => {
    const body = `<request service="secure_link_3d" action="securePa"><xid>${md}</xid></request>`;
    const headers = { 'content-type': 'application/xml' };
    await fetch(`${gateway.url}/cgi-bin/token/token.cgi`, { method: 'POST', headers, body });
  };
  const complete = (orderId: string, key: string, body: object): Promise<Answered> =>
    call('POST', `/card/charges/${orderId}/completion`, { key, body });
  /** A waiting order whose payer was authenticated. */
  const ready = async (key: string, more: Record<string, unknown> = {}, number?: string) => {
    const { body } = await begin(key, more, number);
    await risk(body.browser.md);
    const { orderId } = body as { orderId: string };
    const { md } = body.browser as { md: string };
    const finish = (finishKey = `${key}-completion`, words: object = passed) =>
      complete(orderId, finishKey, { md, ...words });
    return { orderId, md, finish };
  };
  const pay = async (key: string, more: Record<string, unknown> = {}, number?: string): Promise<Answered> =>
    (await ready(key, more, number)).finish();
  const sent = (endpoint: 'enroll' | 'authenticate' | 'pay') =>
    gateway.requests().filter(request => request.endpoint === endpoint);
  const counts = () => ({ enrol: sent('enroll').length, result: sent('authenticate').length, pay: sent('pay').length });
  const charges = () => gateway.ledger().filter(({ kind }) => kind === 'charge' || kind === 'registration');
  const read = async (orderId: string) => (await call('GET', `/orders/${orderId}`)).body;

  const store = ordersTable(dynamoOf(engine.endpoint), tableName);
  /** The dependencies of a function of its own, beside the handlers' live ones. */
  const depsOf = (more: { send?: Send; store?: OrderStore; threeDSecureOutside?: 'refuse' | 'charge' } = {}) => ({
    now: () => new Date(),
    sleep: (milliseconds: number) => sleep(milliseconds),
    within: <T>(_: number, work: Promise<T>) => work,
    store,
    testsAccepted: true,
    deploymentId: 'test',
    send: createSend(gateway.url),
    threeDSecureOutside: 'refuse' as const,
    ...more,
  });
  return { bodyOf, begin, beginStored, risk, complete, ready, pay, sent, counts, charges, read, store, depsOf };
}

/** An event of the HTTP API, for a handler that a test made itself. */
export function eventOf(routeKey: string, path: string, key: string, body: object): APIGatewayProxyEventV2 {
  const request = {
    method: 'POST',
    path,
    rawQuery: '',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: Buffer.from(JSON.stringify(body)),
    sourceIp: '127.0.0.1',
  };
  const orderId = /^\/card\/charges\/([^/]+)\/completion$/.exec(path)?.[1];
  return toEvent(request, { routeKey, pathParameters: orderId === undefined ? {} : { orderId } });
}
