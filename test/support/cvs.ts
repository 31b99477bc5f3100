import { Agent, request as httpRequest } from 'node:http';
import { serve } from '../../local/server.ts';
import type { CvsOrder } from '../../local/simulator/state.ts';
import type { Store } from '../../shared/domain/words.ts';
import type { Answered, startLocal } from './local.ts';

type Local = Awaited<ReturnType<typeof startLocal>>;
export type Fields = Record<string, string>;

/** Manual 002, page 7, and the store codes of page 5, typed out from there. */
export const manualStores: Record<Store, { code: string; labels: string[] }> = {
  'seven-eleven': { code: 'D001', labels: ['払込票番号'] },
  lawson: { code: 'D002', labels: ['受付番号', '確認番号'] },
  familymart: { code: 'D030', labels: ['注文番号', '企業コード'] },
  seicomart: { code: 'D015', labels: ['お支払受付番号'] },
  ministop: { code: 'D050', labels: ['受付番号', '確認番号'] },
  'daily-yamazaki': { code: 'D060', labels: ['オンライン決済番号'] },
};
export const storeNames = Object.keys(manualStores) as Store[];

export const dashedDay = (day: string): string => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;

/** What the contract shows of an order as the gateway has it; the page only where it was answered. */
export function shownBlock(store: Store, known: CvsOrder, page: string | null = known.payUrl || null) {
  const values = [known.payNo1, known.payNo2];
  const paymentNumbers = manualStores[store].labels.map((label, i) => ({ label, value: values[i] }));
  return { store, paymentNumbers, payBy: dashedDay(known.payLimit), redirectUrl: page };
}

/** Orders over 8,000 yen at Lawson, as a shop's server sends them, and what the gateway and its stores do with them. */
export function cvsCalls({ gateway, inbox, call }: Pick<Local, 'gateway' | 'inbox' | 'call'>) {
  const bodyOf = (more: Record<string, unknown> = {}) => ({
    store: 'lawson',
    amount: 8000,
    name: 'ゼウス　タロウ',
    phone: '03-1234-5678',
    email: 'taro@example.com',
    ...more,
  });
  const order = (key: string, more: Record<string, unknown> = {}): Promise<Answered> =>
    call('POST', '/cvs/orders', { key, body: bodyOf(more) });
  const read = async (orderId: string) => (await call('GET', `/orders/${orderId}`)).body;
  const resolve = (key: string, orderId: string, body: Record<string, unknown>) =>
    call('POST', `/orders/${orderId}/resolution`, { key, body: { note: 'seen in the console', ...body } });

  const known = (): CvsOrder[] => gateway.orders().filter(each => each.service === 'cvs');
  /** The gateway's newest record of an order of ours. */
  const knownAs = (orderId: string): CvsOrder => {
    const found = known().findLast(each => each.sendpoint === orderId);
    if (!found) throw new Error('The gateway knows no such order');
    return found;
  };
  /** At the counter or at head office; answers once the callbacks are through. */
  const counter = async (orderNumber: string, ...actions: string[]) => {
    for (const action of actions) {
      gateway.counter({ orderNumber, action });
      await gateway.idle();
    }
  };

  const sent = () => gateway.requests().filter(request => request.endpoint === 'cvs');
  const wire = () => sent().map(({ raw }) => Buffer.from(raw, 'base64').toString('latin1'));

  /** A callback by hand, its query string byte for byte. */
  const callBack = (fields: Fields | string) =>
    get(inbox.url, `/local/cvs?${typeof fields === 'string' ? fields : queryOf(fields)}`);
  const calledBack = async (orderId: string, status: string, changes: Fields = {}) =>
    callBack({ ...callbackFields(knownAs(orderId), status), ...changes });

  return { bodyOf, order, read, resolve, known, knownAs, counter, sent, wire, callBack, calledBack };
}

/** Manual 002, CGI call: what the gateway sends of an order; the name in Shift_JIS `ゼウス`. */
export const callbackFields = (known: CvsOrder, status: string): Fields => ({
  clientip: known.clientip,
  money: String(known.money),
  username: '%83%5B%83E%83X',
  telno: known.telno,
  email: known.email.replace('@', '%40'),
  sendid: '',
  sendpoint: known.sendpoint,
  order_no: known.orderNumber,
  pay_cvs: known.payCvs,
  pay_no1: known.payNo1,
  pay_no2: known.payNo2,
  pay_limit: known.payLimit,
  status,
  error_code: '',
});

/** Values are escaped already. */
export const queryOf = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Node's own client: `fetch` would rewrite bytes of the query that must go out as they are. */
export function get(url: string, path: string): Promise<{ status: number; type: string; body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, agent }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const type = String(response.headers['content-type']);
        resolve({ status: response.statusCode ?? 0, type, body: Buffer.concat(chunks).toString() });
      });
    });
    request.on('error', reject);
    request.end();
  });
}

/** A gateway that says what it is told, one answer a request; its port can be shut, and opened again. */
export async function startMouth() {
  const heard: string[] = [];
  const answers: (string | Buffer)[] = [];
  const open = (port: number) =>
    serve(port, 1 << 20, async request => {
      heard.push(request.body.toString('latin1'));
      return { status: 200, headers: { 'content-type': 'text/plain' }, body: answers.shift() ?? '' };
    });
  let listening = await open(0);
  const { url, port } = listening;
  return {
    url,
    heard,
    say: (...more: (string | Buffer)[]) => void answers.push(...more),
    forget: () => {
      heard.length = 0;
      answers.length = 0;
    },
    shut: () => listening.close(),
    reopen: async () => {
      listening = await open(port);
    },
  };
}

export const historyOf = ({ history }: { history: Record<string, unknown>[] }) =>
  history.map(({ at: _, ...entry }) => entry);

/** Events and their counts, in order. */
export const eventsOf = ({ history }: { history: { event: string; count: number }[] }) =>
  history.map(({ event, count }) => (count === 1 ? event : `${event} x${count}`));

/** Of an entry of `attention`. */
export const reasonOf = ({ reason }: { reason: string }): string => reason;
