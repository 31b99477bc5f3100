import type { Field } from './form.ts';

/** One row of a manual's parameter table. `max` in bytes; `pattern` judges the decoded text. */
export type Row = { name: string; required: boolean; max: number; pattern: { test: (text: string) => boolean } };

/** Name of the first row, in the manual's order, whose value breaks the row; null when all hold. An empty value counts as absent. */
export function firstBadRow(rows: Row[], fields: Field[]): string | null {
  return rows.find(row => !holds(row, fields))?.name ?? null;
}

export function holds(row: Row, fields: Field[]): boolean {
  const field = fields.find(candidate => candidate.name === row.name);
  if (!field || field.bytes.length === 0) return !row.required;
  return field.text !== null && field.bytes.length <= row.max && row.pattern.test(field.text);
}

/** What the gateway lets pass although the manual does not provide for it. */
export function strayFields(rows: Row[], fields: Field[]): string[] {
  const known = rows.map(row => row.name);
  const names = fields.map(field => field.name);
  const found = names.filter(name => !known.includes(name)).map(name => `unknown parameter ${name.slice(0, 40)}`);
  for (const name of new Set(names)) {
    if (names.filter(other => other === name).length > 1)
      found.push(`parameter ${name.slice(0, 40)} given more than once`);
  }
  const places = names.map(name => known.indexOf(name)).filter(place => place >= 0);
  if (places.some((place, i) => i > 0 && place < (places[i - 1] ?? 0)))
    found.push("parameters not in the manual's order");
  return found;
}

/** Half-width digits. */
export const DIGITS = /^[0-9]+$/;
/** 000 p.41 to 61: letters, digits, space and the listed signs; 0x5C is the yen sign there and a backslash here. */
export const FREE_TEXT_CARD = /^[A-Za-z0-9 \\!#$%()~|\-@[:\]./`{*}?_]+$/;
export const EMAIL_CARD = /^[A-Za-z0-9!#$%&*+\-/=?^_`{|}~.@]+$/;
/** 001 p.6, the table of signs; the e-mail's column differs from the free parameters'. */
export const EMAIL_CARRIER = /^[A-Za-z0-9!#$%~|\-@./`{}*?_^=+]+$/;
export const FREE_TEXT_CARRIER = FREE_TEXT_CARD;
/** 002 p.5 has lost part of its list of signs: whatever 000 allows, plus the signs that are legible, without the space. */
export const FREE_TEXT_CVS = /^[A-Za-z0-9\\!#$%()~|\-@[:\]./`{*}?_,+=^]+$/;
/** 001 p.5: what a link may hold; the signs of an address are not listed there. */
export const LINK_URL = /^https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;
/** Full-width letters and digits, kanji, kana, half-width letters and digits, spaces, and the brackets of the manual's own example. */
export const LINK_TEXT = /^[\p{Script=Han}ぁ-んァ-ヶー々〆Ａ-Ｚａ-ｚ０-９A-Za-z0-9 　()（）]+$/u;
export const YES = /^yes$/;

/** Half-width digits within limits, in yen. */
export function amountBetween(min: number, max: number): Row['pattern'] {
  return { test: text => DIGITS.test(text) && Number(text) >= min && Number(text) <= max };
}
