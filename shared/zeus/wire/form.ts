/** application/x-www-form-urlencoded on bytes: values travel as Shift_JIS, so no text library may touch them. */
import { encodeShiftJis } from './shift-jis.ts';

export const formType = 'application/x-www-form-urlencoded';

const unreserved = /^[A-Za-z0-9*\-._]$/;

/** Values become Shift_JIS bytes; space is `+`, anything but letters, digits and `*-._` is `%XX` in capitals. */
export function encodeForm(pairs: ReadonlyArray<readonly [name: string, value: string]>): Buffer {
  return Buffer.from(pairs.map(([name, value]) => `${name}=${escapeBytes(encodeShiftJis(value))}`).join('&'), 'latin1');
}

/** Of each byte. */
const escapes = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (unreserved.test(character)) return character;
  return byte === 0x20 ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

function escapeBytes(bytes: Uint8Array): string {
  let escaped = '';
  for (const byte of bytes) escaped += escapes[byte];
  return escaped;
}

/**
 * Names and the bytes of their values, from a raw query string or body. Safe on unescaped Shift_JIS, because none of
 * `& = % +` can be the second byte of a character. Each different value of a name is kept, up to ten; a malformed escape
 * stays as it is. Decoding to text is the caller's, field by field, so that one broken name never costs the rest.
 */
export function decodeForm(raw: Uint8Array): Map<string, Uint8Array[]> {
  const form = new Map<string, Uint8Array[]>();
  for (const part of split(raw, 0x26)) {
    if (part.length === 0) continue;
    const equals = part.indexOf(0x3d);
    const name = unescapeBytes(equals < 0 ? part : part.subarray(0, equals)).toString('latin1');
    const value = unescapeBytes(equals < 0 ? part.subarray(part.length) : part.subarray(equals + 1));
    const known = form.get(name) ?? [];
    if (name !== '' && known.length < mostValues && !known.some(each => value.equals(each)))
      form.set(name, [...known, value]);
  }
  return form;
}

const mostValues = 10;

function split(raw: Uint8Array, separator: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let from = 0; from <= raw.length; ) {
    const at = raw.indexOf(separator, from);
    const end = at < 0 ? raw.length : at;
    parts.push(raw.subarray(from, end));
    from = end + 1;
  }
  return parts;
}

function unescapeBytes(bytes: Uint8Array): Buffer {
  const out = Buffer.alloc(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const escaped = bytes[i] === 0x25 ? hexPair(bytes[i + 1], bytes[i + 2]) : null;
    if (escaped !== null) i += 2;
    out[length++] = escaped ?? (bytes[i] === 0x2b ? 0x20 : (bytes[i] ?? 0));
  }
  return out.subarray(0, length);
}

function hexPair(high = 0, low = 0): number | null {
  return hexDigit(high) < 0 || hexDigit(low) < 0 ? null : 16 * hexDigit(high) + hexDigit(low);
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
