/**
 * Carrier billing's result notification (manual 001, CGI call): GET, or POST where agreed, Shift_JIS.
 * Takes the raw query string or body. The merchant chooses which of the eleven fields come, so all but the status and
 * one way to find the order may be absent. Name, phone and e-mail are not even read. Status: 02 failed, 03 authorized,
 * 06 settlement failed, 07 paid, 08 cancelled, 09 paid because cancelling failed; any other is passed on.
 */

import type { Failure } from '../../domain/outcome.ts';
import { meaningOfCarrierCode } from '../wire/carrier-codes.ts';
import { carrierOfCode } from '../wire/carriers.ts';
import { decodeForm } from '../wire/form.ts';
import { asciiValue, type CallbackReading, readCommon } from './callback.ts';

export function readCarrierCallback(raw: Uint8Array): CallbackReading {
  const form = decodeForm(raw);
  const common = readCommon(form, { status: 'status', orderNumber: 'order_no', orderNumberBytes: 38 });
  if ('missing' in common) return { kind: 'unreadable', missing: common.missing };
  const sent = asciiValue(form, 'error_code', 10);
  const code = sent === '-' ? null : sent;
  const message = code === null ? 'The gateway reported that the payment failed' : meaningOfCarrierCode(code);
  const refused: Failure = { reason: 'refused', code, parameter: null, message, payerMessage: null };
  const failure = common.status === '02' ? refused : null;
  const carrier = carrierOfCode(asciiValue(form, 'carrier_type', 1));
  return { kind: 'read', callback: { method: 'carrier', ...common, code, failure, card: null, carrier, cvs: null } };
}
