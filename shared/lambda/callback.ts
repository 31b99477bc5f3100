import { createHash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Masked } from '../domain/masked.ts';
import { keepCallback, type Stored, storeCallback } from '../orders/callbacks.ts';
import { storeConflicting } from '../orders/conflicting-callback.ts';
import type { OrderDeps } from '../orders/engine.ts';
import { persist } from '../orders/write.ts';
import type { CallbackReading, Received } from '../zeus/callbacks/callback.ts';
import { readCardCallback } from '../zeus/callbacks/card.ts';
import { readCarrierCallback } from '../zeus/callbacks/carrier.ts';
import { readCvsCallback } from '../zeus/callbacks/cvs.ts';
import { isTooLong, rawParameters } from './callback-parameters.ts';
import { type WithIpCodes, withIpCode } from './issued.ts';
import { type LogLine, log, logError, logOrder } from './log.ts';

export interface CallbackFunctionDeps extends OrderDeps, WithIpCodes {
  deploymentId: string;
  strictCallbacks: boolean;
}

export interface PublicCallbackDeps extends CallbackFunctionDeps {
  /** Addresses that callbacks may come from. */
  callbackSources: readonly string[];
  /** Those of which one must be in the path. */
  pathTokens(): Promise<Masked[]>;
  /** Durable when it returns. */
  queue(message: string): Promise<void>;
}

const readers: Record<string, (raw: Uint8Array) => CallbackReading> = {
  card: readCardCallback,
  carrier: readCarrierCallback,
  cvs: readCvsCallback,
};

const answer = (statusCode: number, body: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'text/plain', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
  body,
});

const unreadable = (service: string, why: Pick<LogLine, 'missing' | 'reason'>) => {
  log({ event: 'callback_unreadable', service, ...why });
  return answer(400, 'ERR400');
};

const refused = (reason: 'source' | 'path'): APIGatewayProxyStructuredResultV2 => {
  log({ event: 'callback_refused', reason });
  return answer(403, 'NG');
};

/** Contract 2: `successok` once the callback is durable, and never before; nothing is thrown. */
export function callbackHandler(deps: PublicCallbackDeps) {
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const cameInAt = deps.now();
    try {
      return await answerCallback(deps, event, cameInAt);
    } catch (error) {
      logError(error);
      log({ event: 'callback_not_stored' });
      return answer(500, 'ERR500');
    }
  };
}

async function answerCallback(deps: PublicCallbackDeps, event: APIGatewayProxyEventV2, cameInAt: Date) {
  // Headers can be forged, the connection's address cannot.
  if (!deps.callbackSources.includes(event.requestContext.http.sourceIp)) return refused('source');
  const [, token = '', method = '', ...rest] = event.rawPath.split('/');
  const tokens = await deps.pathTokens();
  const read = Object.hasOwn(readers, method) ? readers[method] : undefined;
  if (!isOneOf(token, tokens) || !read || rest.length > 0) return refused('path');

  if (isTooLong(event)) return unreadable(method, { reason: 'too_long' });
  const reading = read(rawParameters(event));
  if (reading.kind === 'unreadable') return unreadable(method, { missing: reading.missing });
  const keep = (received: Received) => persist(deps, () => storeReceived(deps, received, cameInAt));
  const queue = (received: Received) => deps.queue(toMessage(received));
  const stored = await keepCallback({ ...deps, keep, queue, onError: logError }, reading.callback, cameInAt);
  if (stored) logStored(reading.callback, stored);
  else log({ event: 'callback_queued', service: method });
  return answer(200, 'successok');
}

export const storeReceived = async (deps: CallbackFunctionDeps, received: Received, cameInAt: Date): Promise<Stored> =>
  'conflicting' in received
    ? storeConflicting(deps, received)
    : storeCallback(await withIpCode(deps, received.method), received, cameInAt);

/** What waits in the queue: the callback as it was read, which holds nothing of the payer. */
export const toMessage = (received: Received): string => JSON.stringify(received);
export const fromMessage = (message: string): Received => JSON.parse(message);

const isOneOf = (given: string, tokens: readonly Masked[]): boolean =>
  tokens.filter(token => isEqual(given, token.reveal())).length > 0;

/** Takes the same time wherever the two differ. */
function isEqual(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map(text => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}

export function logStored(received: Received, { order, isNew }: Stored): void {
  const effect = isNew ? 'stored' : 'stored_before';
  const code = 'code' in received ? received.code : null;
  log({ event: 'callback', service: received.method, orderId: order.orderId, effect, code });
  if (isNew) logOrder(order);
}
