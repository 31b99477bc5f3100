/**
 * Carrier billing: turns an authorization into a sale, on the spot or on a day the gateway books, and withdraws such a
 * booking. Manual 001, settlement tables. POST /cgi-bin/carrier/secure.cgi, ASCII; the answer in carrier-answer.ts.
 * Amount in yen: docomo and au at most the first, SoftBank the first; null is the first. Day: JST, `date` always sent,
 * from today to 50 days after authorization, from 23:55:00 not today. Withdrawing: until the day before.
 * Refused: `failure_order`, `invalid`. A repeat does no harm: the gateway refuses to settle twice, and its code says so.
 * Which day a success means the answer's date alone tells; the manual is silent on a success without one. It could be
 * a sale or a booking, so it is unknown.
 */

import type { Masked } from '../../domain/masked.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { notInManual } from '../wire/answer-body.ts';
import { provesNothing, readCarrierAnswer, type Truths } from '../wire/carrier-answer.ts';
import { dayToWire } from '../wire/day.ts';
import { digits, encodeFields, type Field, fixed, oneOf, printable, yen } from '../wire/fields.ts';
import { formType } from '../wire/form.ts';
import type { Reply, Send } from '../wire/transport.ts';

export const fields: readonly Field[] = [
  { wire: 'clientip', field: null, kind: digits(10, 10) },
  { wire: 'act', field: null, kind: fixed('settled') },
  // The manual's class is letters, digits, full stops and hyphens; whatever number the gateway gave goes back to it.
  { wire: 'order_no', field: null, kind: printable(1, 38) },
  { wire: 'zkey', field: null, kind: printable(1, 40) },
  { wire: 'money', field: 'amount', kind: yen(1, 999_999) },
  { wire: 'autype', field: null, kind: oneOf(['sale', 'auth']) },
  { wire: 'date', field: 'on', kind: digits(8, 8) },
];

export interface CarrierWithdraw {
  ipCode: string;
  zkey: Masked;
  orderNumber: string;
}

export interface CarrierSettle extends CarrierWithdraw {
  /** Null: the amount of the authorization. */
  amountYen: number | null;
  /** YYYY-MM-DD, JST. */
  day: string;
}

function encodeSettle(settle: CarrierSettle): Buffer {
  const money = settle.amountYen === null ? undefined : String(settle.amountYen);
  return encodeFields(fields, { ...common(settle), money, date: dayToWire(settle.day) });
}

function encodeWithdraw(withdraw: CarrierWithdraw): Buffer {
  return encodeFields(fields, { ...common(withdraw), autype: 'auth' });
}

function common({ ipCode, orderNumber, zkey }: CarrierWithdraw) {
  return { clientip: ipCode, act: 'settled', order_no: orderNumber, zkey: zkey.reveal() };
}

function decodeSettle(reply: Reply): Outcome<{ day: string }> {
  const outcome = readCarrierAnswer(reply, settleTruths);
  if (outcome.kind !== 'done') return outcome;
  return outcome.day === null ? notInManual : { kind: 'done', day: outcome.day };
}

function decodeWithdraw(reply: Reply): Outcome {
  const outcome = readCarrierAnswer(reply, provesNothing);
  return outcome.kind === 'done' ? { kind: 'done' } : outcome;
}

/** `day` is the answer's date: today for a sale, a later one for a booking. */
export async function carrierSettle(send: Send, settle: CarrierSettle): Promise<Outcome<{ day: string }>> {
  return decodeSettle(await send(path, formType, encodeSettle(settle)));
}

/** Takes a booking back; the order is authorized again. */
export async function carrierWithdraw(send: Send, withdraw: CarrierWithdraw): Promise<Outcome> {
  return decodeWithdraw(await send(path, formType, encodeWithdraw(withdraw)));
}

const path = '/cgi-bin/carrier/secure.cgi';

const settleTruths: Truths = new Map([
  ...provesNothing,
  ['010100021', 'cancelled'],
  ['010100023', 'already_done'],
  // It will be settled by itself.
  ['010100024', 'in_progress'],
  ['010100036', 'in_progress'],
]);
