/**
 * Convenience stores' result notification (manual 002, CGI call): GET, or POST where agreed, Shift_JIS.
 * Takes the raw query string or body. The merchant chooses which of the fourteen fields come, so all but the status and
 * one way to find the order may be absent. Name, phone and e-mail are not even read. Status: 01 unpaid, 02 order
 * failed, 03 expired, 04 cash taken, 05 sale confirmed, 06 taken back; after a cancel 11 cash taken, 12 confirmed,
 * 13 taken back; any other is passed on. Of a store that the manual does not list the numbers are kept all the same.
 */

import { failureOfCvsCode } from '../wire/cvs-codes.ts';
import { labelled, storeOfCode } from '../wire/cvs-stores.ts';
import { dayFromWire } from '../wire/day.ts';
import { decodeForm } from '../wire/form.ts';
import {
  asciiValue,
  type CallbackReading,
  type Form,
  type Names,
  type ReceivedCallback,
  readCommon,
} from './callback.ts';

const names: Names = {
  method: 'cvs',
  status: 'status',
  orderNumber: 'order_no',
  orderNumberBytes: 50,
  more: ['error_code', 'pay_cvs', 'pay_no1', 'pay_no2', 'pay_limit'],
};

/** Unreadable without status, or without both sendpoint and order number. */
export function readCvsCallback(raw: Uint8Array): CallbackReading {
  const form = decodeForm(raw);
  const common = readCommon(form, names);
  if ('kind' in common) return common;
  const sent = asciiValue(form, 'error_code', 10);
  const code = sent === '-' ? null : sent;
  const failure = common.status === '02' ? failureOfCvsCode(code) : null;
  const rest = { code, failure, testId: false, isNameless: false, card: null, carrier: null };
  return { kind: 'read', callback: { ...common, ...rest, cvs: readPayment(form) } };
}

function readPayment(form: Form): ReceivedCallback['cvs'] {
  const store = storeOfCode(asciiValue(form, 'pay_cvs', 4));
  return {
    store,
    paymentNumbers: labelled(store, asciiValue(form, 'pay_no1', 20), asciiValue(form, 'pay_no2', 20)),
    payBy: dayFromWire(asciiValue(form, 'pay_limit', 8) ?? ''),
  };
}
