/** The manuals' parameter tables as data: a field's wire name, our name for it, and what its value may be. */
import { encodeForm } from './form.ts';
import { encodeShiftJis, unencodable } from './shift-jis.ts';

export interface Kind {
  /** Width in encoded Shift_JIS bytes. */
  minBytes: number;
  maxBytes: number;
  /** English, never quoting the value; null when the value fits. */
  problem(value: string): string | null;
  /** The rest is what `problem` goes by, for the API's description. Completes "must be …". */
  description?: string;
  /** Judges one character (a whole code point). */
  allowed?: RegExp;
  /** All there are. */
  values?: readonly string[];
  /** What is asked beyond the characters. */
  rule?: string;
}

export interface Field {
  wire: string;
  /** The name in our own API; null where the caller of our API has no such field. */
  field: string | null;
  kind: Kind;
}

/** `description` completes "must be …"; `allowed` judges one character (a whole code point). */
export function characters(description: string, allowed: RegExp, minBytes: number, maxBytes: number): Kind {
  return { minBytes, maxBytes, problem, description, allowed };

  function problem(value: string): string | null {
    // A character has at least one byte, and only kana with a combining mark are shorter in bytes than in units.
    if (value.length > 2 * maxBytes) return `must be at most ${maxBytes} bytes`;
    if (![...value].every(character => allowed.test(character))) return `must be ${description}`;
    if (unencodable(value).length > 0) return 'has characters that Shift_JIS cannot carry';
    const width = encodeShiftJis(value).length;
    if (width < minBytes) return minBytes === 1 ? 'must not be empty' : `must be at least ${minBytes} bytes`;
    return width > maxBytes ? `must be at most ${maxBytes} bytes` : null;
  }
}

export function digits(minBytes: number, maxBytes: number): Kind {
  return characters('half-width digits', /^[0-9]$/, minBytes, maxBytes);
}

/** A whole number in yen without leading zeros, from `min` to `max` inclusive. */
export function yen(min: number, max: number): Kind {
  const form = digits(String(min).length, String(max).length);
  const problem = (value: string) => {
    const fits = form.problem(value) === null && String(Number(value)) === value;
    return fits && Number(value) >= min && Number(value) <= max ? null : `must be a whole number from ${min} to ${max}`;
  };
  return { ...form, problem };
}

/** IP codes of cards, which are the only ones with 5 digits. */
export const ipCode: Kind = {
  ...digits(5, 10),
  problem: value => (/^(?:[0-9]{5}|[0-9]{10})$/.test(value) ? null : 'must be 5 or 10 digits'),
};

export function fixed(value: string): Kind {
  return oneOf([value]);
}

/** ASCII values only. */
export function oneOf(values: readonly string[]): Kind {
  const widths = values.map(value => value.length);
  return {
    minBytes: Math.min(...widths),
    maxBytes: Math.max(...widths),
    problem: value => (values.includes(value) ? null : `must be ${values.join(', ')}`),
    values,
  };
}

/** Token keys, authentication keys, and order numbers where the manual says no more than "symbols". */
export function printable(minBytes: number, maxBytes: number): Kind {
  return characters('printable ASCII', /^[ -~]$/, minBytes, maxBytes);
}

/** sendid and sendpoint: the class of manual 000's tables; 001's is the same. `¥` and `\` are one byte. */
export function freeText(maxBytes: number): Kind {
  return characters(
    'letters, digits, spaces or \\!#$%()~|-@[:]./`{*}?_',
    /^[A-Za-z0-9 \\¥!#$%()~|\-@[:\]./`{*}?_]$/,
    1,
    maxBytes,
  );
}

/** Manual 000's class and, for carriers, 001's (page 6); less `&`, because callbacks may name the value unescaped. */
export const email = characters('letters, digits or !#$%*+-/=?^_`{|}~.@', /^[A-Za-z0-9!#$%*+\-/=?^_`{|}~.@]$/, 1, 50);

/** Full-width katakana and the long-vowel mark; the middle dot is no kana. */
export function katakana(maxBytes: number): Kind {
  return characters('full-width katakana', /^[\u30a1-\u30f6\u30fc]$/, 2, maxBytes);
}

/** Full-width katakana and full-width spaces, not spaces alone. */
export function katakanaAndSpaces(maxBytes: number): Kind {
  const form = characters('full-width katakana and spaces', /^[\u30a1-\u30f6\u30fc\u3000]$/, 2, maxBytes);
  const problem = (value: string) => form.problem(value) ?? (value.trim() === '' ? 'must not be spaces alone' : null);
  return { ...form, problem };
}

/** 'money' is our 'amount'; null where the gateway names a parameter that is none of our caller's. Any case. */
export function fieldOfParameter(fields: readonly Field[], wire: string): string | null {
  return fields.find(field => field.wire === wire.toLowerCase())?.field ?? null;
}

/**
 * Wire names and values in the table's order; undefined values are left out. Throws on a value that its kind refuses
 * and on a name that the table lacks: both are bugs, because the API checked before. Never quotes a value.
 */
export function checkFields(fields: readonly Field[], values: Values): [wire: string, value: string][] {
  const unlisted = Object.keys(values).find(name => !fields.some(field => field.wire === name));
  if (unlisted !== undefined) throw new Error(`${unlisted} is not in the table`);
  return fields.flatMap(({ wire, kind }) => {
    const value = values[wire];
    if (value === undefined) return [];
    const problem = kind.problem(value);
    if (problem !== null) throw new Error(`${wire} ${problem}`);
    return [[wire, value] as [string, string]];
  });
}

export type Values = Record<string, string | undefined>;

/** The checked values as a form body. */
export function encodeFields(fields: readonly Field[], values: Values): Buffer {
  return encodeForm(checkFields(fields, values));
}
