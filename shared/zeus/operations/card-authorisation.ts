/**
 * Authorisation (PayReq): charges the card of a session, or registers it (amount 0). three-d-secure.md, 3.4 and section 5;
 * frame: secure-link.ts. Both print flags are sent, for the card's last digits and brand and for the echo of our order ID.
 * One request for one session ever, whatever came back: what a second one does is not known, and a repeat could charge
 * twice. Anything that is no explicit success, refusal or maintenance is unknown.
 */
import type { Outcome } from '../../domain/outcome.ts';
import type { Brand } from '../../domain/words.ts';
import { notInManual } from '../wire/answer-body.ts';
import { checkFields, type Field, fixed } from '../wire/fields.ts';
import { secureRefusal } from '../wire/secure-codes.ts';
import { post, readAnswer, requestOf, type SecureAnswer, textElement, xidKind } from '../wire/secure-link.ts';
import type { Reply, Send } from '../wire/transport.ts';

export const fields: readonly Field[] = [
  { wire: 'xid', field: null, kind: xidKind },
  { wire: 'print_am', field: null, kind: fixed('yes') },
  { wire: 'print_addition_value', field: null, kind: fixed('yes') },
];

export interface CardAuthorisation {
  xid: string;
  orderId: string;
}

/** What a success may tell beside the order number. */
export interface Authorised {
  orderNumber: string | null;
  /** `isOtherOrder`: it echoes another order ID than ours. */
  authorised: { last4: string | null; brand: Brand | null; isOtherOrder: boolean };
}

export function encode({ xid }: CardAuthorisation): Buffer {
  const values = checkFields(fields, { xid, print_am: 'yes', print_addition_value: 'yes' });
  return requestOf('payment', values.map(([name, value]) => textElement(name, value)).join(''));
}

const sessionOver = '02110110';

export function decode(reply: Reply, orderId: string): Outcome<Authorised> {
  const answer = readAnswer(reply, 'payment');
  if (answer.kind !== 'answer') return answer;
  const { status, code } = answer;
  switch (status) {
    case 'success':
      return { kind: 'done', ...detailsOf(answer, orderId) };
    case 'failure':
      return { ...secureRefusal('refused', code), orderNumber: orderNumberOf(answer) };
    case 'invalid':
      if (code === sessionOver) return secureRefusal('authentication_expired', code, 'expired');
      return secureRefusal('invalid_parameter', code);
    default:
      return notInManual;
  }
}

function detailsOf(answer: SecureAnswer, orderId: string): Authorised {
  const suffix = answer.textAt('card', 'number', 'suffix') ?? '';
  const echo = answer.textAt('addition_value', 'sendpoint') ?? '';
  return {
    orderNumber: orderNumberOf(answer),
    authorised: {
      last4: /^\d{4}$/.test(suffix) ? suffix : null,
      brand: brands.get(answer.textAt('addition_value', 'ctype') ?? '') ?? null,
      isOtherOrder: echo !== '' && echo !== orderId,
    },
  };
}

function orderNumberOf(answer: SecureAnswer): string | null {
  const number = answer.textAt('order_number') ?? '';
  return /^[!-~]{1,50}$/.test(number) ? number : null;
}

/** T is in the list of types too, unexplained. */
const brands: ReadonlyMap<string, Brand> = new Map([
  ['V', 'visa'],
  ['M', 'mastercard'],
  ['J', 'jcb'],
  ['A', 'amex'],
  ['D', 'diners'],
  ['I', 'discover'],
  ['P', 'proper'],
]);

export async function cardAuthorisation(send: Send, authorisation: CardAuthorisation): Promise<Outcome<Authorised>> {
  return decode(await post(send, encode(authorisation)), authorisation.orderId);
}
