import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { encodeShiftJis } from '../../../local/simulator/shift-jis.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../local/simulator/simulator.ts';

/** A simulator that ends with the test; callbacks follow at once. */
export async function simulate(t: TestContext, options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = { callbackDelayMs: 0, ...options.settings };
  const simulator = await startSimulator({ ...options, settings });
  t.after(() => simulator.close());
  return simulator;
}

export type Answer = { status: number; headers: http.IncomingHttpHeaders; body: Buffer; text: string };

/** One request on a connection of its own; rejects when the answer breaks off. */
export function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  const { method = 'POST', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent: false }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const { statusCode: status = 0, headers: got } = response;
        resolve({ status, headers: got, body: bytes, text: bytes.toString('latin1') });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Urlencoded Shift_JIS, every byte but letters and digits escaped. */
export function form(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${[...encodeShiftJis(value)].map(escapeByte).join('')}`)
    .join('&');
}

function escapeByte(byte: number): string {
  const char = String.fromCharCode(byte);
  return /[A-Za-z0-9]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

export function post(url: string, fields: Record<string, string>): Promise<Answer> {
  return send(url, { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form(fields) });
}

export function postXml(url: string, body: string, headers: Record<string, string> = {}): Promise<Answer> {
  return send(url, { headers: { 'content-type': 'text/xml', ...headers }, body });
}

export const SUCCESS = '4111111111111111';
export const FAILING = '0000000000000000';

export type CardXml = {
  number?: string;
  cvv?: string;
  name?: string;
  year?: string;
  month?: string;
  clientip?: string;
};

export function newCardXml(card: CardXml = {}): string {
  const {
    number = SUCCESS,
    cvv = '123',
    name = 'TARO ZEUS',
    year = '2040',
    month = '01',
    clientip = '2019000001',
  } = card;
  return `<?xml version="1.0" encoding="utf-8"?>
<request service="token" action="newcard"><authentication><clientip>${clientip}</clientip></authentication>
<card><cvv>${cvv}</cvv><number>${number}</number><expires><year>${year}</year><month>${month}</month></expires><name>${name}</name></card></request>`;
}

export function quickXml(cvv = '123'): string {
  return `<request service="token" action="quick"><authentication><clientip>2019000001</clientip></authentication><card><cvv>${cvv}</cvv></card></request>`;
}

export async function tokenOf(simulator: Simulator, xml = newCardXml()): Promise<string> {
  const { text } = await postXml(`${simulator.url}/cgi-bin/token/token.cgi`, xml);
  const key = /<token_key>([^<]+)/.exec(text)?.[1];
  assert.ok(key, text);
  return key;
}

export function chargeFields(token: string, changes: Record<string, string> = {}): Record<string, string> {
  const fields = {
    clientip: '2019000001',
    token_key: token,
    money: '8000',
    send: 'mall',
    telno: '0312345678',
    email: 'payer@example.com',
    sendid: '',
    sendpoint: 'order-1',
    printord: 'yes',
    ...changes,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

/** A first charge with a fresh token of the success card. */
export async function charge(
  simulator: Simulator,
  changes: Record<string, string> = {},
  number = SUCCESS,
): Promise<Answer> {
  const token = await tokenOf(simulator, newCardXml({ number }));
  return post(`${simulator.url}/cgi-bin/secure.cgi`, chargeFields(token, changes));
}

export type Call = { method: string; url: string; body: string; headers: http.IncomingHttpHeaders };

/** A merchant's callback address; `respond` may answer for itself. */
export async function catcher(
  t: TestContext,
  respond: (call: Call, response: http.ServerResponse) => void = (_call, response) => response.end('successok'),
): Promise<{ url: string; calls: Call[] }> {
  const calls: Call[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const call = { method, url, headers, body: Buffer.concat(chunks).toString('latin1') };
      calls.push(call);
      respond(call, response);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}

export function cardIdFields(changes: Record<string, string> = {}): Record<string, string> {
  const fields = {
    clientip: '2019000001',
    token_key: '',
    cardnumber: '8888888888888882',
    expyy: '00',
    expmm: '00',
    money: '500',
    send: 'mall',
    telno: '0312345678',
    email: 'payer@example.com',
    sendid: 'CARD1',
    sendpoint: 'order-2',
    printord: 'yes',
    ...changes,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

export function cardIdCharge(simulator: Simulator, changes: Record<string, string> = {}): Promise<Answer> {
  return post(`${simulator.url}/cgi-bin/secure.cgi`, cardIdFields(changes));
}

export function cvsFields(changes: Record<string, string> = {}): Record<string, string> {
  const fields = {
    clientip: '2019000003',
    act: 'secure_order',
    money: '1500',
    username: 'ゼウス　タロウ',
    telno: '0312345678',
    email: 'payer@example.com',
    pay_cvs: 'D002',
    sendid: '',
    sendpoint: 'order-3',
    testid: '',
    test_type: '',
    ...changes,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

/** An order at cvs.cgi; `values` are the lines of its answer by name. */
export async function cvsOrder(
  simulator: Simulator,
  changes: Record<string, string> = {},
): Promise<{ text: string; values: Record<string, string> }> {
  const { text } = await post(`${simulator.url}/cgi-bin/cvs.cgi`, cvsFields(changes));
  const pairs = text.split(/\r?\n/).filter(line => line.includes('='));
  const values = pairs.map(line => [line.split('=')[0]?.trim() ?? '', line.slice(line.indexOf('=') + 1).trim()]);
  return { text, values: Object.fromEntries(values) };
}

export function carrierFields(changes: Record<string, string> = {}): Record<string, string> {
  const fields = {
    clientip: '2019000002',
    money: '1000',
    carrier_type: 'D',
    username: 'ゼウス',
    telno: '0312345678',
    email: 'payer@example.com',
    sendid: '',
    sendpoint: 'order-4',
    success_url: '',
    success_str: '',
    failure_url: '',
    failure_str: '',
    ...changes,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

/** The payer's form, and the number of the order it made ('' when it made none). */
export async function carrierOrder(
  simulator: Simulator,
  changes: Record<string, string> = {},
): Promise<{ page: string; orderNumber: string }> {
  const { body } = await post(`${simulator.url}/cgi-bin/carrier/order.cgi`, carrierFields(changes));
  const page = new TextDecoder('shift_jis').decode(body);
  return { page, orderNumber: /name="order" value="([^"]+)"/.exec(page)?.[1] ?? '' };
}

/** An order the payer has completed. */
export async function authorized(simulator: Simulator, changes: Record<string, string> = {}): Promise<string> {
  const { orderNumber } = await carrierOrder(simulator, changes);
  simulator.carrier({ orderNumber, action: 'complete' });
  return orderNumber;
}

export const ZKEY = '89abcdef0123456789abcdef0123456789abcdef';

/** carrier/secure.cgi; the answer's parameters by name. */
export async function carrierCall(
  simulator: Simulator,
  changes: Record<string, string>,
): Promise<Record<string, string>> {
  const fields = { clientip: '2019000002', act: 'settled', order_no: '1', zkey: ZKEY, ...changes };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
  const { text } = await post(`${simulator.url}/cgi-bin/carrier/secure.cgi`, given);
  return Object.fromEntries(new URLSearchParams(text));
}
