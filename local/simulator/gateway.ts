import type { Clock } from './clock.ts';
import type { Field } from './form.ts';
import type { Settings } from './settings.ts';
import type { Contracts, Fault, GatewayOrder, LedgerEntry, RequestRecord, Service, State } from './state.ts';

/** The gateway without its network: everything an endpoint needs. `random` is 0 to 1, `serial` makes order numbers differ between runs. */
export type Gateway = {
  state: State;
  settings: Settings;
  contracts: Contracts;
  clock: Clock;
  random: () => number;
  serial: string;
  /** Own base URL, for links in answers. */
  url: string;
};

/** A request at an endpoint. `forced` is a fault that decides what the gateway says. */
export type Call = {
  method: string;
  headers: Record<string, string>;
  body: Buffer;
  fields: Field[];
  record: RequestRecord;
  forced: Fault | null;
  callbackFaults: Fault[];
};

/** A callback that is due. */
export type Callback = {
  service: Service;
  orderNumber: string;
  sendpoint: string;
  status: string;
  parameters: { name: string; value: string }[];
  faults: Fault[];
};

/** `later`: what the gateway does by itself a while after its answer. */
export type Reply = {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  callbacks: Callback[];
  later?: (() => Callback[])[];
};

export function answer(body: string | Buffer, type = 'text/plain', callbacks: Callback[] = []): Reply {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  return { status: 200, headers: { 'content-type': type }, body: bytes, callbacks };
}

export function isoNow(gateway: Gateway): string {
  return new Date(gateway.clock.now()).toISOString();
}

/** Like 11.111.11.11-000-222-333 and never the same twice; test orders carry the word TEST. At most 33 characters. */
export function nextOrderNumber(gateway: Gateway, test: boolean): string {
  gateway.state.counter += 1;
  const digits = String(gateway.state.counter).padStart(9, '0');
  const groups = `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6)}`;
  return `${gateway.serial}-${test ? 'TEST-' : ''}${groups}`;
}

export function book(gateway: Gateway, order: GatewayOrder, kind: LedgerEntry['kind'], amount: number): void {
  const { service, orderNumber, sendpoint, sendid, test } = order;
  const afterCancel = order.service === 'cvs' && order.status.endsWith('_after_cancel');
  const authentication = order.service === 'card' && kind !== 'cancel' ? order.authentication : null;
  const seq = gateway.state.ledger.length + 1;
  gateway.state.ledger.push({
    seq,
    at: isoNow(gateway),
    kind,
    service,
    orderNumber,
    sendpoint,
    sendid,
    amount,
    test,
    afterCancel,
    authentication,
  });
}

export function moveTo<T extends GatewayOrder>(gateway: Gateway, order: T, status: T['status']): void {
  order.status = status;
  order.history.push({ at: isoNow(gateway), status });
}

/** Keeps a new order and ties it to the request that made it. */
export function keepOrder(gateway: Gateway, order: GatewayOrder, record: RequestRecord | null): void {
  gateway.state.orders.set(order.orderNumber, order);
  if (record) record.orderNumber = order.orderNumber;
}

/** Callback of an order with the parameters given, in the manual's order. */
export function callbackOf(order: GatewayOrder, status: string, parameters: [string, string][]): Callback {
  const { service, orderNumber, sendpoint, callbackFaults: faults } = order;
  return {
    service,
    orderNumber,
    sendpoint,
    status,
    faults,
    parameters: parameters.map(([name, value]) => ({ name, value })),
  };
}

/** A small linear congruential generator: 0 up to 1, the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

export function shuffled<T>(gateway: Gateway, items: T[]): T[] {
  return items
    .map(item => ({ item, at: gateway.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
