/**
 * Carrier billing: cancels an authorization or a booking, or refunds a sale; which one, the gateway decides.
 * Manual 001, return tables. POST /cgi-bin/carrier/secure.cgi, ASCII; the answer in carrier-answer.ts.
 * Authorized or booked: within 50 days of the payer's completion. Paid: within 50 days of the settlement. The gateway
 * judges both. Refused: `failure_order`, `invalid`. A repeat does no harm: the gateway refuses to return twice.
 */

import type { Masked } from '../../domain/masked.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { provesNothing, readCarrierAnswer, type Truths } from '../wire/carrier-answer.ts';
import { digits, encodeFields, type Field, fixed, printable } from '../wire/fields.ts';
import { formType } from '../wire/form.ts';
import type { Reply, Send } from '../wire/transport.ts';

export const fields: readonly Field[] = [
  { wire: 'clientip', field: null, kind: digits(10, 10) },
  { wire: 'act', field: null, kind: fixed('return') },
  // The manual's class is letters, digits, full stops and hyphens; whatever number the gateway gave goes back to it.
  { wire: 'order_no', field: null, kind: printable(1, 38) },
  { wire: 'zkey', field: null, kind: printable(1, 40) },
];

export interface CarrierReturn {
  ipCode: string;
  zkey: Masked;
  orderNumber: string;
}

function encode({ ipCode, orderNumber, zkey }: CarrierReturn): Buffer {
  return encodeFields(fields, { clientip: ipCode, act: 'return', order_no: orderNumber, zkey: zkey.reveal() });
}

function decode(reply: Reply): Outcome {
  const outcome = readCarrierAnswer(reply, truths);
  return outcome.kind === 'done' ? { kind: 'done' } : outcome;
}

export async function carrierReturn(send: Send, order: CarrierReturn): Promise<Outcome> {
  return decode(await send('/cgi-bin/carrier/secure.cgi', formType, encode(order)));
}

const truths: Truths = new Map([
  ...provesNothing,
  ['010100026', 'already_done'],
  ['010100030', 'already_done'],
  ['010100038', 'in_progress'],
]);
