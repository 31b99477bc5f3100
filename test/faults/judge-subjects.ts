/** Which order each part of the history is about. */
import type { GatewayOrder } from '../../local/simulator/state.ts';
import type { Call, Index, Request } from './judge-index.ts';
import { madeOf, type Subject } from './judge-moves.ts';
import type { ShownOrder, Version } from './judge-views.ts';
import type { Operation } from './judge-wire.ts';

const creating = [
  '/card/charges',
  '/card/recurring-charges',
  '/card/authentications',
  '/card/recurring-authentications',
  '/carrier/orders',
  '/cvs/orders',
];

export const isCreating = ({ method, path }: Call): boolean => method === 'POST' && creating.includes(path);

/** The order that a changing call is about. */
export function orderOfCall(call: Call, orderOfKey: (key: string) => string): string | null {
  if (call.method === 'GET') return null;
  if (isCreating(call)) return call.key === null ? null : orderOfKey(call.key);
  return /^\/(?:card\/charges|carrier\/orders|orders)\/([^/]+)\//.exec(call.path)?.[1] ?? null;
}

const paths: Partial<Record<Operation, RegExp>> = {
  cancel: /cancel$/,
  return: /return$/,
  settle: /settlement$/,
  withdraw: /settlement$/,
};

const isAskedFor = ({ path, status }: Call, operation: Operation): boolean =>
  paths[operation]?.test(path) === true && status !== 400 && status !== 409;

/** The last time an order was shown. */
export const lastShown = (versions: readonly Version[]): ShownOrder | null => versions.at(-1)?.shown[0] ?? null;

export function subjectsOf(
  index: Index,
  versions: ReadonlyMap<string, Version[]>,
  gatewayOrders: readonly GatewayOrder[],
  orderOfKey: (key: string) => string,
): Subject[] {
  const shown = [...versions.values()].flatMap(each => lastShown(each) ?? []);
  const ids = new Set(versions.keys());
  const external = new Map(
    shown
      .filter(({ operation }) => operation === 'external')
      .map(({ method, gateway, orderId }) => [`${method} ${gateway.orderNumber}`, orderId]),
  );
  const numbered = new Map(gatewayOrders.map(({ orderNumber, sendpoint }) => [orderNumber, sendpoint]));
  const calls = Map.groupBy(index.calls, call => orderOfCall(call, orderOfKey));
  const requests = Map.groupBy(index.requests, requestedOrder);
  const methods = new Map(shown.map(({ orderId, method }) => [orderId, method]));
  const deliveries = Map.groupBy(index.deliveries, ({ service, sendpoint, callback }) =>
    methods.get(sendpoint) === service ? sendpoint : external.get(`${service} ${callback.orderNumber}`),
  );
  const dueWork = index.runs.filter(({ name }) => name === 'due-work');

  function requestedOrder({ run, sent }: Request): string | null {
    const called = run.call && orderOfCall(run.call, orderOfKey);
    if (called) return called;
    if (sent.sendpoint !== null) return ids.has(sent.sendpoint) ? sent.sendpoint : null;
    const method = sent.operation === 'cancel' ? 'card' : 'carrier';
    const known = shown
      .filter(order => order.method === method && isOf(order, sent.orderNumber))
      .map(({ orderId }) => orderId);
    // A callback may have brought another order's number: then the one that was asked to do it.
    const asked = known.find(orderId => calls.get(orderId)?.some(call => isAskedFor(call, sent.operation)));
    return asked ?? known[0] ?? null;
  }

  /** It is the order's own, or shown by it; as a whole, or cut off. */
  function isOf({ orderId, gateway, otherPayments }: ShownOrder, number: string | null): boolean {
    if (number === null) return false;
    const all = [gateway.orderNumber, ...otherPayments.map(({ orderNumber }) => orderNumber)];
    return numbered.get(number) === orderId || all.some(each => each?.startsWith(number));
  }

  return shown.map(order => ({
    made: madeOf(order),
    calls: calls.get(order.orderId) ?? [],
    requests: requests.get(order.orderId) ?? [],
    deliveries: deliveries.get(order.orderId) ?? [],
    dueWork,
  }));
}
