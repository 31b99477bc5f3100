/** Which order each part of the history is about. */
import type { GatewayOrder } from '../../local/simulator/state.ts';
import type { Call, Index, Request } from './judge-index.ts';
import { madeOf, type Subject } from './judge-moves.ts';
import type { ShownOrder, Version } from './judge-views.ts';

const creating = ['/card/charges', '/card/recurring-charges', '/carrier/orders', '/cvs/orders'];

export const isCreating = ({ method, path }: Call): boolean => method === 'POST' && creating.includes(path);

/** The order that a changing call is about. */
export function orderOfCall(call: Call, orderOfKey: (key: string) => string): string | null {
  if (call.method === 'GET') return null;
  if (isCreating(call)) return call.key === null ? null : orderOfKey(call.key);
  return /^\/(?:card\/charges|carrier\/orders|orders)\/([^/]+)\//.exec(call.path)?.[1] ?? null;
}

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
    const sendpoint = sent.sendpoint ?? numbered.get(sent.orderNumber ?? '');
    if (sendpoint && ids.has(sendpoint)) return sendpoint;
    const named = shown.filter(
      ({ gateway, otherPayments }) =>
        gateway.orderNumber === sent.orderNumber || otherPayments.some(each => each.orderNumber === sent.orderNumber),
    );
    return sent.orderNumber === null ? null : (named[0]?.orderId ?? null);
  }

  return shown.map(order => ({
    made: madeOf(order),
    calls: calls.get(order.orderId) ?? [],
    requests: requests.get(order.orderId) ?? [],
    deliveries: deliveries.get(order.orderId) ?? [],
    dueWork,
  }));
}
