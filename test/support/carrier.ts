import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { CarrierOrder } from '../../local/simulator/state.ts';
import { post } from '../local/simulator/support.ts';
import { type Answered, invoke, type startLocal } from './local.ts';

type Local = Awaited<ReturnType<typeof startLocal>>;
type Body = Record<string, unknown>;
export type Fields = Record<string, string>;

/** What a page's form would post: its hidden inputs, with the references read as a browser reads them. */
export function inputsOf(html: string): Fields {
  const inputs = [...html.matchAll(/<input type="hidden" name="([a-z_]+)" value="([^"]*)">/g)];
  const read = (value: string) => value.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
  return Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, read(value)]));
}

/** Manual 001, CGI call: what the gateway sends of an order; the name in Shift_JIS `ゼウス`. Values are escaped. */
export const callbackFields = (orderId: string, status: string, changes: Fields = {}): Fields => ({
  clientip: '2019000002',
  money: '8000',
  username: '%83%5B%83E%83X',
  telno: '0312345678',
  email: 'taro%40example.com',
  sendid: '',
  sendpoint: orderId,
  order_no: 'N1',
  carrier_type: 'D',
  status,
  error_code: '-',
  ...changes,
});

/** Without what is empty: a merchant chooses which fields come. */
export const queryOf = (fields: Fields): string =>
  Object.entries(fields)
    .flatMap(([name, value]) => (value === '' && name !== 'sendid' ? [] : [`${name}=${value}`]))
    .join('&');

/** Orders over 8,000 yen with docomo, as a shop's server sends them, and what payer and gateway do with them. */
export function carrierCalls({ gateway, inbox, call }: Pick<Local, 'gateway' | 'inbox' | 'call'>) {
  const bodyOf = (more: Body = {}) => ({
    carrier: 'docomo',
    amount: 8000,
    name: 'ゼウス',
    phone: '03-1234-5678',
    email: 'taro@example.com',
    ...more,
  });
  const order = (key: string, more: Body = {}): Promise<Answered> =>
    call('POST', '/carrier/orders', { key, body: bodyOf(more) });
  const settle = (key: string, orderId: string, body?: Body) =>
    call('POST', `/carrier/orders/${orderId}/settlement`, { key, body });
  const withdraw = (key: string, orderId: string) => call('DELETE', `/carrier/orders/${orderId}/settlement`, { key });
  const giveBack = (key: string, orderId: string, body?: Body) =>
    call('POST', `/carrier/orders/${orderId}/return`, { key, body });
  const resolve = (key: string, orderId: string, outcome: string, more: Body = {}) =>
    call('POST', `/orders/${orderId}/resolution`, { key, body: { outcome, note: 'seen in the console', ...more } });
  const read = async (orderId: string) => (await call('GET', `/orders/${orderId}`)).body;

  /** The payer's browser posts the form; answers the gateway's number of the order that it made. */
  async function submit(form: { action: string; html: string }): Promise<string> {
    const { body } = await post(form.action, inputsOf(form.html));
    const page = new TextDecoder('shift_jis').decode(body);
    const orderNumber = /name="order" value="([^"]+)"/.exec(page)?.[1];
    assert.ok(orderNumber, page);
    return orderNumber;
  }

  /** Whatever the gateway's console or the payer can do; resolves once the callbacks are through. */
  async function act(orderNumber: string, action: string): Promise<void> {
    gateway.carrier({ orderNumber, action });
    await gateway.idle();
  }

  /** An order that its payer has taken to the carrier and completed there. */
  async function authorized(key: string, more: Body = {}): Promise<{ orderId: string; orderNumber: string }> {
    const { status, body } = await order(key, more);
    assert.equal(status, 201, JSON.stringify(body));
    const orderNumber = await submit(body.form);
    await act(orderNumber, 'complete');
    return { orderId: body.orderId, orderNumber };
  }

  /** A callback by hand; answers its HTTP status and text. */
  async function callBack(fields: Fields): Promise<[number, string]> {
    const answer = await fetch(`${inbox.url}/local/carrier?${queryOf(fields)}`);
    return [answer.status, await answer.text()];
  }

  const known = (): CarrierOrder[] => gateway.orders().filter(each => each.service === 'carrier');
  const knownAs = (orderNumber: string) => known().find(each => each.orderNumber === orderNumber);
  /** What reached carrier/secure.cgi since the gateway was last reset. */
  const sent = () => gateway.requests().filter(({ endpoint }) => endpoint === 'settle' || endpoint === 'return');
  const wire = () => sent().map(({ raw }) => Buffer.from(raw, 'base64').toString('latin1'));
  const ledger = () => gateway.ledger().map(({ kind, amount }) => `${kind} ${amount}`);

  return {
    ...{ bodyOf, order, settle, withdraw, giveBack, resolve, read },
    ...{ submit, act, authorized, callBack, known, knownAs, sent, wire, ledger },
  };
}

/** Runs due work as EventBridge does; `seconds` are left to it. */
export const runDueWork = (seconds = 300): Promise<unknown> =>
  invoke('due-work', {}, { getRemainingTimeInMillis: () => seconds * 1000 });

/** `2026-12-01 23:55:00` in Tokyo. */
export const jst = (time: string): Date => new Date(`${time.replace(' ', 'T')}+09:00`);

/** Sets the clock of functions and gateway alike. The functions' then stands still, the gateway's runs on. */
export function setClocks({ setClock }: Local['gateway'], time: string): void {
  mock.timers.reset();
  mock.timers.enable({ apis: ['Date'], now: jst(time) });
  setClock(jst(time).toISOString());
}
