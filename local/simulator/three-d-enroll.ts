/**
 * api.cgi `enroll`: starts a session for a token, or for a stored card found by its card ID (and phone). Uses the token
 * up unless a parameter was refused; amount, card and number of payments stay as they are here.
 */
import { installmentsAllowed } from './card-order.ts';
import type { Call, Gateway, Reply } from './gateway.ts';
import { EMAIL_CARD, FREE_TEXT_CARD } from './rows.ts';
import type { StoredCard, ThreeDSession, Token } from './state.ts';
import type { CardFace } from './test-cards.ts';
import { addStep, sayCode } from './three-d-session.ts';
import { clientipFault } from './token.ts';
import { liveToken } from './token-charge.ts';
import { type Content, textAt, textsAt, valueAt, type XmlNode } from './xml.ts';

export function handleEnroll(gateway: Gateway, call: Call, request: XmlNode): Reply {
  const sayEnrol = (code: string, more: Content[] = []) => sayCode(gateway, call, 'enroll', code, more);
  call.record.sendpoint = textAt(request, 'uniq_key.sendpoint');
  if (call.forced?.fault === 'refusal') return sayEnrol(call.forced.code ?? '02090431');
  noteSigns(call, request);
  const code = parameterFault(gateway, request);
  if (code) return sayEnrol(code);
  const found = cardOf(gateway, request);
  if (typeof found === 'string') return sayEnrol(found);
  const { card, token } = found;
  if (!installmentsAllowed(gateway, countOf(request), card, true)) return sayEnrol('02131310');
  if (token) token.used = true;
  if (card.threeD.enroll === '02090431') return sayEnrol('02090431');
  const session = startSession(gateway, request, card);
  addStep(gateway, session, 'enroll', session.state === 'outside' ? 'outside 008' : 'success 000');
  const url = `${gateway.url}/3ds/device?session=${session.pageId}`;
  const page: Content[] = session.state === 'outside' ? [] : [['iframeUrl', encodeURIComponent(url)]];
  return sayEnrol(card.threeD.enroll, [['xid', session.xid], ['threeDS2flag', '1'], ...page]);
}

/** Manual 000 lists more signs than the guide, and shops use them: noted, not refused. */
function noteSigns(call: Call, request: XmlNode): void {
  for (const name of ['sendid', 'sendpoint'])
    if (/[^A-Za-z0-9 ]/.test(textAt(request, `uniq_key.${name}`)))
      call.record.notes.push(`${name} has signs beside letters, digits and space`);
}

type Check = (gateway: Gateway, request: XmlNode) => string | null;

const checks: Check[] = [
  (gateway, request) => clientipFault(gateway, request),
  keyFault,
  historyFault,
  amountFault,
  countFault,
  userFault,
  uniqKeyFault,
  (_gateway, request) => (textAt(request, 'use_3ds2_flag') === '1' ? null : '02090230'),
];

function parameterFault(gateway: Gateway, request: XmlNode): string | null {
  for (const check of checks) {
    const code = check(gateway, request);
    if (code) return code;
  }
  return null;
}

function keyFault(gateway: Gateway, request: XmlNode): string | null {
  const key = textAt(request, 'authentication.key');
  if (key === '') return '02130214';
  if (!/^[!-~]{1,40}$/.test(key)) return '02130217';
  return key === gateway.contracts.card.key ? null : '02130210';
}

const SEARCHES = ['sendid', 'sendid,telno'];

function historyFault(_gateway: Gateway, request: XmlNode): string | null {
  if (!hasHistory(request)) return null;
  if (valueAt(request, 'card.history.@action') !== 'send_email') return '02130337';
  const keys = searchKeys(request);
  if (keys.length === 0) return '02130414';
  if (!SEARCHES.includes(keys.toSorted().join(','))) return '02130437';
  return textAt(request, 'uniq_key.sendid') === '' ? '02131614' : null;
}

function hasHistory(request: XmlNode): boolean {
  const card = request.card;
  return typeof card === 'object' && !Array.isArray(card) && 'history' in card;
}

const searchKeys = (request: XmlNode) => textsAt(request, 'card.history.key').filter(key => key !== '');

function amountFault(_gateway: Gateway, request: XmlNode): string | null {
  const amount = textAt(request, 'payment.amount');
  if (amount === '') return '02131214';
  if (/^-\d+$/.test(amount)) return '02131223';
  if (!/^\d+$/.test(amount)) return '02131217';
  return amount.length > 7 ? '02131224' : null;
}

const COUNTS = ['01', '02', '03', '05', '06', '10', '12', '15', '18', '20', '24', '99', 'B1'];
const countOf = (request: XmlNode) => textAt(request, 'payment.count');

function countFault(gateway: Gateway, request: XmlNode): string | null {
  const count = countOf(request);
  if (count === '') return '02131314';
  if (!/^[0-9A-Z]{2}$/.test(count)) return '02131317';
  if (!COUNTS.includes(count)) return '02131325';
  return count === '01' || gateway.settings.installments ? null : '02131326';
}

/** `strict`: a number as they are in Japan, up to 11 digits. */
const PHONES: Record<string, RegExp> = { strict: /^0\d{9,10}$/, permissive: /^\d{1,32}$/ };

function userFault(_gateway: Gateway, request: XmlNode): string | null {
  const phone = textAt(request, 'user.telno');
  const form = PHONES[valueAt(request, 'user.telno.@validation') || textAt(request, 'user.validation')];
  const email = textAt(request, 'user.email');
  const language = valueAt(request, 'user.email.@language') || textAt(request, 'user.language');
  if (phone === '') return '02131414';
  if (!form) return '02131437';
  if (!form.test(phone)) return '02131417';
  if (Buffer.byteLength(email) > 50) return '02131527';
  if (!/^[^@]+@[^@]+$/.test(email)) return '02131528';
  if (!EMAIL_CARD.test(email)) return '02131529';
  return ['japanese', 'english'].includes(language) ? null : '02131537';
}

function uniqKeyFault(_gateway: Gateway, request: XmlNode): string | null {
  const bad = (name: string, max: number) => {
    const text = textAt(request, `uniq_key.${name}`);
    return text !== '' && (text.length > max || !FREE_TEXT_CARD.test(text));
  };
  if (bad('sendid', 25)) return '02131617';
  return bad('sendpoint', 50) ? '02131717' : null;
}

/** The card, with the token that is used up for it; or the code of what is wrong. Card data itself is never taken. */
function cardOf(gateway: Gateway, request: XmlNode): { card: CardFace; token: Token | null } | string {
  const key = textAt(request, 'token_key');
  const stored = hasHistory(request);
  if (key === '' && !stored) return '02130514';
  const { clientip } = gateway.contracts.card;
  const token = key === '' ? null : liveToken(gateway, key, clientip, stored ? 'quick' : 'newcard');
  if (key !== '' && !token) return '02131914';
  if (stored && gateway.settings.cvvRequired && !token?.hasCvv) return '02131014';
  const card = stored ? storedCard(gateway, request) : token?.card;
  return card ? { card, token } : '02131810';
}

/** The newest of those found. */
function storedCard(gateway: Gateway, request: XmlNode): StoredCard | undefined {
  const byPhone = searchKeys(request).includes('telno');
  return gateway.state.cards
    .filter(card => card.sendid === textAt(request, 'uniq_key.sendid'))
    .filter(card => !byPhone || card.telno === textAt(request, 'user.telno'))
    .toSorted((a, b) => b.seq - a.seq)[0];
}

function startSession(gateway: Gateway, request: XmlNode, card: CardFace): ThreeDSession {
  const session: ThreeDSession = {
    xid: newXid(gateway),
    pageId: randomBytesOf(gateway, 12).toString('hex'),
    startedAt: gateway.clock.now(),
    state: card.threeD.enroll === '008' ? 'outside' : 'enrolled',
    card,
    recurring: hasHistory(request),
    fields: {
      clientip: textAt(request, 'authentication.clientip'),
      money: Number(textAt(request, 'payment.amount')),
      telno: textAt(request, 'user.telno'),
      email: textAt(request, 'user.email'),
      sendid: textAt(request, 'uniq_key.sendid'),
      sendpoint: textAt(request, 'uniq_key.sendpoint'),
      div: countOf(request),
    },
    told: null,
    authentication: null,
    orderNumber: null,
    steps: [],
  };
  gateway.state.sessions.set(session.xid, session);
  return session;
}

/** 64 bytes in base64 without padding, always with the two signs that must be escaped in an address. */
function newXid(gateway: Gateway): string {
  for (;;) {
    const xid = randomBytesOf(gateway, 64).toString('base64').slice(0, 86);
    if (xid.includes('+') && xid.includes('/')) return xid;
  }
}

function randomBytesOf(gateway: Gateway, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => Math.floor(gateway.random() * 256)));
}
