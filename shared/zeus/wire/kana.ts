/** Half-width katakana (with its marks) and hiragana become full-width katakana; all else stays as it is. */
export function toKatakana(text: string): string {
  const fullWidth = text.replace(/[\uff66-\uff9f]+/g, run => run.normalize('NFKC')).normalize('NFC');
  return fullWidth.replace(/[ぁ-ゖ]/g, kana => String.fromCharCode(kana.charCodeAt(0) + 0x60));
}
