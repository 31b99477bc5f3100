import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeShiftJis, encodeShiftJis } from '../../../local/simulator/shift-jis.ts';

const pairs: [text: string, hex: string][] = [
  ['ゼウス', '835b83458358'],
  ['ソ能表', '835c945c955c'],
  ['ヴー　', '8394815b8140'],
  ['ｱﾞ', 'b1de'],
  ['\\~|', '5c7e7c'],
  ['①髙', '8740fbfc'],
];

for (const [text, hex] of pairs) {
  test(`${text} is ${hex}, both ways`, () => {
    assert.equal(encodeShiftJis(text).toString('hex'), hex);
    assert.equal(decodeShiftJis(Buffer.from(hex, 'hex')), text);
  });
}

test('what the charset lacks becomes a character reference on a page', () => {
  assert.equal(encodeShiftJis('é😀').toString(), '&#233;&#128512;');
});

test('bytes that are none of the charset have no text', () => {
  for (const hex of ['83', '8120', 'ff', 'e38282', '7f'])
    assert.equal(decodeShiftJis(Buffer.from(hex, 'hex')), null, hex);
});
