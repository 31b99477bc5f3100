/**
 * What the calls of EMV 3-D Secure share. The manuals end before it: all of it follows public copies of the vendor's guide
 * (docs/three-d-secure.md), and README.md says what was chosen where they are silent.
 */
import { answer, type Call, type Gateway, isoNow, type Reply } from './gateway.ts';
import type { ThreeDSession } from './state.ts';
import { type Content, document, headerFault, textAt, valueAt, type XmlNode } from './xml.ts';

const MAX_BYTES = 2048;
const MAINTENANCE =
  /^(0100[1-9]|01999|02000012|0201010[12]|02020103|02020204|02040103|0205\d{4}|02060(103|109|112)|02070(112|134)|02080116|0209033[23])$/;

/** The code's status: success for 000 to 004, outside for 005 to 008. */
function statusOf(code: string): string {
  if (/^00[0-4]$/.test(code)) return 'success';
  if (/^00[5-8]$/.test(code)) return 'outside';
  if (MAINTENANCE.test(code)) return 'maintenance';
  return /^(err|02(09|10)0431$|\d{3}$)/.test(code) ? 'failure' : 'invalid';
}

/** An answer with status and code, then whatever else it holds. */
export function sayCode(gateway: Gateway, call: Call, action: string, code: string, more: Content[] = []): Reply {
  const status = statusOf(code);
  if (status !== 'success') call.record.notes.push(`${action} answered with ${code}`);
  const root = action === 'authentication' ? gateway.settings.authenticationRoot : 'response';
  const result: Content = [
    'result',
    [
      ['status', status],
      ['code', code],
    ],
  ];
  return answer(document(root, ['secure_link_3d', action], [result, ...more]), 'application/xml; charset=utf-8');
}

/** Notes what was answered in the session, for the console. */
export function say(
  gateway: Gateway,
  call: Call,
  session: ThreeDSession,
  { action, code, more = [] }: { action: string; code: string; more?: Content[] },
): Reply {
  addStep(gateway, session, action, `${statusOf(code)} ${code}`);
  return sayCode(gateway, call, action, code, more);
}

export function addStep(gateway: Gateway, session: ThreeDSession, step: string, result: string): void {
  session.steps.push({ at: isoNow(gateway), step, result });
}

/** The checks that the three actions share; reports what the guide does not provide for. Null: go on. */
export function requestFault(call: Call, request: XmlNode, actions: string[]): string | null {
  const header = headerFault(call, MAX_BYTES);
  if (header) return header;
  if (!('@action' in request) && !('action' in request)) return '02080113';
  const action = valueAt(request, '@action');
  if (action === '') return '02080114';
  if (!actions.includes(action)) return '02080115';
  call.record.violations.push(...strayElements(request, KNOWN[action] ?? []));
  return null;
}

const KNOWN: Record<string, string[]> = {
  enroll: [
    'authentication.clientip',
    'authentication.key',
    'card.history.@action',
    'card.history.key',
    'token_key',
    'payment.amount',
    'payment.count',
    'user.telno',
    'user.telno.@validation',
    'user.email',
    'user.email.@language',
    'uniq_key.sendid',
    'uniq_key.sendpoint',
    'use_3ds2_flag',
    'cardHolderInfo.cardholderName',
    'cardHolderInfo.email',
    ...['mobilePhone', 'homePhone'].flatMap(phone => [
      `cardHolderInfo.${phone}.cc`,
      `cardHolderInfo.${phone}.subscriber`,
    ]),
  ],
  securePa: ['xid'],
  authentication: ['xid', 'PaRes'],
  payment: ['xid', 'print_am', 'print_addition_value'],
};

/** Elements and attributes that the action does not have, and elements where it has attributes. */
function strayElements(request: XmlNode, known: string[]): string[] {
  const allowed = ['@service', '@action', ...known];
  return [...new Set(pathsOf(request, ''))].flatMap(path => {
    if (allowed.includes(path)) return [];
    const attribute = path.replace(/([^.]+)$/, '@$1');
    return [allowed.includes(attribute) ? `element ${path} for an attribute` : `unknown element ${path.slice(0, 60)}`];
  });
}

function pathsOf(node: XmlNode, prefix: string): string[] {
  return Object.entries(node).flatMap(([name, value]) => {
    if (name === '#text') return [prefix.slice(0, -1)];
    const all = Array.isArray(value) ? value : [value];
    return all.flatMap(one => (typeof one === 'string' ? [prefix + name] : pathsOf(one, `${prefix}${name}.`)));
  });
}

/** The session that the request names, or the KK digits of what is wrong with its xid: 14, 17 or 10. */
export function sessionOf(gateway: Gateway, call: Call, request: XmlNode): ThreeDSession | '14' | '17' | '10' {
  const xid = textAt(request, 'xid');
  if (xid === '') return '14';
  if (!/^[!-~]{1,128}$/.test(xid)) return '17';
  const session = gateway.state.sessions.get(xid);
  if (session) call.record.sendpoint = session.fields.sendpoint;
  return session && isAlive(gateway, session) ? session : '10';
}

function isAlive(gateway: Gateway, session: ThreeDSession): boolean {
  return gateway.clock.now() - session.startedAt <= gateway.settings.sessionLifeMs;
}
