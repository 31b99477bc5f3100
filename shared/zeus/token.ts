/**
 * Token: the payer's browser turns a card into a token key, so that no card number reaches the shop.
 * Manual 000, pages on token requests (`newcard`: card data; `quick`: CVV of a stored card) and the error code list.
 * POST /cgi-bin/token/token.cgi, XML in UTF-8, Content-Type text/xml, at most 1,024 bytes.
 * Runs in browsers and in Node: imports neither Node nor a library, and is handed its XML reader.
 * Errors: `invalid`, seen also `failure` (both with a code), `maintenance`. 88888888, 90100100 and 99999999 are made
 * here, not by the gateway. A repeat makes another token. How long one lives, and how often it serves, the manual
 * does not say: take it as single use and short-lived.
 */
import { escapeXml } from './escape-xml.ts';

export const tokenPath = '/cgi-bin/token/token.cgi';
export const tokenContentType = 'text/xml';

export type TokenField = 'cardNumber' | 'expiresYear' | 'expiresMonth' | 'expires' | 'cvv' | 'cardName';

/** Null leaves the element out: shops without CVV, shops that do not ask for a name. */
export interface NewCard {
  cardNumber: string;
  expiresYear: string;
  expiresMonth: string;
  cvv: string | null;
  cardName: string | null;
}

export interface TokenFault {
  /** Null where the payer's input is not what is wrong. */
  field: TokenField | null;
  code: string;
  /** English, for developers. */
  message: string;
  /** Japanese, for the payer. */
  payerMessage: string;
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
    ...check(card.cardNumber, /^[0-9]{1,16}$/, '02130514', '02130517'),
    ...check(card.expiresYear, /^[0-9]{4}$/, '02130714', '02130717'),
    ...check(card.expiresMonth, /^[0-9]{2}$/, '02130814', '02130817'),
    ...(/^(?:00|1[3-9]|[2-9][0-9])$/.test(card.expiresMonth) ? [tokenFault('02130825')] : []),
    ...checkCvv(card.cvv),
    ...(card.cardName === null || /^[ -~]{1,50}$/.test(card.cardName) ? [] : [tokenFault('02131117')]),
  ];
}

/** Three or four digits whatever the brand, because test cards take either. */
export function checkCvv(cvv: string | null): TokenFault[] {
  return cvv === null ? [] : check(cvv, /^[0-9]{3,4}$/, '02131014', '02131017');
}

function check(value: string, form: RegExp, missing: string, malformed: string): TokenFault[] {
  if (form.test(value)) return [];
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
  switch (read?.('response', 'result', 'status')) {
    case 'success':
      return decodeSuccess(name => read?.('response', 'result', name) || null);
    case 'invalid':
    case 'failure':
      return refuse(codeOf(read?.('response', 'result', 'code') ?? ''));
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

/** 90100100 for a browser that reached nobody; any other code as it came. */
export function tokenFault(code: string): TokenFault {
  const [field, message, payerMessage] = tokenCodes.get(code) ?? unlisted;
  return { field, code, message, payerMessage };
}

const closed = 'ただいまメンテナンス中のため、カードをご利用いただけません。';
const offline = '通信できませんでした。接続を確かめて、もう一度お試しください。';
const later = 'カード情報を受け付けられませんでした。時間をおいて、もう一度お試しください。';
const shopFault = 'お店の設定に問題があり、カード情報を受け付けられませんでした。お店にお問い合わせください。';
const checkNumber = 'カード番号に誤りがあるようです。もう一度ご確認ください。';
const checkYear = '有効期限の年に誤りがあるようです。もう一度ご確認ください。';
const checkMonth = '有効期限の月に誤りがあるようです。もう一度ご確認ください。';
const checkName = 'カードの名義に誤りがあるようです。カードに記載のとおり、半角で入力し直してください。';

type Meaning = readonly [field: TokenField | null, message: string, payerMessage: string];

const unlisted: Meaning = [null, 'The gateway refused with a code that its manual does not list', later];

export const tokenCodes: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['88888888', [null, 'The gateway is under maintenance', closed]],
  ['90100100', [null, 'The gateway could not be reached', offline]],
  ['99999999', [null, "The answer is none of the manual's", later]],
  ['02030105', [null, 'The request was not a POST', shopFault]],
  ['02030106', [null, 'The content type was neither text/xml nor application/xml', shopFault]],
  ['02030107', [null, 'The content length was absent or zero', shopFault]],
  ['02030108', [null, 'The content length was over 1,024 bytes', shopFault]],
  ['02030207', [null, 'No XML arrived', shopFault]],
  ['02030208', [null, 'The XML was over 1,024 bytes', shopFault]],
  ['02030209', [null, 'The XML was not well-formed', shopFault]],
  ['02080114', [null, 'The action was empty', shopFault]],
  ['02080115', [null, 'The action was unknown', shopFault]],
  ['02130114', [null, 'The IP code was missing', shopFault]],
  ['02130117', [null, 'The IP code was malformed', shopFault]],
  ['02130110', [null, 'The IP code was not accepted (110)', shopFault]],
  ['02130118', [null, 'The IP code was not accepted (118)', shopFault]],
  ['02130514', ['cardNumber', 'The card number is missing', 'カード番号が入力されていません。']],
  ['02130517', ['cardNumber', 'The card number is malformed', checkNumber]],
  ['02130619', ['cardNumber', 'The card number was not accepted (619)', checkNumber]],
  ['02130620', ['cardNumber', 'The card number was not accepted (620)', checkNumber]],
  ['02130621', ['cardNumber', 'The card number was not accepted (621)', checkNumber]],
  ['02130640', ['cardNumber', 'The card number was not accepted (640)', checkNumber]],
  ['02130714', ['expiresYear', 'The expiry year is missing', '有効期限の年が入力されていません。']],
  ['02130717', ['expiresYear', 'The expiry year is malformed', checkYear]],
  ['02130725', ['expiresYear', 'The expiry year was not accepted', checkYear]],
  ['02130814', ['expiresMonth', 'The expiry month is missing', '有効期限の月が入力されていません。']],
  ['02130817', ['expiresMonth', 'The expiry month is malformed', checkMonth]],
  ['02130825', ['expiresMonth', 'The expiry month was not accepted', checkMonth]],
  ['02130922', ['expires', 'The expiry date was not accepted', '有効期限に誤りがあるか、期限が切れているようです。']],
  ['02131014', ['cvv', 'The CVV is missing or wrong', 'セキュリティコードが入力されていないか、違っています。']],
  ['02131017', ['cvv', 'The CVV is malformed', 'セキュリティコードは3桁または4桁の数字です。']],
  ['02131117', ['cardName', 'The name on the card is malformed', checkName]],
  ['02131123', ['cardName', 'The name on the card was not accepted (123)', checkName]],
  ['02131124', ['cardName', 'The name on the card was not accepted (124)', checkName]],
]);
