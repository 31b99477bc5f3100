import { createHash } from 'node:crypto';

/** SHA-256 in base64url; 32 characters of it keep 192 bits. */
export const digest = (text: string, length = 32): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, length);

/** The idempotency key is the order's identity: a lost answer can never make a second order. */
export const orderIdOf = (deploymentId: string, idempotencyKey: string): string =>
  digest(`${deploymentId}\n${idempotencyKey}`);

export const isOrderId = (text: string): boolean => /^[A-Za-z0-9_-]{32}$/.test(text);

/** Where calls about a payment that is no order of ours are kept. No idempotency key holds a line feed, so the two never meet. */
export const externalOrderId = (deploymentId: string, service: string, gatewayName: string): string =>
  digest(`${deploymentId}\nexternal\n${service}\n${gatewayName}`);

/**
 * What makes two requests the same: method, path and parsed body, whatever the order of its keys; no body counts as `{}`.
 * `tokenKey` does not count, because a token is short-lived, nor does what is personal: it could be guessed from a digest.
 */
export const requestDigest = (method: string, path: string, body: unknown): string =>
  digest(`${method} ${path}\n${canonical(identifying(body ?? {}))}`);

const notIdentifying = ['tokenKey', 'phone', 'email', 'name', 'cardholderName'];

function identifying(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !notIdentifying.includes(name)));
}

/** Tells two tokens apart; they are random, so that none can be guessed from it. */
export const tokenDigest = (token: string): string => digest(`token\n${token}`, 16);

/** Keys of calls on an existing order or card are kept as digests: they are the merchant's words. */
export const keyDigest = (idempotencyKey: string): string => digest(idempotencyKey, 16);

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join()}}`;
}
