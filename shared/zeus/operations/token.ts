/**
 * Token: the payer's browser turns a card into a token key, so that no card number reaches the shop.
 * Manual 000, pages on token requests (`newcard`: card data; `quick`: CVV of a stored card) and the error code list.
 * POST /cgi-bin/token/token.cgi, XML in UTF-8, Content-Type text/xml, at most 1,024 bytes.
 * Runs in browsers and in Node: imports neither Node nor a library, and is handed its XML reader.
 * Errors: `invalid`, seen also `failure` (both with a code), `maintenance`. 88888888, 90100100 and 99999999 are made
 * here, not by the gateway. A repeat makes another token. How long one lives, and how often it serves, the manual
 * does not say: take it as single use and short-lived.
 */
import { escapeXml } from '../wire/escape-xml.ts';
import { type TokenFault, type TokenField, tokenFault } from '../wire/token-codes.ts';

export { type TokenFault, type TokenField, tokenFault };

export const tokenPath = '/cgi-bin/token/token.cgi';
export const tokenContentType = 'text/xml';

/** Null leaves the element out: shops without CVV, shops that do not ask for a name. */
export interface NewCard {
  cardNumber: string;
  expiresYear: string;
  expiresMonth: string;
  cvv: string | null;
  cardName: string | null;
}

export interface Token {
  tokenKey: string;
  maskedCvv: string | null;
  maskedCardNumber: string | null;
  expiresYear: string | null;
  expiresMonth: string | null;
  cardName: string | null;
}

export type TokenAnswer = { kind: 'token'; token: Token } | { kind: 'refused'; fault: TokenFault };

/** The text of the one element at a path from the root, both names included; null when there is none. */
export type ReadXml = (...path: string[]) => string | null;

/** Null for text that is not well-formed XML. */
export type ParseXml = (xml: string) => ReadXml | null;

/** Every fault at once, by the sizes and characters of the manual's table; what only the gateway knows is left to it. */
export function checkNewCard(card: NewCard): TokenFault[] {
  return [
    ...check(card.cardNumber, /^\d{1,16}$/, '02130514', '02130517'),
    ...check(card.expiresYear, /^\d{4}$/, '02130714', '02130717'),
    ...check(card.expiresMonth, /^\d{2}$/, '02130814', '02130817'),
    ...(/^(00|1[3-9]|[2-9]\d)$/.test(card.expiresMonth) ? [tokenFault('02130825')] : []),
    ...checkCvv(card.cvv),
    ...check(card.cardName, /^[ -~]{1,50}$/, '02131117', '02131117'),
  ];
}

/** Three or four digits whatever the brand, because test cards take either. */
export function checkCvv(cvv: string | null): TokenFault[] {
  return check(cvv, /^\d{3,4}$/, '02131014', '02131017');
}

function check(value: string | null, form: RegExp, missing: string, malformed: string): TokenFault[] {
  if (value === null || form.test(value)) return [];
  return [tokenFault(value === '' ? missing : malformed)];
}

export function encodeNewCard(ipCode: string, card: NewCard): string {
  const expires = element('year', card.expiresYear) + element('month', card.expiresMonth);
  const inside = element('cvv', card.cvv) + element('number', card.cardNumber);
  return request('newcard', ipCode, `${inside}<expires>${expires}</expires>${element('name', card.cardName)}`);
}

/** `cvv` is null where the contract has no CVV for stored cards. */
export function encodeQuick(ipCode: string, cvv: string | null): string {
  return request('quick', ipCode, element('cvv', cvv));
}

function request(action: 'newcard' | 'quick', ipCode: string, card: string): string {
  const authentication = `<authentication>${element('clientip', ipCode)}</authentication>`;
  const inside = `${authentication}<card>${card}</card>`;
  return `<?xml version="1.0" encoding="utf-8"?><request service="token" action="${action}">${inside}</request>`;
}

function element(name: string, value: string | null): string {
  return value === null ? '' : `<${name}>${escapeXml(value)}</${name}>`;
}

/** For both actions. Whatever is none of the manual's answers is 99999999. */
export function decodeToken(status: number, body: string, parse: ParseXml): TokenAnswer {
  const read = status === 200 ? parse(body) : null;
  const result = (name: string) => read?.('response', 'result', name) || null;
  switch (result('status')) {
    case 'success':
      return decodeSuccess(result);
    case 'invalid':
    case 'failure':
      return refuse(codeOf(result('code') ?? ''));
    case 'maintenance':
      return refuse('88888888');
    default:
      return refuse('99999999');
  }
}

function decodeSuccess(result: (name: string) => string | null): TokenAnswer {
  const tokenKey = result('token_key');
  if (tokenKey === null || !/^[ -~]{1,86}$/.test(tokenKey)) return refuse('99999999');
  const token = {
    tokenKey,
    maskedCvv: result('masked_cvv'),
    maskedCardNumber: result('masked_card_number'),
    expiresYear: result('card_expires_year'),
    expiresMonth: result('card_expires_month'),
    cardName: result('card_name'),
  };
  return { kind: 'token', token };
}

function codeOf(text: string): string {
  return /^[0-9A-Za-z]{1,10}$/.test(text) ? text : '99999999';
}

function refuse(code: string): TokenAnswer {
  return { kind: 'refused', fault: tokenFault(code) };
}
