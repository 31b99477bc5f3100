/**
 * Carrier billing: the form with which the payer's browser opens an order at the gateway. Nothing is sent from here.
 * Manual 001: parameter tables of the order, symbol table (page 6), site-back links (pages 8 and 9), test procedure.
 * POST /cgi-bin/carrier/order.cgi, Shift_JIS; widths in encoded bytes. Yen: docomo and au 1 to 50,000, SoftBank 1 to
 * 100,000. Throws on values that break the table (a bug: the API checked before), naming the field, never the value.
 * A browser replaces a character that the charset lacks by a reference, so values are normalised first; then it posts
 * exactly what `encodeForm` would. The payer can submit the form twice, and each time the gateway opens an order.
 */

import type { Masked } from '../../domain/masked.ts';
import type { Carrier } from '../../domain/words.ts';
import { carrierCodes } from '../wire/carriers.ts';
import {
  characters,
  checkFields,
  digits,
  email,
  type Field,
  freeText,
  type Kind,
  katakana,
  oneOf,
  yen,
} from '../wire/fields.ts';
import { toKatakana } from '../wire/kana.ts';
import { normalizeForShiftJis } from '../wire/shift-jis.ts';

/** A test order is known by `_` and eight digits behind the name, all of it within the width of a name. */
const userName = narrowed(
  characters('full-width katakana', /^[ァ-ヶー_0-9]$/, 2, 50),
  value => /^[ァ-ヶー]+(_[0-9]{8})?$/.test(value),
  'must be full-width katakana, for a test with a test ID of 8 digits',
);

/** The manual leaves the symbols open: those of RFC 3986. */
const url = narrowed(
  characters('a URL of ASCII characters', /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]$/, 1, 256),
  value => /^https?:\/\//i.test(value) && URL.canParse(value),
  'must be an absolute http or https URL',
);

/** The manual's row has no symbols, its example has parentheses; full-width symbols are taken as harmless. */
const linkText = characters(
  'full-width characters, or half-width letters, digits, spaces or parentheses',
  /^(?:[A-Za-z0-9 ()]|[^\0-\u00a5\u203e\uff61-\uff9f])$/u,
  1,
  256,
);
const text: Kind = { ...linkText, problem: value => linkText.problem(normalizeForShiftJis(value)) };

export const fields: readonly Field[] = [
  { wire: 'clientip', field: null, kind: digits(10, 10) },
  { wire: 'money', field: 'amount', kind: yen(1, 100_000) },
  { wire: 'carrier_type', field: 'carrier', kind: oneOf(['D', 'A', 'S']) },
  { wire: 'username', field: 'name', kind: userName },
  { wire: 'telno', field: 'phone', kind: digits(1, 32) },
  { wire: 'email', field: 'email', kind: email },
  { wire: 'sendid', field: null, kind: freeText(25) },
  { wire: 'sendpoint', field: null, kind: freeText(50) },
  { wire: 'success_url', field: 'success.url', kind: url },
  { wire: 'success_str', field: 'success.text', kind: text },
  { wire: 'failure_url', field: 'failure.url', kind: url },
  { wire: 'failure_str', field: 'failure.text', kind: text },
];

/** What each carrier takes for one order. */
export const amounts: Readonly<Record<Carrier, Kind>> = {
  docomo: yen(1, 50_000),
  au: yen(1, 50_000),
  softbank: yen(1, 100_000),
};

export interface CarrierOrder {
  ipCode: string;
  amountYen: number;
  carrier: Carrier;
  /** As `carrierName` gives it. */
  name: Masked;
  phone: Masked;
  email: Masked | null;
  orderId: string;
  /** Eight digits make it a test order. */
  testId: string | null;
  success: SiteBackLink | null;
  failure: SiteBackLink | null;
}

/** The link back to the shop on the gateway's result page. */
export interface SiteBackLink {
  url: string;
  text: string;
}

export interface CarrierForm {
  action: string;
  method: 'POST';
  acceptCharset: 'Shift_JIS';
  /** By wire name, in the manual's order. */
  fields: Record<string, string>;
  /** The same as one complete form of ASCII only, right in a page of any charset. */
  html: string;
}

/** A payer's name as carriers take it: full-width katakana without spaces. */
export function carrierName(name: string): string {
  return toKatakana(name).replace(/[ \u3000]/g, '');
}

/** For the API: what is wrong with a name (as `carrierName` gives it) with this test ID, in English; null when fine. */
export function nameProblem(name: string, testId: string | null): string | null {
  return katakana(50).problem(name) ?? userName.problem(userNameOf(name, testId));
}

export function carrierLink(baseUrl: string, order: CarrierOrder): CarrierForm {
  const action = new URL('/cgi-bin/carrier/order.cgi', baseUrl).href;
  const values = valuesOf(order);
  return { action, method: 'POST', acceptCharset: 'Shift_JIS', fields: values, html: writeHtml(action, values) };
}

function valuesOf(order: CarrierOrder): Record<string, string> {
  const { carrier, name, testId, success, failure } = order;
  const values = {
    clientip: order.ipCode,
    money: String(order.amountYen),
    carrier_type: carrierCodes[carrier],
    username: userNameOf(name.reveal(), testId),
    telno: order.phone.reveal(),
    email: order.email?.reveal(),
    sendpoint: order.orderId,
    success_url: success?.url,
    success_str: success === null ? undefined : normalizeForShiftJis(success.text),
    failure_url: failure?.url,
    failure_str: failure === null ? undefined : normalizeForShiftJis(failure.text),
  };
  const amountProblem = amounts[carrier].problem(String(order.amountYen));
  if (amountProblem !== null) throw new Error(`money ${amountProblem}`);
  if (nameProblem(name.reveal(), testId) !== null) throw new Error('username is no name, or too long with the test ID');
  return Object.fromEntries(checkFields(fields, values));
}

function userNameOf(name: string, testId: string | null): string {
  return testId === null ? name : `${name}_${testId}`;
}

function writeHtml(action: string, values: Record<string, string>): string {
  const inputs = Object.entries(values).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`,
  );
  return [
    `<form method="POST" action="${escapeHtml(action)}" accept-charset="Shift_JIS" target="_top">`,
    ...inputs,
    `<button type="submit">${escapeHtml('お支払い手続きへ進む')}</button>`,
    '</form>',
  ].join('\n');
}

/** Pure ASCII: markup characters and everything beyond become references by number. */
function escapeHtml(value: string): string {
  return value.replace(/[^ -~]|[&<>"'`]/gu, character => `&#${character.codePointAt(0)};`);
}

function narrowed(kind: Kind, fits: (value: string) => boolean, otherwise: string): Kind {
  return { ...kind, problem: value => kind.problem(value) ?? (fits(value) ? null : otherwise), rule: otherwise };
}
