/**
 * Enrolment (EnrolReq): the first request of EMV 3-D Secure. Opens a session for a card, new or stored, with everything
 * that a payment needs but the payer's authentication. three-d-secure.md, 3.1 and 3.2; frame and size: secure-link.ts.
 * Uses up the token, moves no money. Amount in yen, 0 to 9,999,999; 0 checks the card and registers it. `validation` is
 * always permissive: our phones may have 32 digits. A repeat takes a new token; a lost response means that nothing was
 * charged. Success may carry any code. `outside`: the brand, issuer, holder or device takes no part in 3-D Secure.
 */
import type { Masked } from '../../domain/masked.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { notInManual } from '../wire/answer-body.ts';
import { checkFields, digits, email, type Field, freeText, ipCode, oneOf, printable, yen } from '../wire/fields.ts';
import { secureRefusal } from '../wire/secure-codes.ts';
import { element, post, readAnswer, requestOf, textElement, xidKind } from '../wire/secure-link.ts';
import type { Reply, Send } from '../wire/transport.ts';
import { installmentValues } from './token-charge.ts';

/** 02 is twice (not Amex), B1 once with the bonus; both only where contracted. */
export const paymentCounts = [...installmentValues, '02', 'B1'] as const;

export const fields: readonly Field[] = [
  { wire: 'clientip', field: null, kind: ipCode },
  { wire: 'key', field: null, kind: printable(1, 40) },
  { wire: 'history', field: 'matchPhone', kind: oneOf(['sendid', 'telno sendid']) },
  { wire: 'token_key', field: 'tokenKey', kind: printable(1, 86) },
  { wire: 'amount', field: 'amount', kind: yen(0, 9_999_999) },
  { wire: 'count', field: 'installments', kind: oneOf(paymentCounts) },
  { wire: 'telno', field: 'phone', kind: digits(7, 32) },
  { wire: 'email', field: 'email', kind: email },
  { wire: 'sendid', field: 'cardId', kind: freeText(25) },
  { wire: 'sendpoint', field: null, kind: freeText(50) },
  { wire: 'cardholderName', field: 'cardholderName', kind: printable(4, 50) },
];

export interface CardEnrolment {
  ipCode: string;
  key: Masked;
  /** Null: a stored card whose contract asks for no security code. */
  tokenKey: Masked | null;
  /** How a stored card is looked up; null: a new card. */
  lookUp: 'card_id' | 'card_id_and_phone' | null;
  amountYen: number;
  installments: string | null;
  phone: Masked;
  email: Masked;
  /** Of a new card: it is kept under this. */
  cardId: string | null;
  orderId: string;
  cardholderName: Masked | null;
}

/** `enrolled`: the payer's browser goes on; both values as they came. `outside`: without a session it can go nowhere. */
export type EnrolmentOutcome =
  | { kind: 'enrolled'; xid: string; iframeUrl: string }
  | { kind: 'outside'; xid: string | null; code: string | null }
  | Exclude<Outcome, { kind: 'done' | 'unknown' }>;

export function encode(enrolment: CardEnrolment): Buffer {
  const { lookUp, cardholderName } = enrolment;
  const values = {
    clientip: enrolment.ipCode,
    key: enrolment.key.reveal(),
    history: lookUp === null ? undefined : lookUp === 'card_id' ? 'sendid' : 'telno sendid',
    token_key: enrolment.tokenKey?.reveal(),
    amount: String(enrolment.amountYen),
    count: enrolment.installments ?? '01',
    telno: enrolment.phone.reveal(),
    email: enrolment.email.reveal(),
    sendid: enrolment.cardId ?? undefined,
    sendpoint: enrolment.orderId,
    cardholderName: cardholderName?.reveal(),
  };
  const checked = new Map(checkFields(fields, values));
  const text = (name: string, attributes = '') => {
    const value = checked.get(name);
    return value === undefined ? '' : textElement(name, value, attributes);
  };
  const keys = checked.get('history')?.split(' ') ?? [];
  const history = element('history', keys.map(each => textElement('key', each)).join(''), ' action="send_email"');
  return requestOf(
    'enroll',
    [
      element('authentication', text('clientip') + text('key')),
      keys.length > 0 ? element('card', history) : '',
      text('token_key'),
      element('payment', text('amount') + text('count')),
      element('user', text('telno', ' validation="permissive"') + text('email', ' language="japanese"')),
      element('uniq_key', text('sendid') + text('sendpoint')),
      textElement('use_3ds2_flag', '1'),
      cardholderName ? element('cardHolderInfo', text('cardholderName') + text('email')) : '',
    ].join(''),
  );
}

export function decode(reply: Reply): EnrolmentOutcome {
  const answer = readAnswer(reply, 'enroll');
  if (answer.kind === 'not_processed') return answer;
  if (answer.kind === 'unknown') return nothingCharged(answer.message);
  const { code } = answer;
  const xid = fitting(answer.textAt('xid'), value => xidKind.problem(value) === null);
  const iframeUrl = fitting(answer.textAt('iframeUrl'), value => /^[!-~]{1,4096}$/.test(value));
  switch (answer.status) {
    case 'success':
      return xid && iframeUrl ? { kind: 'enrolled', xid, iframeUrl } : nothingCharged(notInManual.message);
    case 'outside':
      return { kind: 'outside', xid, code };
    case 'failure':
      return secureRefusal('authentication_failed', code);
    case 'invalid':
      return secureRefusal(code === usedToken ? 'token_invalid' : 'invalid_parameter', code);
    default:
      return nothingCharged(notInManual.message);
  }
}

const usedToken = '02131914';

const fitting = (value: string | null, isRight: (value: string) => boolean): string | null =>
  value !== null && isRight(value) ? value : null;

/** No payment was asked for yet, so a response that did not arrive or says nothing leaves nothing behind. */
const nothingCharged = (message: string): EnrolmentOutcome => ({
  kind: 'not_processed',
  reason: 'answer_lost',
  code: null,
  message,
});

export async function cardEnrolment(
  send: Send,
  enrolment: CardEnrolment,
  timeoutMs?: number,
): Promise<EnrolmentOutcome> {
  return decode(await post(send, encode(enrolment), timeoutMs));
}
