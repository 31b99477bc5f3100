/**
 * Recurring charge: charges a card that an earlier token charge kept under a card ID.
 * Manual 000, charge request for card-ID payments. POST /cgi-bin/secure.cgi, form in Shift_JIS.
 * The card is searched by card ID alone, or by card ID and phone; of several the newest is charged. The token key
 * carries a CVV only and is needed where the contract asks for one. Amount in yen, 1 to 9,999,999; on 0, which would
 * charge nothing, the manual is silent. Answers: card-answer.ts. A repeat is another charge: never sent twice.
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
import { installmentValues } from './token-charge.ts';

const searchByPhoneAndCardId = '8888888888888888';
const searchByCardId = '8888888888888882';

export const fields: readonly Field[] = [
  { wire: 'clientip', field: null, kind: ipCode },
  { wire: 'token_key', field: 'tokenKey', kind: printable(1, 86) },
  { wire: 'cardnumber', field: null, kind: oneOf([searchByPhoneAndCardId, searchByCardId]) },
  { wire: 'expyy', field: null, kind: fixed('00') },
  { wire: 'expmm', field: null, kind: fixed('00') },
  { wire: 'money', field: 'amount', kind: yen(1, 9_999_999) },
  { wire: 'send', field: null, kind: fixed('mall') },
  { wire: 'telno', field: 'phone', kind: digits(7, 32) },
  { wire: 'email', field: 'email', kind: email },
  { wire: 'sendid', field: 'cardId', kind: freeText(25) },
  { wire: 'sendpoint', field: null, kind: freeText(50) },
  { wire: 'printord', field: null, kind: fixed('yes') },
  { wire: 'div', field: 'installments', kind: oneOf(installmentValues) },
];

export interface RecurringCharge {
  ipCode: string;
  tokenKey: Masked | null;
  matchPhone: boolean;
  amountYen: number;
  phone: Masked;
  email: Masked;
  cardId: string;
  orderId: string;
  installments: string | null;
}

export function encode(charge: RecurringCharge): Buffer {
  return encodeFields(fields, {
    clientip: charge.ipCode,
    token_key: charge.tokenKey?.reveal(),
    cardnumber: charge.matchPhone ? searchByPhoneAndCardId : searchByCardId,
    expyy: '00',
    expmm: '00',
    money: String(charge.amountYen),
    send: 'mall',
    telno: charge.phone.reveal(),
    email: charge.email.reveal(),
    sendid: charge.cardId,
    sendpoint: charge.orderId,
    printord: 'yes',
    div: charge.installments ?? undefined,
  });
}

export async function recurringCharge(
  send: Send,
  charge: RecurringCharge,
): Promise<Outcome<{ orderNumber: string | null }>> {
  const reply = await send(securePath, formType, encode(charge));
  return decodeCharge(reply, fields, { token: charge.tokenKey !== null, installments: charge.installments !== null });
}
