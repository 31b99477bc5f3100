import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeShiftJis,
  encodeShiftJis,
  normalizeForShiftJis,
  unencodable,
} from '../../../shared/zeus/wire/shift-jis.ts';

const hex = (text: string) => encodeShiftJis(text).toString('hex').toUpperCase();
const decodeHex = (bytes: string) => decodeShiftJis(Buffer.from(bytes, 'hex'));

test('characters become the bytes of code page 932', () => {
  assert.equal(hex('ゼウス'), '835B83458358');
  assert.equal(hex('ソ表能予'), '835C955C945C975C');
  assert.equal(hex('ｾﾞｳｽ'), 'BEDEB3BD');
  assert.equal(hex('①Ⅰ№㈱㍻'), '874087548782878A877E');
  assert.equal(hex('ⅰ髙﨑纊德濵'), 'FA40FBFCFAB1FA5CFABAFB4D');
  assert.equal(hex(' !~\t'), '20217E09');
});

test('yen sign and backslash are one byte, and so are overline and tilde', () => {
  assert.equal(hex('¥\\'), '5C5C');
  assert.equal(hex('‾~'), '7E7E');
  assert.equal(decodeHex('5C7E'), '\\~');
});

test('look-alikes are sent as the ones that the code page has', () => {
  assert.equal(normalizeForShiftJis('〜−—‖¢£¬Å'), '～－―∥￠￡￢\u212b');
  assert.equal(hex('〜−—‖¢£¬Å'), '8160817C815C81618191819281CA81F0');
  assert.equal(hex('～－―∥￠￡￢\u212b'), '8160817C815C81618191819281CA81F0');
});

test('kana with combining marks are composed, compatibility kanji stay themselves', () => {
  assert.equal(normalizeForShiftJis('カ\u3099ハ\u309a'), 'ガパ');
  assert.equal(hex('カ\u3099'), '834B');
  assert.equal(normalizeForShiftJis('神塚'), '神塚');
});

test('every katakana goes there and back', () => {
  const fullWidth = String.fromCodePoint(...Array.from({ length: 86 }, (_, i) => 0x30a1 + i), 0x30fc);
  const halfWidth = String.fromCodePoint(...Array.from({ length: 63 }, (_, i) => 0xff61 + i));
  assert.deepEqual(unencodable(fullWidth + halfWidth), []);
  assert.equal(encodeShiftJis(fullWidth).length, 2 * 87);
  assert.equal(encodeShiftJis(halfWidth).length, 63);
  assert.equal(decodeShiftJis(encodeShiftJis(fullWidth + halfWidth)), fullWidth + halfWidth);
});

test('what has no bytes is named once each, as whole characters, and never becomes a question mark', () => {
  assert.deepEqual(unencodable('?ア😀ゔ😀é€\u{20bb7}한ヷ㉑ '), ['😀', 'ゔ', 'é', '€', '\u{20bb7}', '한', 'ヷ', '㉑']);
  assert.deepEqual(unencodable('\u00a0\u200b\ufeff\u0080\ue000\ufffd'), [
    '\u00a0',
    '\u200b',
    '\ufeff',
    '\u0080',
    '\ue000',
    '\ufffd',
  ]);
  assert.deepEqual(unencodable('a\ud83d'), ['\ud83d']);
  assert.deepEqual(unencodable('ア\u3099'), ['\u3099']);
  assert.throws(
    () => encodeShiftJis('ア😀'),
    error => error instanceof Error && !error.message.includes('ア'),
  );
});

test('decoding gives text, or null for bytes that are no characters', () => {
  assert.equal(decodeHex('835B83458358'), 'ゼウス');
  assert.equal(decodeHex('815CED40FA5C'), '―纊纊');
  assert.equal(decodeHex(''), '');
  assert.equal(decodeHex('41FF42'), null);
  assert.equal(decodeHex('4183'), null);
  assert.equal(decodeHex('8320'), null);
});

test('every two-byte character but the user-defined ones can be sent as it came', () => {
  let characters = 0;
  for (let code = 0x8140; code <= 0xfcfc; code++) {
    const text = decodeShiftJis(Uint8Array.of(code >> 8, code & 0xff));
    if (text === null || [...text].length !== 1 || /\p{Co}/u.test(text)) continue;
    characters++;
    assert.equal(decodeShiftJis(encodeShiftJis(text)), text);
  }
  assert.equal(characters, 7724);
});
