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
import { createState, type FaultName } from '../../local/simulator/state.ts';
import { faceOf } from '../../local/simulator/test-cards.ts';

/**
 * The simulator's own endpoints without their network: bytes in, bytes out, at once. Written from the manuals alone, as
 * the simulator is, so that a misreading in `shared/zeus` does not agree with itself.
 */
export interface ModelGateway {
  gateway: Gateway;
  /** A token for a charge that the card stands, or does not. */
  token(isGood: boolean): string;
  handle(path: string, body: Uint8Array, forced: FaultName | null): Reply;
  /** What a call says, as it goes over the wire. */
  wireOf(callback: Callback): string;
  carrier(orderNumber: string, action: string): Callback[];
  counterActions(orderNumber: string): CounterAction[];
  counter(orderNumber: string, action: CounterAction): Callback[];
  passTime(): Callback[];
}

const handlers: Record<string, (gateway: Gateway, call: Call) => Reply> = {
  '/cgi-bin/secure.cgi': handleSecure,
  '/cgi-bin/secure/api.cgi': handleApi,
  '/cgi-bin/carrier/order.cgi': handleCarrierOrder,
  '/cgi-bin/carrier/secure.cgi': handleCarrierSecure,
  '/cgi-bin/cvs.cgi': handleCvs,
};

export function createModelGateway(now: () => number, seed: number): ModelGateway {
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
  return {
    gateway,
    token: isGood => issueToken(gateway, isGood),
    handle: (path, body, forced) => handle(gateway, path, Buffer.from(body), forced),
    wireOf: callback => wireOf(gateway, callback),
    carrier(orderNumber, action) {
      const order = find(orderNumber);
      if (order.service !== 'carrier' || !CARRIER_ACTIONS[action]?.from.includes(order.status)) return [];
      return actOnCarrierOrder(gateway, order, action);
    },
    counterActions(orderNumber) {
      const order = find(orderNumber);
      return order.service === 'cvs' ? possibleActions(order) : [];
    },
    counter(orderNumber, action) {
      const order = find(orderNumber);
      return order.service === 'cvs' ? settleAtCounter(gateway, order, action) : [];
    },
    passTime: () => passTime(gateway),
  };
}

function issueToken(gateway: Gateway, isGood: boolean): string {
  const key = `token-${gateway.state.tokens.size + 1}`;
  gateway.state.tokens.set(key, {
    key,
    action: 'newcard',
    clientip: gateway.contracts.card.clientip,
    card: faceOf(isGood ? '4111111111111111' : '0000000000000000', { year: '2040', month: '01' }),
    hasCvv: true,
    issuedAt: gateway.clock.now(),
    used: false,
  });
  return key;
}

function handle(gateway: Gateway, path: string, body: Buffer, forced: FaultName | null): Reply {
  const isXml = path === '/cgi-bin/secure/api.cgi';
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
