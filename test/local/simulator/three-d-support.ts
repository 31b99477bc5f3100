import type { Simulator } from '../../../local/simulator/simulator.ts';
import { type Answer, newCardXml, postXml, tokenOf } from './support.ts';

const AUTHENTICATION = `<authentication><clientip>2019000001</clientip><key>0123456789abcdef0123456789abcdef01234567</key></authentication>`;

export type Enrol = Partial<{
  authentication: string;
  card: string;
  token: string;
  amount: string;
  count: string;
  telno: string;
  validation: string;
  email: string;
  language: string;
  sendid: string;
  sendpoint: string;
  flag: string;
  more: string;
}>;

export function enrolXml(given: Enrol = {}): string {
  const {
    authentication = AUTHENTICATION,
    card = '',
    token = '',
    amount = '8000',
    count = '01',
    telno = '0312345678',
    validation = 'permissive',
    email = 'payer@example.com',
    language = 'japanese',
    sendid = '',
    sendpoint = 'order-1',
    flag = '1',
    more = '',
  } = given;
  const element = (name: string, text: string) => (text === '' ? '' : `<${name}>${text}</${name}>`);
  return `<?xml version="1.0" encoding="utf-8"?>
<request service="secure_link_3d" action="enroll">${authentication}${element('card', card)}${element('token_key', token)}
<payment><amount>${amount}</amount><count>${count}</count></payment>
<user><telno validation="${validation}">${telno}</telno><email language="${language}">${email}</email></user>
<uniq_key>${element('sendid', sendid)}<sendpoint>${sendpoint}</sendpoint></uniq_key>${element('use_3ds2_flag', flag)}${more}</request>`;
}

export function stepXml(action: string, contents: Record<string, string>): string {
  const inner = Object.entries(contents).map(([name, text]) => `<${name}>${text}</${name}>`);
  return `<request service="secure_link_3d" action="${action}">${inner.join('')}</request>`;
}

export function api(simulator: Simulator, body: string): Promise<Answer> {
  return postXml(`${simulator.url}/cgi-bin/secure/api.cgi`, body);
}

/** Text of the first element of that name; null: there is none. */
export function elementText(text: string, name: string): string | null {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? null;
}

/** `status code`, with a dash for what is missing. */
export function said({ text }: Answer): string {
  return `${elementText(text, 'status') ?? '-'} ${elementText(text, 'code') ?? '-'}`;
}

/** EnrolReq with a fresh token of the card. */
export async function enrol(simulator: Simulator, number = '4111111111111111', given: Enrol = {}): Promise<Answer> {
  const token = await tokenOf(simulator, newCardXml({ number }));
  return api(simulator, enrolXml({ token, ...given }));
}

export async function xidOf(simulator: Simulator, number?: string, given?: Enrol): Promise<string> {
  return elementText((await enrol(simulator, number, given)).text, 'xid') ?? '';
}

export function risk(simulator: Simulator, xid: string): Promise<Answer> {
  return postXml(`${simulator.url}/cgi-bin/token/token.cgi`, stepXml('securePa', { xid }), {
    'content-type': 'application/xml',
  });
}

export const authenticate = (simulator: Simulator, xid: string, PaRes = 'Y') =>
  api(simulator, stepXml('authentication', { xid, PaRes }));

export const pay = (simulator: Simulator, xid: string) =>
  api(simulator, stepXml('payment', { xid, print_am: 'yes', print_addition_value: 'yes' }));

/** A session that is authenticated and may be paid. */
export async function confirmed(simulator: Simulator, number?: string, given?: Enrol): Promise<string> {
  const xid = await xidOf(simulator, number, given);
  await risk(simulator, xid);
  await authenticate(simulator, xid);
  return xid;
}
