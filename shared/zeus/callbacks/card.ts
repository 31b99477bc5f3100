/**
 * Card notification: how a charge ended, as the gateway tells it to a URL of ours. Manual 000, result notification
 * (CGI call). GET or POST; field values in Shift_JIS, of which only ASCII ones are read. `result` is OK or NG, another
 * one is passed on. Widths in bytes. Phone, e-mail, card ID and day of processing are in the call too and not read.
 * It may come before, during or after the answer to the charge, late, and more than once.
 */

import type { Brand } from '../../domain/words.ts';
import { cardDeclined } from '../wire/card-declined.ts';
import { decodeForm } from '../wire/form.ts';
import { asciiValue, type CallbackReading, type Form, type Names, readCommon } from './callback.ts';

const names: Names = {
  method: 'card',
  status: 'result',
  orderNumber: 'ordd',
  orderNumberBytes: 50,
  more: ['cardnumber', 'cardbrand', 'div'],
};

/** `raw`: the query string without its question mark, or the body. Unreadable without result, or without both ids. */
export function readCardCallback(raw: Uint8Array): CallbackReading {
  const form = decodeForm(raw);
  const common = readCommon(form, names);
  if ('kind' in common) return common;
  const failure = common.status === 'NG' ? cardDeclined : null;
  const rest = { code: null, failure, testId: false, isNameless: false, carrier: null, cvs: null };
  return { kind: 'read', callback: { ...common, ...rest, card: readCard(form) } };
}

/** More than four digits would be no last four: such a value is not let in. */
function readCard(form: Form) {
  return {
    last4: matching(form, 'cardnumber', /^[0-9]{4}$/),
    brand: brands.get(asciiValue(form, 'cardbrand', 1) ?? '') ?? null,
    installments: matching(form, 'div', /^[0-9]{2}$/),
  };
}

function matching(form: Form, name: string, pattern: RegExp): string | null {
  const value = asciiValue(form, name, 4);
  return value !== null && pattern.test(value) ? value : null;
}

/** `proper`: a card without the logo of any of the five international brands. */
const brands: ReadonlyMap<string, Brand> = new Map([
  ['V', 'visa'],
  ['M', 'mastercard'],
  ['J', 'jcb'],
  ['A', 'amex'],
  ['D', 'diners'],
  ['P', 'proper'],
]);
