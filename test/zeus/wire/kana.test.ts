import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toKatakana } from '../../../shared/zeus/wire/kana.ts';

test('hiragana and half-width katakana become full-width katakana', () => {
  assert.equal(toKatakana('ぜうす'), 'ゼウス');
  assert.equal(toKatakana('ぁゔゕゖん'), 'ァヴヵヶン');
  assert.equal(toKatakana('ｾﾞｳｽ ﾊﾟｰﾃｨ'), 'ゼウス パーティ');
  assert.equal(toKatakana('ｳﾞ'), 'ヴ');
});

test('marks typed apart are joined with their kana', () => {
  assert.equal(toKatakana('か\u3099ハ\u309a'), 'ガパ');
  assert.equal(toKatakana('カﾞ'), 'ガ');
});

test('all else stays', () => {
  for (const text of ['ソー', '名前', 'Ａａ-1', 'ゝ・', '　 ']) assert.equal(toKatakana(text), text);
});
