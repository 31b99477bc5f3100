import { type Field, parseForm } from './form.ts';
import type { Endpoint, RequestRecord } from './state.ts';
import { passesLuhn } from './test-cards.ts';
import { parseRequest, textsAt, valueAt, type XmlNode } from './xml.ts';

export type Incoming = {
  method: string;
  path: string;
  query: Buffer;
  headers: Record<string, string>;
  body: Buffer;
  connection: number;
};

export const PATHS = [
  '/cgi-bin/token/token.cgi',
  '/cgi-bin/secure.cgi',
  '/cgi-bin/secure/api.cgi',
  '/cgi-bin/carrier/order.cgi',
  '/cgi-bin/carrier/secure.cgi',
  '/cgi-bin/cvs.cgi',
];

export function endpointOf({ path, body }: Pick<Incoming, 'path' | 'body'>, fields: Field[]): Endpoint {
  if (path === '/cgi-bin/token/token.cgi') return threeDAction(body) ? 'risk' : 'token';
  if (path === '/cgi-bin/secure/api.cgi') return API_ENDPOINTS[threeDAction(body) ?? ''] ?? 'cancel';
  if (path === '/cgi-bin/secure.cgi') return fields.some(field => field.name === 'sendiddel') ? 'deletion' : 'charge';
  if (path === '/cgi-bin/carrier/order.cgi') return 'carrier-order';
  if (path === '/cgi-bin/cvs.cgi') return 'cvs';
  return fields.some(field => field.name === 'act' && field.text === 'return') ? 'return' : 'settle';
}

const API_ENDPOINTS: Record<string, Endpoint> = {
  enroll: 'enroll',
  authentication: 'authenticate',
  payment: 'pay',
};

/** Action of a request for EMV 3-D Secure; null: another service. */
function threeDAction(body: Buffer): string | null {
  const request = parseRequest(body);
  return request && valueAt(request, '@service') === 'secure_link_3d' ? valueAt(request, '@action') : null;
}

export function isXml(path: string): boolean {
  return path === '/cgi-bin/token/token.cgi' || path === '/cgi-bin/secure/api.cgi';
}

/** Fields of a form endpoint: the body of a POST, the query of anything else. */
export function fieldsOf(incoming: Incoming): Field[] {
  if (isXml(incoming.path)) return [];
  return parseForm(incoming.method === 'POST' ? incoming.body : incoming.query);
}

export function newRecord(id: number, at: string, incoming: Incoming, fields: Field[]): RequestRecord {
  const { connection, method, path, headers } = incoming;
  const raw = method === 'POST' ? incoming.body : incoming.query;
  const xml = isXml(path);
  return {
    id,
    at,
    connection,
    method,
    path,
    endpoint: endpointOf(incoming, fields),
    headers,
    raw: Buffer.from(xml ? maskXml(raw) : maskForm(raw.toString('latin1')), 'latin1').toString('base64'),
    parameters: xml ? xmlParameters(raw) : fields.map(shownField),
    violations: [],
    notes: notesOn(incoming, xml),
    faults: [],
    orderNumber: null,
    sendpoint: fields.find(field => field.name === 'sendpoint')?.text ?? '',
    answer: null,
  };
}

const SEARCH_VALUES = ['8888888888888888', '8888888888888882'];
const SECRETS = ['token_key', 'zkey', 'key'];
const CARD_DATA = /^(cvv|cvc|cvn|securitycode|security_code|seccode)$/i;

function shownField(field: Field): { name: string; value: string } {
  const text = field.text ?? `(no Shift_JIS: ${field.bytes.toString('hex')})`;
  if (SECRETS.includes(field.name)) return { name: field.name, value: text === '' ? '' : '***' };
  return { name: field.name, value: CARD_DATA.test(field.name) ? stars(text) : maskDigits(text) };
}

function notesOn(incoming: Incoming, xml: boolean): string[] {
  const notes: string[] = [];
  const text = incoming.body.toString('latin1');
  const type = incoming.headers['content-type'] ?? '';
  if (!xml && /%[0-9A-F]?[a-f]/.test(text)) notes.push('escapes in lower case');
  if (!xml && incoming.method === 'POST' && !/^application\/x-www-form-urlencoded/i.test(type)) {
    notes.push('content type is not application/x-www-form-urlencoded');
  }
  return notes;
}

/** Long digit runs that could be a card number; the two search values are none. */
function maskDigits(text: string): string {
  return text.replace(/\d{13,19}/g, run => (passesLuhn(run) && !SEARCH_VALUES.includes(run) ? stars(run) : run));
}

function maskForm(text: string): string {
  return maskDigits(text)
    .split('&')
    .map(pair =>
      CARD_DATA.test(pair.split('=')[0] ?? '') ? pair.replace(/=.*$/s, value => `=${stars(value.slice(1))}`) : pair,
    )
    .join('&');
}

/** Without its structure nothing tells which digits are a card's, so an unreadable document loses them all. */
function maskXml(raw: Buffer): string {
  const text = raw.toString('latin1');
  if (!parseRequest(raw)) return text.replace(/\d/g, '*');
  return maskDigits(text.replace(/(<(number|cvv)\b[^>]*>)([^<]*)/g, (_all, tag, _name, value) => tag + stars(value)));
}

function xmlParameters(raw: Buffer): { name: string; value: string }[] {
  const request = parseRequest(raw);
  return request ? flatten(request, '') : [];
}

/** Attributes first, without their prefix; the white space between elements is left out. */
function flatten(node: XmlNode, prefix: string): { name: string; value: string }[] {
  const entries = Object.entries(node);
  const attributes = entries.filter(([name]) => name.startsWith('@'));
  const elements = entries.filter(([name]) => !name.startsWith('@'));
  return [...attributes, ...elements].flatMap(([name, value]) => {
    const path = name === '#text' ? prefix.slice(0, -1) : prefix + name.replace('@', '');
    if (typeof value === 'object' && !Array.isArray(value)) return flatten(value, `${path}.`);
    return textsAt(node, name).map(text => ({ name: path, value: shownElement(path, text) }));
  });
}

function shownElement(path: string, text: string): string {
  if (path === 'authentication.key' || path === 'token_key') return text === '' ? '' : '***';
  return path === 'card.number' || path === 'card.cvv' ? stars(text) : maskDigits(text);
}

function stars(text: string): string {
  return '*'.repeat(text.length);
}
