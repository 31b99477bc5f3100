import { decodeShiftJis } from './shift-jis.ts';

/** One field as it came: the bytes behind the escapes, and their text (null when they are no Shift_JIS). */
export type Field = { name: string; bytes: Buffer; text: string | null };

/** Splits an urlencoded body or query on bytes; `+` is a space. Broken escapes stay as they are. */
export function parseForm(raw: Buffer): Field[] {
  const fields: Field[] = [];
  for (const pair of raw.toString('latin1').split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = at < 0 ? pair : pair.slice(0, at);
    const bytes = unescapeBytes(at < 0 ? '' : pair.slice(at + 1));
    fields.push({ name: unescapeBytes(name).toString('latin1'), bytes, text: decodeShiftJis(bytes) });
  }
  return fields;
}

function unescapeBytes(text: string): Buffer {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i);
    const hex = text.slice(i + 1, i + 3);
    if (char === '%' && /^[0-9A-Fa-f]{2}$/.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else bytes.push(char === '+' ? 0x20 : char.charCodeAt(0));
  }
  return Buffer.from(bytes);
}

/** Text of the first field of that name; absent, empty and undecodable are all ''. */
export function textOf(fields: Field[], name: string): string {
  return fields.find(field => field.name === name)?.text ?? '';
}

export function has(fields: Field[], name: string): boolean {
  return fields.some(field => field.name === name);
}

/**
 * How the fields of a callback are escaped. All four are urlencoding of Shift_JIS bytes:
 * `upper` %83%5B, `lower` %83%5b, `full` every byte of a two-byte character (%83%41), `raw` leaves `[` and its like as they are (%83[).
 */
export type Escapes = 'upper' | 'lower' | 'full' | 'raw';

export function escapeBytes(bytes: Buffer, escapes: Escapes, space: '+' | '%20'): string {
  let out = '';
  let inPair = false;
  for (const byte of bytes) {
    const lead: boolean = !inPair && ((byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc));
    const char = String.fromCharCode(byte);
    if (byte === 0x20) out += space;
    else if (escapes === 'full' && (lead || inPair)) out += percent(byte, escapes);
    else if (/[A-Za-z0-9_.~-]/.test(char)) out += char;
    else if (escapes === 'raw' && '[]@{}|^`'.includes(char)) out += char;
    else out += percent(byte, escapes);
    inPair = lead;
  }
  return out;
}

function percent(byte: number, escapes: Escapes): string {
  const hex = byte.toString(16).padStart(2, '0');
  return `%${escapes === 'lower' ? hex : hex.toUpperCase()}`;
}
