/**
 * One POST to the gateway and its outcome. The only file with an HTTP client.
 * A fresh connection each time (a thawed function's pooled socket may be half closed), one time-out for the whole,
 * TLS 1.2 or newer with a certificate that is always verified, no retry, no redirect. Nothing is written before the
 * connection stands, TLS included, so `not_sent` is a fact; from then on every fault is `lost`. Messages hold an error code
 * at most, never request data.
 */
import http from 'node:http';
import https from 'node:https';
import { isSecureUrl } from './secure-url.ts';

export type Reply =
  | { kind: 'answered'; status: number; body: Buffer }
  | { kind: 'lost'; message: string }
  | { kind: 'not_sent'; message: string };

/** `timeoutMs`: shorter than the usual one. */
export type Send = (path: string, contentType: string, body: Uint8Array, timeoutMs?: number) => Promise<Reply>;

/** The gateway's longest answers have a few hundred bytes. */
const maxAnswerBytes = 64 * 1024;

/** Shorter than the time-out of every function that sends, so that its outcome is still stored. */
export const gatewayTimeoutMs = 75_000;

/** Throws on a base URL that is not https; http is for this machine itself. Time-out in milliseconds, from the call to the last byte. */
export function createSend(baseUrl: string, usualTimeoutMs = gatewayTimeoutMs): Send {
  if (!isSecureUrl(baseUrl)) throw new Error('The gateway URL must be https, or http to this machine itself');
  return (path, contentType, body, timeoutMs = usualTimeoutMs) =>
    post(new URL(path, baseUrl), contentType, body, timeoutMs);
}

/** Written out, so that NODE_TLS_REJECT_UNAUTHORIZED cannot turn it off. */
const verified = { minVersion: 'TLSv1.2', rejectUnauthorized: true } as const;

function post(url: URL, contentType: string, body: Uint8Array, timeoutMs: number): Promise<Reply> {
  const { promise, resolve } = Promise.withResolvers<Reply>();
  const headers = { 'content-type': contentType, 'content-length': body.length, connection: 'close' };
  const options = { method: 'POST', headers, agent: false } as const;
  const secure = url.protocol === 'https:';
  const request = secure ? https.request(url, { ...options, ...verified }) : http.request(url, options);
  const timer = setTimeout(() => fail('time-out'), timeoutMs);
  let stands = false;
  let answering = false;

  request.once('socket', socket => {
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      stands = true;
      request.end(body);
    });
  });
  request.once('response', response => {
    answering = true;
    readBody(response).then(
      answer => settle({ kind: 'answered', status: response.statusCode ?? 0, body: answer }),
      fail,
    );
  });
  // Once an answer has begun, its reader has the last word: this event can overtake the end of a whole body.
  request.on('error', cause => {
    if (!answering) fail(cause);
  });
  return promise;

  function fail(cause: unknown): void {
    const why = reasonOf(cause);
    if (stands) settle({ kind: 'lost', message: `The gateway's answer did not arrive (${why})` });
    else settle({ kind: 'not_sent', message: `No connection to the gateway could be made (${why})` });
  }

  // The first word counts; destroying the request afterwards raises events that come too late to matter.
  function settle(reply: Reply): void {
    clearTimeout(timer);
    resolve(reply);
    request.destroy();
  }
}

/** Rejects when the body ends short of its declared length or has too many bytes. */
async function readBody(response: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxAnswerBytes) throw Object.assign(new Error(), { code: 'TOO_LONG' });
    chunks.push(chunk);
  }
  if (!response.complete) throw Object.assign(new Error(), { code: 'CUT_SHORT' });
  return Buffer.concat(chunks);
}

function reasonOf(cause: unknown): string {
  if (typeof cause === 'string') return cause;
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[A-Z0-9_]{1,64}$/.test(code) ? code : 'broken off';
}
