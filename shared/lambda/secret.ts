/** The parts of the secret (contract 3). Each is a secret of its own, and a function is allowed the parts that it names. */
import { Masked } from '../domain/masked.ts';
import type { Method } from '../domain/words.ts';

/** Null: not contracted, or malformed, so that the other methods work on. */
export type IpCodes = Record<Method, string | null>;

/** A rotated value is in use after this at the latest. */
const keptForMilliseconds = 10 * 60_000;

/** Reads a part once per instance and now and then again; an instance that has it survives an outage of the service. */
export function keep<T>(readSecret: () => Promise<string>, parse: (text: string) => T): () => Promise<T> {
  let kept: { value: T; until: number } | null = null;
  return async () => {
    if (kept && Date.now() < kept.until) return kept.value;
    try {
      kept = { value: parse(await readSecret()), until: Date.now() + keptForMilliseconds };
    } catch (error) {
      if (!kept) throw error;
      kept.until = Date.now() + keptForMilliseconds / 10;
    }
    return kept.value;
  };
}

/** 5 or 10 digits for cards, 10 for the others (manuals 000 to 003). */
export function parseIpCodes(text: string): IpCodes {
  const read = (method: Method, form: RegExp) => {
    const code = readValue(text, method, 'clientip');
    return code !== null && form.test(code) ? code : null;
  };
  return { card: read('card', /^(\d{5}|\d{10})$/), carrier: read('carrier', /^\d{10}$/), cvs: read('cvs', /^\d{10}$/) };
}

/** Null: not filled. */
export const parseCardKey = (text: string): Masked | null => masked(readValue(text, 'card', 'key'));

/** Null: not filled. */
export const parseCarrierKey = (text: string): Masked | null => masked(readValue(text, 'carrier', 'zkey'));

/** The path tokens that are valid: the present one and, while it is being changed, the one before. Throws without any. */
export function parsePathTokens(text: string): Masked[] {
  const present = masked(readValue(text, 'callback', 'pathToken'));
  const previous = masked(readValue(text, 'callback', 'previousPathToken'));
  if (!present) throw new Error('The secret has no callback.pathToken: fill it before the first call.');
  return previous ? [present, previous] : [present];
}

const masked = (value: string | null): Masked | null => (value === null ? null : new Masked(value));

function readValue(text: string, service: string, name: string): string | null {
  const value = parseJson(text)[service]?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function parseJson(text: string): Record<string, Record<string, unknown> | undefined> {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
