/**
 * token.cgi (000 p.22 to 38): XML in UTF-8, at most 1024 bytes, posted by the browser itself, so it answers CORS
 * preflights and may be read from any origin. A token is 86 characters, works once, and lives an hour (the manual
 * states neither). The card number and the security code are looked at and dropped: a token keeps brand, the first two and
 * the last four digits and the expiry. The risk step of EMV 3-D Secure comes here too.
 *
 * Order of checks: header, size, syntax, action, IP code, number, year, month, expiry, security code, name.
 */
import { randomBytes } from 'node:crypto';
import { jstDay } from './clock.ts';
import { answer, type Call, type Gateway, type Reply } from './gateway.ts';
import { brandOf, faceOf, passesLuhn, rightLength, TEST_CARDS } from './test-cards.ts';
import { handleRisk } from './three-d-risk.ts';
import { headerFault, parseRequest, resultDocument, textAt, valueAt, type XmlNode } from './xml.ts';

const MAX_BYTES = 1024;
const CORS = { 'access-control-allow-origin': '*' };

export function handleToken(gateway: Gateway, call: Call): Reply {
  if (call.method === 'OPTIONS') return preflight();
  const request = parseRequest(call.body);
  if (request && valueAt(request, '@service') === 'secure_link_3d') {
    const reply = handleRisk(gateway, call, request);
    return { ...reply, headers: { ...reply.headers, ...CORS } };
  }
  const action = request ? textAt(request, '@action') : '';
  const say = (result: [string, string][]): Reply => {
    const shown = action === 'quick' ? 'quick' : 'newcard';
    const reply = answer(resultDocument('token', shown, result), 'application/xml; charset=utf-8');
    return { ...reply, headers: { ...reply.headers, ...CORS } };
  };
  if (gateway.settings.maintenance || call.forced?.fault === 'maintenance') return say([['status', 'maintenance']]);
  const code = call.forced?.fault === 'refusal' ? (call.forced.code ?? '02130620') : firstFault(gateway, call, request);
  if (code || !request) {
    call.record.violations.push(`token refused with ${code}`);
    return say([
      ['status', 'invalid'],
      ['code', code ?? '02030209'],
    ]);
  }
  return say(issue(gateway, request));
}

function preflight(): Reply {
  const headers = {
    ...CORS,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'Content-Type',
    'access-control-max-age': '600',
  };
  return { status: 204, headers, body: Buffer.alloc(0), callbacks: [] };
}

function firstFault(gateway: Gateway, call: Call, request: XmlNode | null): string | null {
  const header = headerFault(call, MAX_BYTES);
  if (header) return header;
  if (!request) return '02030209';
  return actionFault(request) ?? clientipFault(gateway, request) ?? cardFault(gateway, request);
}

/** A service other than `token` has no code of its own and is answered like an action that does not exist. */
export function actionFault(request: XmlNode, service = 'token', actions = ['newcard', 'quick']): string | null {
  const action = textAt(request, '@action');
  if (action === '') return '02080114';
  return actions.includes(action) && textAt(request, '@service') === service ? null : '02080115';
}

/** 02130118: an IP code of another of the merchant's services. 02130110: one of no merchant. */
export function clientipFault(gateway: Gateway, request: XmlNode, format = /^(\d{5}|\d{10})$/): string | null {
  const clientip = textAt(request, 'authentication.clientip');
  const { card, carrier, cvs } = gateway.contracts;
  if (clientip === '') return '02130114';
  if (!format.test(clientip)) return '02130117';
  if (clientip === card.clientip) return null;
  return clientip === carrier.clientip || clientip === cvs.clientip ? '02130118' : '02130110';
}

function cardFault(gateway: Gateway, request: XmlNode): string | null {
  if (textAt(request, '@action') === 'quick') return quickCvvFault(gateway, textAt(request, 'card.cvv'));
  const number = textAt(request, 'card.number');
  return numberFault(number) ?? expiryFault(gateway, request) ?? cvvFault(request, number) ?? nameFault(request);
}

function numberFault(number: string): string | null {
  if (number === '') return '02130514';
  if (!/^\d{1,16}$/.test(number)) return '02130517';
  if (Object.hasOwn(TEST_CARDS, number)) return null;
  if (number.length < 13) return '02130619';
  if (!passesLuhn(number)) return '02130620';
  const brand = brandOf(number);
  if (!brand) return '02130621';
  return rightLength(number, brand) ? null : '02130640';
}

function expiryFault(gateway: Gateway, request: XmlNode): string | null {
  const year = textAt(request, 'card.expires.year');
  const month = textAt(request, 'card.expires.month');
  const today = jstDay(gateway.clock.now());
  if (year === '') return '02130714';
  if (!/^\d{4}$/.test(year)) return '02130717';
  if (Number(year) < 2000 || Number(year) > Number(today.slice(0, 4)) + 50) return '02130725';
  if (month === '') return '02130814';
  if (!/^\d{2}$/.test(month)) return '02130817';
  if (Number(month) < 1 || Number(month) > 12) return '02130825';
  return year + month < today.slice(0, 6) ? '02130922' : null;
}

/** Documented test cards take any three or four digits (000 p.31 and 58), other numbers the length of their brand. */
function cvvFault(request: XmlNode, number: string): string | null {
  const cvv = textAt(request, 'card.cvv');
  if (cvv === '') return 'cvv' in cardNode(request) ? '02131014' : null;
  if (!/^\d{3,4}$/.test(cvv)) return '02131017';
  if (Object.hasOwn(TEST_CARDS, number)) return null;
  return cvv.length === (brandOf(number) === 'A' ? 4 : 3) ? null : '02131017';
}

function quickCvvFault(gateway: Gateway, cvv: string): string | null {
  if (cvv === '') return gateway.settings.cvvRequired ? '02131014' : null;
  return /^\d{3,4}$/.test(cvv) ? null : '02131017';
}

/** The manual gives three codes for the name: here other characters, more than 50 bytes, nothing but signs. */
function nameFault(request: XmlNode): string | null {
  const name = textAt(request, 'card.name');
  if (name === '') return null;
  if (!/^[ -~]+$/.test(name)) return '02131117';
  if (name.length > 50) return '02131123';
  return /[A-Za-z0-9]/.test(name) ? null : '02131124';
}

function cardNode(request: XmlNode): XmlNode {
  const card = request.card;
  return typeof card === 'object' && !Array.isArray(card) ? card : {};
}

function issue(gateway: Gateway, request: XmlNode): [string, string][] {
  const action = textAt(request, '@action') === 'quick' ? 'quick' : 'newcard';
  const cvv = textAt(request, 'card.cvv');
  const expires = { year: textAt(request, 'card.expires.year'), month: textAt(request, 'card.expires.month') };
  const card = action === 'newcard' ? faceOf(textAt(request, 'card.number'), expires) : null;
  const key = randomBytes(64).toString('base64').slice(0, 86);
  const clientip = textAt(request, 'authentication.clientip');
  gateway.state.tokens.set(key, {
    key,
    action,
    clientip,
    card,
    hasCvv: cvv !== '',
    issuedAt: gateway.clock.now(),
    used: false,
  });
  const masked: [string, string][] = cvv === '' ? [] : [['masked_cvv', '*'.repeat(cvv.length)]];
  const head: [string, string][] = [['status', 'success'], ['token_key', key], ...masked];
  return action === 'quick' ? head : [...head, ...shownCard(request)];
}

function shownCard(request: XmlNode): [string, string][] {
  const number = textAt(request, 'card.number');
  return [
    ['masked_card_number', `${number.slice(0, 4)}${'*'.repeat(number.length - 8)}${number.slice(-4)}`],
    ['card_expires_month', textAt(request, 'card.expires.month')],
    ['card_expires_year', textAt(request, 'card.expires.year')],
    ['card_name', textAt(request, 'card.name')],
  ];
}
