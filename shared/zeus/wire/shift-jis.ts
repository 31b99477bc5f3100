/**
 * Shift_JIS as the gateway means it: Windows code page 932, with NEC and IBM extensions. The only file that knows the
 * charset. `¥` and `\` are both byte 5C and come back as `\`; `‾` is 7E and comes back as `~`.
 */
import dbcs from 'iconv-lite/encodings/dbcs-codec.js';
import table from 'iconv-lite/encodings/tables/shiftjis.json' with { type: 'json' };

const replacement = '\ufffd';

// The tables take some milliseconds to build, so they are built at first use; ASCII is its own code page and needs none.
const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);
let built: InstanceType<typeof dbcs._dbcs> | null = null;
function codec() {
  built ??= new dbcs._dbcs(
    {
      encodingName: 'shiftjis',
      table: () => table,
      encodeAdd: { '\u00a5': 0x5c, '\u203e': 0x7e },
      // Characters that the code page has twice are sent from the IBM rows, as Windows does; user-defined ones never.
      encodeSkipVals: [{ from: 0xed40, to: 0xf940 }],
    },
    { defaultCharUnicode: replacement, defaultCharSingleByte: '?' },
  );
  return built;
}

/** Unicode has several characters where the code page has one; systems other than Windows type the left ones. */
const sameOnTheWire: Record<string, string> = {
  '\u301c': '\uff5e', // wave dash
  '\u2212': '\uff0d', // minus
  '\u2014': '\u2015', // dash
  '\u2016': '\u2225', // double vertical line
  '\u00a2': '\uffe0', // cent
  '\u00a3': '\uffe1', // pound
  '\u00ac': '\uffe2', // not
  '\u00c5': '\u212b', // angstrom
};

/**
 * Kana typed as base and combining mark become one character, and look-alikes the ones the code page has.
 * Only such sequences are composed: NFC over the whole text would lose the code page's own compatibility kanji.
 */
export function normalizeForShiftJis(text: string): string {
  if (isAscii(text)) return text;
  const composed = text.replace(/\P{M}\p{M}+/gu, sequence => sequence.normalize('NFC'));
  return composed.replace(/[\u301c\u2212\u2014\u2016\u00a2\u00a3\u00ac\u00c5]/g, c => sameOnTheWire[c] ?? c);
}

/** The distinct characters (whole code points) that have no bytes even after normalisation; empty when all is well. */
export function unencodable(text: string): string[] {
  if (isAscii(text)) return [];
  const characters = new Set(normalizeForShiftJis(text));
  return [...characters].filter(character => character !== '?' && !hasBytes(character));
}

function hasBytes(character: string): boolean {
  const bytes = writeBytes(character);
  // 3F is the codec's stand-in, and its 80 is no character of the code page.
  return bytes[0] !== 0x3f && bytes[0] !== 0x80;
}

/** Throws on text that is not encodable: callers ask `unencodable` first. */
export function encodeShiftJis(text: string): Buffer {
  if (unencodable(text).length > 0) throw new Error('The text has characters that Shift_JIS cannot carry');
  return writeBytes(normalizeForShiftJis(text));
}

function writeBytes(text: string): Buffer {
  if (isAscii(text)) return Buffer.from(text, 'latin1');
  const encoder = new (codec().encoder)({}, codec());
  return Buffer.concat([encoder.write(text), encoder.end() ?? Buffer.alloc(0)]);
}

/** Null when some byte sequence stands for no character. */
export function decodeShiftJis(bytes: Uint8Array): string | null {
  const decoder = new (codec().decoder)({}, codec());
  const text = decoder.write(bytes) + decoder.end();
  return text.includes(replacement) ? null : text;
}
