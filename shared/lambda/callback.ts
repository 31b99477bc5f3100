import { createHash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Applied } from '../orders/apply-callback.ts';
import { type KeepDeps, keepCallback } from '../orders/keep-callback.ts';
import type { CallbackReading, Notice } from '../zeus/callbacks/callback.ts';
import { readCardCallback } from '../zeus/callbacks/card.ts';
import { readCarrierCallback } from '../zeus/callbacks/carrier.ts';
import { readCvsCallback } from '../zeus/callbacks/cvs.ts';
import { log, logError, logOrder } from './log.ts';
import { credentials, settings } from './wiring.ts';

const readers: Record<string, (raw: Uint8Array) => CallbackReading> = {
  card: readCardCallback,
  carrier: readCarrierCallback,
  cvs: readCvsCallback,
};

const answer = (statusCode: number, body: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'text/plain' },
  body,
});

const refused = (reason: 'source' | 'path'): APIGatewayProxyStructuredResultV2 => {
  log({ event: 'callback_refused', reason });
  return answer(403, 'NG');
};

/** Contract 2: `successok` once the call is durable, and never before; nothing is thrown. */
export function callbackHandler(deps: KeepDeps) {
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const cameInAt = deps.now();
    try {
      return await answerCall(event, notice => keepCallback(deps, notice, cameInAt));
    } catch (error) {
      logError(error);
      log({ event: 'callback_not_stored' });
      return answer(500, 'ERR500');
    }
  };
}

async function answerCall(event: APIGatewayProxyEventV2, keep: (notice: Notice) => Promise<Applied | null>) {
  // Headers can be forged, the connection's address cannot.
  if (!settings.callbackSources.includes(event.requestContext.http.sourceIp)) return refused('source');
  const [, token = '', service = '', ...rest] = event.rawPath.split('/');
  const { pathToken } = await credentials();
  const read = Object.hasOwn(readers, service) ? readers[service] : undefined;
  if (!isEqual(token, pathToken.reveal()) || !read || rest.length > 0) return refused('path');

  const reading = read(rawParameters(event));
  if (reading.kind === 'unreadable') {
    log({ event: 'callback_unreadable', service, missing: reading.missing });
    return answer(400, 'ERR400');
  }
  const applied = await keep(reading.notice);
  if (applied) logApplied(reading.notice, applied);
  else log({ event: 'callback_queued', service });
  return answer(200, 'successok');
}

/** The bytes as they were sent: values are Shift_JIS, which no parser before this one may have touched. */
function rawParameters({ body, isBase64Encoded, rawQueryString }: APIGatewayProxyEventV2): Buffer {
  return body ? Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') : Buffer.from(rawQueryString, 'latin1');
}

/** Takes the same time wherever the two differ. */
function isEqual(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map(text => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}

export function logApplied({ service, code }: Notice, { order, effect }: Applied): void {
  log({ event: 'callback', service, orderId: order.orderId, effect, code });
  if (effect !== 'stored_before') logOrder(order);
}
