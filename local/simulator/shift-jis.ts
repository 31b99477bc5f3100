/**
 * Shift_JIS as the gateway speaks it (CP932). Decoding is the platform's; the way back is its inverse,
 * so nothing here shares code or tables with what it is used to test.
 */
const decoder = new TextDecoder('shift_jis', { fatal: true });

/** Text of the bytes, or null when they are no Shift_JIS. */
export function decodeShiftJis(bytes: Uint8Array): string | null {
  // The platform's decoder rotates these three control bytes; no field of the gateway may hold them.
  if (bytes.some(byte => byte === 0x1a || byte === 0x1c || byte === 0x7f)) return null;
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Bytes of the text; a character outside the charset becomes an HTML character reference (pages only ever need it). */
export function encodeShiftJis(text: string): Buffer {
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else bytes.push(...(inverse().get(char) ?? Buffer.from(`&#${code};`, 'ascii')));
  }
  return Buffer.from(bytes);
}

let table: Map<string, number[]> | undefined;

function inverse(): Map<string, number[]> {
  if (!table) {
    table = new Map();
    for (let byte = 0xa1; byte <= 0xdf; byte += 1) remember(table, [byte]);
    for (const lead of leadBytes()) {
      for (let trail = 0x40; trail <= 0xfc; trail += 1) remember(table, [lead, trail]);
    }
  }
  return table;
}

/** Windows writes the IBM characters from row FA on, so the duplicates in ED and EE come last. */
function leadBytes(): number[] {
  const leads: number[] = [];
  for (let lead = 0x81; lead <= 0xfc; lead += 1) {
    if ((lead <= 0x9f || lead >= 0xe0) && lead !== 0xed && lead !== 0xee) leads.push(lead);
  }
  return [...leads, 0xed, 0xee];
}

function remember(map: Map<string, number[]>, bytes: number[]): void {
  const text = decodeShiftJis(Uint8Array.from(bytes));
  if (text !== null && [...text].length === 1 && !map.has(text)) map.set(text, bytes);
}
