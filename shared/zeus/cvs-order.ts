/**
 * Convenience stores: issues the numbers with which the payer pays at a store's counter. Manual 002, tables of
 * parameters (page 5), answer, payment-number labels and error codes (page 7), test procedure.
 * POST /cgi-bin/cvs.cgi, form in Shift_JIS, widths in bytes, 200 to 299,999 yen. The answer is `name = value` lines.
 * Refused: `rel` failure_order with a code, or one bare line that names a parameter. `maintenance` alone: not
 * processed. All else is unknown, and the notification 01 tells. A repeat would issue other numbers: never sent twice.
 * The manual is silent on a success without numbers: it is a success, its numbers come with 01.
 */
import { answerBody, codeOf, namedValues, notInManual } from './answer-body.ts';
import type { PaymentNumber, Store } from './callback.ts';
import { dayFromWire } from './day.ts';
import { digits, email, encodeFields, type Field, fixed, freeText, katakanaAndSpaces } from './fields.ts';
import { type Kind, oneOf, yen } from './fields.ts';
import { formType } from './form.ts';
import { toKatakana } from './kana.ts';
import type { Masked } from './masked.ts';
import type { Failure, Outcome, Refused } from './outcome.ts';
import { decodeShiftJis } from './shift-jis.ts';
import type { Reply, Send } from './transport.ts';

const phone: Kind = {
  ...digits(9, 11),
  problem: value => digits(9, 11).problem(value) ?? (value.startsWith('0') ? null : 'must start with 0'),
};

export const fields: readonly Field[] = [
  { wire: 'clientip', field: null, kind: digits(10, 10) },
  { wire: 'act', field: null, kind: fixed('secure_order') },
  { wire: 'money', field: 'amount', kind: yen(200, 299_999) },
  { wire: 'username', field: 'name', kind: katakanaAndSpaces(40) },
  { wire: 'telno', field: 'phone', kind: phone },
  { wire: 'email', field: 'email', kind: email },
  { wire: 'pay_cvs', field: 'store', kind: oneOf(['D001', 'D002', 'D030', 'D015', 'D050', 'D060']) },
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
}

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
    pay_cvs: stores[order.store].code,
    sendpoint: order.orderId,
    testid: order.test?.id,
    test_type: order.test === null ? undefined : testTypes[order.test.type],
  });
}

function decode(reply: Reply, store: Store): Outcome<CvsIssue> {
  const body = answerBody(reply);
  if (body.kind !== 'body') return body;
  const values = namedValues(body.text.split('\n'));
  switch (values?.get('rel')) {
    case 'Success_order':
      return { kind: 'done', ...readIssue(values, store) };
    case 'failure_order': {
      return { ...refused(failureOf(codeOf(values.get('error_code')))), orderNumber: orderNumberIn(values) };
    }
  }
}
