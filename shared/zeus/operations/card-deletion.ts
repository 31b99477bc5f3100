/**
 * Card deletion: removes the stored card that was registered with this pair of phone and card ID.
 * Manual 000, deletion of card IDs. POST /cgi-bin/secure.cgi, form in Shift_JIS; widths in bytes.
 * Success is `SuccessOK` anywhere in the answer. `failure_order` means that no such pair is stored (any more), which
 * after a lost answer is the proof that the first send worked. Other answers: card-answer.ts. May be repeated.
 */

import type { Masked } from '../../domain/masked.ts';
import type { Outcome, Refused } from '../../domain/outcome.ts';
import { answerBody, notInManual } from '../wire/answer-body.ts';
import { readRefusal, securePath } from '../wire/card-answer.ts';
import { digits, encodeFields, type Field, fixed, freeText, ipCode } from '../wire/fields.ts';
import { formType } from '../wire/form.ts';
import type { Reply, Send } from '../wire/transport.ts';

export const fields: readonly Field[] = [
  { wire: 'sendiddel', field: null, kind: fixed('yes') },
  { wire: 'clientip', field: null, kind: ipCode },
  { wire: 'telno', field: 'phone', kind: digits(7, 32) },
  { wire: 'sendid', field: 'cardId', kind: freeText(25) },
];

export interface CardPair {
  ipCode: string;
  phone: Masked;
  cardId: string;
}

export function encode(pair: CardPair): Buffer {
  const { ipCode: clientip, phone, cardId: sendid } = pair;
  return encodeFields(fields, { sendiddel: 'yes', clientip, telno: phone.reveal(), sendid });
}

export function decode(reply: Reply): Outcome {
  const body = answerBody(reply);
  if (body.kind !== 'body') return body;
  if (body.text.includes('SuccessOK')) return { kind: 'done' };
  const refusal = readRefusal(body.text, fields);
  if (refusal === null) return notInManual;
  return refusal.failure.reason === 'refused' ? notStored(refusal) : refusal;
}

function notStored(refusal: Refused): Refused {
  const message = 'The gateway has no card stored under this phone and card ID';
  return { ...refusal, failure: { ...refusal.failure, message, payerMessage: null }, truth: 'already_done' };
}

export async function cardDeletion(send: Send, pair: CardPair): Promise<Outcome> {
  return decode(await send(securePath, formType, encode(pair)));
}
