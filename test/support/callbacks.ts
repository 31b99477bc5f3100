import { toEvent } from '../../local/event.ts';
import { invoke } from './local.ts';

export interface CallOptions {
  service?: string;
  token?: string;
  path?: string;
  method?: string;
  sourceIp?: string;
  headers?: Record<string, string>;
  /** Lambda may hand a form over as text. */
  asText?: boolean;
}

/** The event of one call of the gateway; `raw` is latin1, one character a byte. */
export function callbackEvent(raw: string, options: CallOptions = {}) {
  const {
    service = 'card',
    token = 'local',
    path = `/${token}/${service}`,
    method = 'GET',
    sourceIp = '127.0.0.1',
  } = options;
  const isPost = method !== 'GET';
  const headers = { ...(isPost && { 'content-type': 'application/x-www-form-urlencoded' }), ...options.headers };
  const body = Buffer.from(isPost ? raw : '', 'latin1');
  const event = toEvent({ method, path, rawQuery: isPost ? '' : raw, headers, body, sourceIp }, null);
  return options.asText ? { ...event, body: raw, isBase64Encoded: false } : event;
}

export interface Response {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

export const callBack = async (raw: string, options?: CallOptions): Promise<Response> =>
  (await invoke('callback', callbackEvent(raw, options))) as Response;

/** Parameters of a card's call, in the manual's order; `null` leaves one out. */
export function cardParameters(changes: Record<string, string | null> = {}): string {
  const all: Record<string, string | null> = {
    result: 'OK',
    clientip: '2019000001',
    ordd: '11.111.11.11-000-222-333',
    money: '8000',
    telno: '09012345678',
    email: 'taro%40example.com',
    sendid: 'CARD1',
    sendpoint: 'nobody',
    cardnumber: '1111',
    cardbrand: 'V',
    div: '01',
    date: '20261120',
    ...changes,
  };
  const present = Object.entries(all).filter(([, value]) => value !== null);
  return present.map(([name, value]) => `${name}=${value}`).join('&');
}
