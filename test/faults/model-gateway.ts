import { handleApi } from '../../local/simulator/api.ts';
import { handleCarrierOrder } from '../../local/simulator/carrier-order.ts';
import { handleCarrierSecure } from '../../local/simulator/carrier-secure.ts';
import { actOnCarrierOrder, CARRIER_ACTIONS } from '../../local/simulator/carrier-status.ts';
import { handleCvs } from '../../local/simulator/cvs-order.ts';
import { type CounterAction, possibleActions, settleAtCounter } from '../../local/simulator/cvs-status.ts';
import { escapeBytes, parseForm } from '../../local/simulator/form.ts';
import { type Call, type Callback, type Gateway, type Reply, seededRandom } from '../../local/simulator/gateway.ts';
import { passTime } from '../../local/simulator/passing-time.ts';
import { endpointOf } from '../../local/simulator/record.ts';
import { handleSecure } from '../../local/simulator/secure.ts';
import { defaultSettings } from '../../local/simulator/settings.ts';
import { encodeShiftJis } from '../../local/simulator/shift-jis.ts';
import { LOCAL_CONTRACTS } from '../../local/simulator/simulator.ts';
import { createState, type FaultName, type LedgerEntry } from '../../local/simulator/state.ts';
import { faceOf } from '../../local/simulator/test-cards.ts';
import { threeDPage } from '../../local/simulator/three-d-pages.ts';
import { handleRisk } from '../../local/simulator/three-d-risk.ts';
import { parseRequest } from '../../local/simulator/xml.ts';
import type { Fault } from './campaigns.ts';

/**
 * The simulator's own endpoints without their network: bytes in, bytes out, at once. Written from the manuals alone, as
 * the simulator is, so that a misreading in `shared/zeus` does not agree with itself.
 */
export interface ModelGateway {
  gateway: Gateway;
  readings: Readings;
  /** A token for a charge that the card stands, or does not. */
  token(isGood: boolean): string;
  /** Of a test card. */
  tokenOf(number: string): string;
  /** What the gateway tells the browser of a 3-D Secure session; the letter may be missing. */
  risk(xid: string): { status: string; letter: string };
  challenge(xid: string, action: 'pass' | 'fail'): void;
  /** Requests of another than us; null: the session is none to try it on. */
  payElsewhere(xid: string): { entries: LedgerEntry[]; callbacks: Callback[] } | null;
  handle(path: string, body: Uint8Array, forced: FaultName | null): Reply;
  /** What a call says, as it goes over the wire. */
  wireOf(callback: Callback): string;
  carrier(orderNumber: string, action: string): Callback[];
  counterActions(orderNumber: string): CounterAction[];
  counter(orderNumber: string, action: CounterAction): Callback[];
  passTime(): Callback[];
}

/** What the manuals leave open, read as it helps least. */
export interface Readings {
  /** 06 to 09 name the first amount, not the settled one (001 does not tell which). */
  firstAmounts: boolean;
  /** A repeat is answered with a general code, not with the one that tells what happened (001 and 003 list both). */
  vagueRepeats: boolean;
}

const apiPath = '/cgi-bin/secure/api.cgi';
const tokenPath = '/cgi-bin/token/token.cgi';

const handlers: Record<string, (gateway: Gateway, call: Call) => Reply> = {
  '/cgi-bin/secure.cgi': handleSecure,
  [apiPath]: handleApi,
  '/cgi-bin/carrier/order.cgi': handleCarrierOrder,
  '/cgi-bin/carrier/secure.cgi': handleCarrierSecure,
  '/cgi-bin/cvs.cgi': handleCvs,
  [tokenPath]: (gateway, call) => handleRisk(gateway, call, parseRequest(call.body) ?? {}),
};

export function createModelGateway(
  now: () => number,
  seed: number,
  hit: (fault: Fault) => void = () => {},
): ModelGateway {
  const gateway: Gateway = {
    state: createState(),
    settings: defaultSettings(),
    contracts: LOCAL_CONTRACTS,
    clock: { now, set: () => {} },
    random: seededRandom(seed),
    serial: '11.111.11.11',
    url: 'http://gateway',
  };
  passTime(gateway);
  const find = (orderNumber: string) => {
    const order = gateway.state.orders.get(orderNumber);
    if (!order) throw new Error(`The gateway has no order ${orderNumber}.`);
    return order;
  };
  const readings: Readings = { firstAmounts: false, vagueRepeats: false };
  const retold = (callbacks: Callback[]) =>
    readings.firstAmounts ? callbacks.map(each => withFirstAmount(gateway, each, hit)) : callbacks;
  return {
    gateway,
    readings,
    token: isGood => issueToken(gateway, isGood ? '4111111111111111' : '0000000000000000'),
    tokenOf: number => issueToken(gateway, number),
    ...browserOf(gateway),
    handle(path, body, forced) {
      const reply = handle(gateway, path, Buffer.from(body), forced);
      const callbacks = retold(reply.callbacks);
      return { ...reply, body: readings.vagueRepeats ? vague(reply.body, hit) : reply.body, callbacks };
    },
    wireOf: callback => wireOf(gateway, callback),
    carrier(orderNumber, action) {
      const order = find(orderNumber);
      if (order.service !== 'carrier' || !CARRIER_ACTIONS[action]?.from.includes(order.status)) return [];
      return retold(actOnCarrierOrder(gateway, order, action));
    },
    counterActions(orderNumber) {
      const order = find(orderNumber);
      return order.service === 'cvs' ? possibleActions(order) : [];
    },
    counter(orderNumber, action) {
      const order = find(orderNumber);
      return order.service === 'cvs' ? settleAtCounter(gateway, order, action) : [];
    },
    passTime: () => retold(passTime(gateway)),
  };
}

/** The payer's browser, and another who knows its session. */
function browserOf(gateway: Gateway): Pick<ModelGateway, 'risk' | 'challenge' | 'payElsewhere'> {
  const { sessions, ledger } = gateway.state;
  const ask = (path: string, action: string, xid: string, more = '') => {
    const xml = `<?xml version="1.0"?><request service="secure_link_3d" action="${action}"><xid>${xid}</xid>${more}</request>`;
    return handle(gateway, path, Buffer.from(xml), null);
  };
  return {
    risk(xid) {
      const text = ask(tokenPath, 'securePa', xid).body.toString('latin1');
      const of = (name: string) => new RegExp(`<${name}>(\\w+)<`).exec(text)?.[1] ?? '';
      return { status: of('status'), letter: of('transStatus') };
    },
    challenge(xid, action) {
      const body = Buffer.from(`session=${sessions.get(xid)?.pageId}&do=${action}`);
      const empty = { query: Buffer.alloc(0), headers: {}, connection: 0 };
      threeDPage(gateway, { method: 'POST', path: '/3ds/challenge', body, ...empty });
    },
    payElsewhere(xid) {
      const session = sessions.get(xid);
      if (session?.fields.sendid !== '' || session.orderNumber !== null) return null;
      const before = ledger.length;
      ask(apiPath, 'authentication', xid, '<PaRes>Y</PaRes>');
      const { callbacks } = ask(apiPath, 'payment', xid);
      return { entries: ledger.slice(before), callbacks };
    },
  };
}

function withFirstAmount({ state }: Gateway, callback: Callback, hit: (fault: Fault) => void): Callback {
  const order = state.orders.get(callback.orderNumber);
  if (order?.service !== 'carrier' || !['06', '07', '08', '09'].includes(callback.status)) return callback;
  if (order.settleMoney === null || order.settleMoney === order.money) return callback;
  hit('first amount in 06 to 09');
  const money = String(order.money);
  return {
    ...callback,
    parameters: callback.parameters.map(each => (each.name === 'money' ? { ...each, value: money } : each)),
  };
}

/** Codes that tell what happened before, and the general ones. */
const general: Record<string, string> = {
  '010100021': '010010007',
  '010100023': '010010007',
  '010100026': '010010107',
  '010100030': '010010107',
  '<status>invalid</status>': '<status>failure</status>',
  '02180118': '02189999',
};

function vague(body: Buffer, hit: (fault: Fault) => void): Buffer {
  const text = body.toString('latin1');
  const isCancel = text.includes('02180118');
  if (!isCancel && !/error_code=0101000(21|23|26|30)/.test(text)) return body;
  hit('vague repeats');
  const said = Object.entries(general).reduce((all, [code, instead]) => all.replace(code, instead), text);
  return Buffer.from(said, 'latin1');
}

function issueToken(gateway: Gateway, number: string): string {
  const key = `token-${gateway.state.tokens.size + 1}`;
  gateway.state.tokens.set(key, {
    key,
    action: 'newcard',
    clientip: gateway.contracts.card.clientip,
    card: faceOf(number, { year: '2040', month: '01' }),
    hasCvv: true,
    issuedAt: gateway.clock.now(),
    used: false,
  });
  return key;
}

function handle(gateway: Gateway, path: string, body: Buffer, forced: FaultName | null): Reply {
  const isXml = path === apiPath || path === tokenPath;
  const fields = isXml ? [] : parseForm(body);
  const call: Call = {
    method: 'POST',
    headers: {
      'content-type': isXml ? 'text/xml' : 'application/x-www-form-urlencoded',
      'content-length': String(body.length),
    },
    body,
    fields,
    record: {
      id: 0,
      at: '',
      connection: 0,
      method: 'POST',
      path,
      endpoint: endpointOf({ path, body }, fields),
      headers: {},
      raw: '',
      parameters: [],
      violations: [],
      notes: [],
      faults: [],
      orderNumber: null,
      sendpoint: '',
      answer: null,
    },
    forced: forced && !(forced === 'refusal' && isXml && isCancelled(gateway, body)) ? { fault: forced } : null,
    callbackFaults: [],
  };
  const handler = handlers[path];
  if (!handler) throw new Error(`The gateway has no ${path}.`);
  return handler(gateway, call);
}

/** What is cancelled already is refused with a code of its own. */
function isCancelled(gateway: Gateway, body: Buffer): boolean {
  const number = /<order_number>([^<]*)/.exec(body.toString('latin1'))?.[1] ?? '';
  return gateway.state.orders.get(number)?.status === 'cancelled';
}

function wireOf(gateway: Gateway, { parameters }: Callback): string {
  const { callbackOmit, callbackEscapes, callbackSpace } = gateway.settings;
  return parameters
    .filter(({ name }) => !callbackOmit.includes(name))
    .map(({ name, value }) => `${name}=${escapeBytes(encodeShiftJis(value), callbackEscapes, callbackSpace)}`)
    .join('&');
}
