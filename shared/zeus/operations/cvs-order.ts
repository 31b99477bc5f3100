/**
 * Convenience stores: issues the numbers with which the payer pays at a store's counter. Manual 002, tables of
 * parameters (page 5), answer, payment-number labels and error codes (page 7), test procedure.
 * POST /cgi-bin/cvs.cgi, form in Shift_JIS, widths in bytes, 200 to 299,999 yen. The answer is `name = value` lines.
 * Refused: `rel` failure_order with a code, or one bare line that names a parameter. `maintenance` alone: not
 * processed. All else is unknown, and the notification 01 tells. A repeat would issue other numbers: never sent twice.
 * The manual is silent on a success without numbers: it is a success, its numbers come with 01.
 */

import type { Masked } from '../../domain/masked.ts';
import type { Failure, Outcome, Refused } from '../../domain/outcome.ts';
import type { PaymentNumber, Store } from '../../domain/words.ts';
import { answerBody, codeOf, namedValues, notInManual } from '../wire/answer-body.ts';
import { failureOfCvsCode } from '../wire/cvs-codes.ts';
import { codeOfStore, labelled, storeCodes } from '../wire/cvs-stores.ts';
import { dayFromWire } from '../wire/day.ts';
import {
  digits,
  email,
  encodeFields,
  type Field,
  fieldOfParameter,
  fixed,
  freeText,
  type Kind,
  katakanaAndSpaces,
  oneOf,
  yen,
} from '../wire/fields.ts';
import { formType } from '../wire/form.ts';
import { toKatakana } from '../wire/kana.ts';
import { isSecureUrl } from '../wire/secure-url.ts';
import type { Reply, Send } from '../wire/transport.ts';

const phone: Kind = {
  ...digits(9, 11),
  problem: value => digits(9, 11).problem(value) ?? (value.startsWith('0') ? null : 'must start with 0'),
  rule: 'must start with 0',
};

export const fields: readonly Field[] = [
  { wire: 'clientip', field: null, kind: digits(10, 10) },
  { wire: 'act', field: null, kind: fixed('secure_order') },
  { wire: 'money', field: 'amount', kind: yen(200, 299_999) },
  { wire: 'username', field: 'name', kind: katakanaAndSpaces(40) },
  { wire: 'telno', field: 'phone', kind: phone },
  { wire: 'email', field: 'email', kind: email },
  { wire: 'pay_cvs', field: 'store', kind: oneOf(storeCodes) },
  { wire: 'sendid', field: null, kind: freeText(25) },
  { wire: 'sendpoint', field: null, kind: freeText(50) },
  { wire: 'testid', field: 'test.id', kind: digits(1, 8) },
  { wire: 'test_type', field: 'test.type', kind: oneOf(['0', '1', '2']) },
];

export interface CvsOrder {
  ipCode: string;
  amountYen: number;
  /** As `cvsName` gives it. */
  name: Masked;
  phone: Masked;
  email: Masked;
  store: Store;
  orderId: string;
  test: { id: string; type: keyof typeof testTypes } | null;
}

export interface CvsIssue {
  orderNumber: string | null;
  paymentNumbers: PaymentNumber[];
  /** YYYY-MM-DD, JST. */
  payBy: string | null;
  /** 7-Eleven only: the page that shows the payer the slip. */
  redirectUrl: string | null;
  /** For the history. */
  note?: string;
}

/** It is another company's page, and payers follow the link; they can pay with the number alone. */
const redirectDropped = 'The URL of the payment slip was left out: no https URL without user information';

/** A payer's name as stores take it: full-width katakana and full-width spaces. */
export function cvsName(name: string): string {
  return toKatakana(name).replaceAll(' ', '\u3000');
}

function encode(order: CvsOrder): Buffer {
  return encodeFields(fields, {
    clientip: order.ipCode,
    act: 'secure_order',
    money: String(order.amountYen),
    username: order.name.reveal(),
    telno: order.phone.reveal(),
    email: order.email.reveal(),
    pay_cvs: codeOfStore(order.store),
    sendpoint: order.orderId,
    testid: order.test?.id,
    test_type: order.test === null ? undefined : testTypes[order.test.type],
  });
}

function decode(reply: Reply, store: Store): Outcome<CvsIssue> {
  const body = answerBody(reply);
  if (body.kind !== 'body') return body;
  const values = namedValues(body.text.split('\n')) ?? new Map<string, string>();
  if (values.get('rel') === 'Success_order') return { kind: 'done', ...readIssue(values, store) };
  if (values.get('rel') === 'failure_order' || body.text === 'failure_order') return readRefusal(values);
  return readParameterError(body.text) ?? notInManual;
}

function readIssue(values: Map<string, string>, store: Store): CvsIssue {
  const url = values.get('pay_url') ?? '';
  // 120 bytes by the manual; a longer one is still the page that the payer needs.
  const isShown = store === 'seven-eleven' && /^[!-~]{1,2000}$/.test(url) && isSecureUrl(url);
  return {
    orderNumber: printed(values.get('order_no'), 50),
    paymentNumbers: labelled(store, printed(values.get('pay_no1'), 20), printed(values.get('pay_no2'), 20)),
    payBy: dayFromWire(values.get('pay_limit') ?? ''),
    redirectUrl: isShown ? url : null,
    ...(store === 'seven-eleven' && url !== '' && !isShown && { note: redirectDropped }),
  };
}

function readRefusal(values: Map<string, string>): Refused {
  const failure = failureOfCvsCode(codeOf(values.get('error_code')));
  return { kind: 'refused', failure, orderNumber: printed(values.get('order_no'), 50), truth: null };
}

/** One bare line that begins with `invalid` or has a parameter's name among its words. Null: it is no such line. */
function readParameterError(text: string): Refused | null {
  if (!/^[^=<>\r\n]{1,100}$/.test(text)) return null;
  const words = text.toLowerCase().match(/\w+/g) ?? [];
  const wire = words.find(word => fields.some(field => field.wire === word));
  if (wire === undefined && words[0] !== 'invalid') return null;
  const parameter = fieldOfParameter(fields, wire ?? '');
  const message = `The gateway objects to a parameter: ${wire ?? 'one that it does not name plainly'}`;
  const failure: Failure = { reason: 'invalid_parameter', code: null, parameter, message, payerMessage: null };
  return { kind: 'refused', failure, orderNumber: null, truth: null };
}

/** Printable ASCII without spaces that is not too long; the rest counts as absent. */
function printed(value: string | undefined, maxBytes: number): string | null {
  return value !== undefined && value.length <= maxBytes && /^[!-~]+$/.test(value) ? value : null;
}

export async function cvsOrder(send: Send, order: CvsOrder): Promise<Outcome<CvsIssue>> {
  return decode(await send('/cgi-bin/cvs.cgi', formType, encode(order)), order.store);
}

/** 0: stays unpaid. 1: cash taken, then confirmed. 2: cash taken, then taken back. */
const testTypes = { unpaid: '0', paid: '1', reversed: '2' } as const;
