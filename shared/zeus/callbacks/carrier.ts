/**
 * Carrier billing's result notification (manual 001, CGI call): GET, or POST where agreed, Shift_JIS.
 * Takes the raw query string or body. The merchant chooses which of the eleven fields come, so all but the status and
 * one way to find the order may be absent. Of the payer's name only its end is read, to know a test; phone and e-mail are
 * not even that. Status: 02 failed, 03 authorized, 06 settlement failed, 07 paid, 08 cancelled, 09 paid because
 * cancelling failed; any other is passed on.
 */

import type { Failure } from '../../domain/outcome.ts';
import { meaningOfCarrierCode } from '../wire/carrier-codes.ts';
import { carrierOfCode } from '../wire/carriers.ts';
import { decodeForm } from '../wire/form.ts';
import { asciiValue, type CallbackReading, isBlank, type Names, payerName, readCommon } from './callback.ts';

const names: Names = {
  method: 'carrier',
  status: 'status',
  orderNumber: 'order_no',
  orderNumberBytes: 38,
  more: ['error_code', 'carrier_type', payerName],
};

/** `_` and a test ID at the end of a name (page 22), with spaces of either width after it. */
const testIdAtEnd = /_[0-9]{8}(?:[ \t\r\n]|\x81\x40)*$/;

export function readCarrierCallback(raw: Uint8Array): CallbackReading {
  const form = decodeForm(raw);
  const common = readCommon(form, names);
  if ('kind' in common) return common;
  const sent = asciiValue(form, 'error_code', 10);
  const code = sent === '-' ? null : sent;
  const message = code === null ? 'The gateway reported that the payment failed' : meaningOfCarrierCode(code);
  const refused: Failure = { reason: 'refused', code, parameter: null, message, payerMessage: null };
  const failure = common.status === '02' ? refused : null;
  const carrier = carrierOfCode(asciiValue(form, 'carrier_type', 1));
  // Byte by byte: what the gateway takes for a test must not depend on whether the name decodes.
  const testId = testIdAtEnd.test(Buffer.from(form.get(payerName)?.[0] ?? []).toString('latin1'));
  const rest = { code, failure, testId, isNameless: isBlank(form, payerName), card: null, carrier, cvs: null };
  return { kind: 'read', callback: { ...common, ...rest } };
}
