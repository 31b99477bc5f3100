/**
 * Card cancel: takes back a charge by its order number. Manual 003.
 * POST /cgi-bin/secure/api.cgi, XML `payment_return` in UTF-8, Content-Type text/xml, at most 8,192 bytes.
 * To be sent 5 to 10 s after the charge succeeded at the earliest; repeated by the manual's word when it does not end
 * in success, which here is done for status `failure` only. Statuses: success, failure, invalid, maintenance. A repeat
 * of one that worked is refused with 02180118, so it may be repeated after a lost answer. Cannot be undone.
 */

import type { Masked } from '../../domain/masked.ts';
import type { FailureReason, Outcome, Refused } from '../../domain/outcome.ts';
import { answerBody, notInManual } from '../wire/answer-body.ts';
import { checkFields, digits, type Field, printable } from '../wire/fields.ts';
import type { Reply, Send } from '../wire/transport.ts';
import { escapeXml, parseXml, textAt, type XmlTree, xmlBody } from '../wire/xml.ts';

const path = '/cgi-bin/secure/api.cgi';
const contentType = 'text/xml';
const maxRequestBytes = 8192;

export const fields: readonly Field[] = [
  { wire: 'clientip', field: null, kind: digits(1, 10) },
  { wire: 'key', field: null, kind: printable(1, 40) },
  { wire: 'order_number', field: null, kind: printable(1, 50) },
];

export interface CardCancel {
  ipCode: string;
  key: Masked;
  orderNumber: string;
}

/** `code`: 000 by the manual, kept as it came. `mayRepeat`: the manual's word to send once more. */
export type CancelOutcome =
  | Exclude<Outcome<{ code: string | null }>, { kind: 'refused' }>
  | (Refused & { mayRepeat: boolean });

export function encode(cancel: CardCancel): Buffer {
  const values = { clientip: cancel.ipCode, key: cancel.key.reveal(), order_number: cancel.orderNumber };
  const [clientip, key, orderNumber] = checkFields(fields, values).map(
    ([wire, value]) => `<${wire}>${escapeXml(value)}</${wire}>`,
  );
  const inside = `<authentication>${clientip}${key}</authentication><return>${orderNumber}</return>`;
  const request = `<request service="secure_link" action="payment_return">${inside}</request>`;
  return xmlBody(`<?xml version="1.0" encoding="utf-8"?>${request}`, maxRequestBytes);
}

/** Refusals and successes only from XML that answers `payment_return`; anything else is unknown. */
export function decode(reply: Reply): CancelOutcome {
  const body = answerBody(reply);
  if (body.kind !== 'body') return body;
  const tree = parseXml(Buffer.from(body.text, 'latin1'));
  if (tree === null || !answersUs(tree)) return notInManual;
  const code = codeOf(textAt(tree, 'response', 'result', 'code'));
  switch (textAt(tree, 'response', 'result', 'status')) {
    case 'success':
      return { kind: 'done', code };
    case 'failure':
      return { ...refused('refused', code), mayRepeat: true };
    case 'invalid':
      return { ...refused(code?.startsWith('0218') ? 'refused' : 'invalid_parameter', code), mayRepeat: false };
    case 'maintenance':
      return { kind: 'not_processed', reason: 'maintenance', code, message: meaningOf(code) };
    default:
      return notInManual;
  }
}

/** An answer may leave the two names out, but not carry others. */
function answersUs({ attributes: { service, action } }: XmlTree): boolean {
  return (service ?? 'secure_link') === 'secure_link' && (action ?? 'payment_return') === 'payment_return';
}

function codeOf(text: string | null): string | null {
  return text !== null && /^[!-~]{1,10}$/.test(text) ? text : null;
}

function refused(reason: FailureReason, code: string | null): Refused {
  const failure = { reason, code, parameter: null, message: meaningOf(code), payerMessage: null };
  return { kind: 'refused', failure, orderNumber: null, truth: code === alreadyCancelled ? 'already_done' : null };
}

export async function cardCancel(send: Send, cancel: CardCancel): Promise<CancelOutcome> {
  return decode(await send(path, contentType, encode(cancel)));
}

function meaningOf(code: string | null): string {
  if (code === null) return 'The gateway gave no code';
  return cancelCodes.get(code) ?? 'The gateway gave a code that its manual does not list';
}

const alreadyCancelled = '02180118';

export const cancelCodes: ReadonlyMap<string, string> = new Map([
  ['000', 'Cancelled'],
  ['02030105', 'The request was not a POST'],
  ['02030106', 'The content type was neither text/xml nor application/xml'],
  ['02030107', 'The content length was absent or zero'],
  ['02030108', 'The content length was over 8,192 bytes'],
  ['02030207', 'No XML arrived'],
  ['02030208', 'The XML was over 8,192 bytes'],
  ['02030209', 'The XML was not well-formed'],
  ['02080114', 'The action was empty'],
  ['02080115', 'The action was unknown'],
  ['02130114', 'The IP code was missing'],
  ['02130117', 'The IP code was malformed'],
  ['02130110', 'The IP code was not accepted (110)'],
  ['02130118', 'The IP code was not accepted (118)'],
  ['02130214', 'The authentication key was missing'],
  ['02130217', 'The authentication key was malformed'],
  ['02130210', 'The authentication key was wrong'],
  ['02180114', 'The gateway has no such order to cancel'],
  [alreadyCancelled, 'The order is cancelled already'],
  ['02189999', "The payment's state does not allow it: there are several reasons, too early a request among them"],
  ['02000012', 'The payment network is under maintenance, nothing was cancelled (012)'],
  ['02051010', 'The payment network is under maintenance, nothing was cancelled (010)'],
]);
