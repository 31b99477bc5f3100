/**
 * Token charge: charges a card by a fresh token, or registers it (amount 0); with `cardId` the card is kept for later.
 * Manual 000, charge request for first and every-time payments. POST /cgi-bin/secure.cgi, form in Shift_JIS.
 * Amount in yen, 0 to 9,999,999; widths in bytes. Answers: card-answer.ts. `pubsec` is never sent: without callbacks a
 * lost answer could never be settled. A repeat is another charge, so this is never sent twice.
 */

import type { Masked } from '../../domain/masked.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { decodeCharge, securePath } from '../wire/card-answer.ts';
import {
  digits,
  email,
  encodeFields,
  type Field,
  fixed,
  freeText,
  ipCode,
  oneOf,
  printable,
  yen,
} from '../wire/fields.ts';
import { formType } from '../wire/form.ts';
import type { Send } from '../wire/transport.ts';

/** `01` is a single payment, `99` revolving, the others the number of payments. Diners takes only 01 and 99. */
export const installmentValues = ['01', '03', '05', '06', '10', '12', '15', '18', '20', '24', '99'] as const;

export const fields: readonly Field[] = [
  { wire: 'clientip', field: null, kind: ipCode },
  { wire: 'token_key', field: 'tokenKey', kind: printable(1, 86) },
  { wire: 'money', field: 'amount', kind: yen(0, 9_999_999) },
  { wire: 'send', field: null, kind: fixed('mall') },
  { wire: 'telno', field: 'phone', kind: digits(7, 32) },
  { wire: 'email', field: 'email', kind: email },
  { wire: 'sendid', field: 'cardId', kind: freeText(25) },
  { wire: 'sendpoint', field: null, kind: freeText(50) },
  { wire: 'printord', field: null, kind: fixed('yes') },
  { wire: 'div', field: 'installments', kind: oneOf(installmentValues) },
];

export interface TokenCharge {
  ipCode: string;
  tokenKey: Masked;
  amountYen: number;
  phone: Masked;
  email: Masked;
  cardId: string | null;
  orderId: string;
  installments: string | null;
}

export function encode(charge: TokenCharge): Buffer {
  return encodeFields(fields, {
    clientip: charge.ipCode,
    token_key: charge.tokenKey.reveal(),
    money: String(charge.amountYen),
    send: 'mall',
    telno: charge.phone.reveal(),
    email: charge.email.reveal(),
    sendid: charge.cardId ?? undefined,
    sendpoint: charge.orderId,
    printord: 'yes',
    div: charge.installments ?? undefined,
  });
}

export async function tokenCharge(send: Send, charge: TokenCharge): Promise<Outcome<{ orderNumber: string | null }>> {
  const reply = await send(securePath, formType, encode(charge));
  return decodeCharge(reply, fields, { token: true, installments: charge.installments !== null });
}
