import { digest } from '../domain/identity.ts';
import { keyLimit, type UsedKeys } from '../domain/order.ts';

/** Keys of calls on an existing order or card are kept as digests: they are the merchant's words. */
export const keyDigest = (idempotencyKey: string): string => digest(idempotencyKey, 16);

export function withKey(keys: UsedKeys, { key, request }: { key: string; request: string }, at: Date): UsedKeys {
  const all = Object.entries({ ...keys, [key]: { request, at: at.toISOString(), done: keys[key]?.done ?? false } });
  const newest = all.sort(([, a], [, b]) => (a.at < b.at ? -1 : 1)).slice(-keyLimit);
  return Object.fromEntries(newest);
}

export function markDone(keys: UsedKeys, key: string): UsedKeys {
  const used = keys[key];
  return used ? { ...keys, [key]: { ...used, done: true } } : keys;
}
