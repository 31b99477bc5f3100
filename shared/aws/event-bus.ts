import {
  EventBridgeClient,
  type EventBridgeClientConfig,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import type { OrderEvent } from '../orders/events.ts';
import { type Limits, limitCalls, optionsOf } from './limits.ts';

export const busLimits: Limits = { maxAttempts: 3, attemptMs: 5000 };

export const eventBridgeClient = (limits = busLimits, config: EventBridgeClientConfig = {}): EventBridgeClient =>
  limitCalls(new EventBridgeClient({ ...optionsOf(limits), ...config }), limits);

/** `left`: what the bus did not take, in its order, and why. */
export interface Published {
  left: OrderEvent[];
  code: string | null;
}

/** EventBridge takes so many in one request, and so many bytes. */
const maxEntries = 10;
const maxBytes = 256 * 1024;
const source = 'zeus.payments';

/**
 * Puts events on the bus, those of one order one after the other: it may take any part of a request, so no request holds
 * two of one order, and an order of which one was refused waits. A request that fails as a whole ends the attempt.
 */
export function eventBus(bus: EventBridgeClient, busName: string) {
  return async (events: readonly OrderEvent[]): Promise<Published> => {
    let left = [...events];
    let code: string | null = null;
    const held = new Set<string>();
    for (let request = nextRequest(left, held); request.length > 0; request = nextRequest(left, held)) {
      const refusals = await put(bus, request.map(toEntry(busName)));
      if (typeof refusals === 'string') return { left, code: refusals };
      const refused = request.filter((_, index) => refusals[index] !== null);
      for (const { orderId } of refused) held.add(orderId);
      code = refusals.find(each => each !== null) ?? code;
      left = left.filter(event => !request.includes(event) || refused.includes(event));
    }
    return { left, code };
  };
}

/** The next of every order that is not held, as far as one request goes; a single event that is too large goes alone. */
function nextRequest(left: readonly OrderEvent[], held: ReadonlySet<string>): OrderEvent[] {
  const request = new Map<string, OrderEvent>();
  let bytes = 0;
  for (const event of left) {
    if (held.has(event.orderId) || request.has(event.orderId)) continue;
    bytes += bytesOf(event);
    if (request.size === maxEntries || (request.size > 0 && bytes > maxBytes)) break;
    request.set(event.orderId, event);
  }
  return [...request.values()];
}

/** As EventBridge counts: the texts in UTF-8, and 14 for the time. */
const bytesOf = ({ type, detail }: OrderEvent): number =>
  Buffer.byteLength(source + type + JSON.stringify(detail)) + 14;

const toEntry =
  (busName: string) =>
  ({ type, at, detail }: OrderEvent): PutEventsRequestEntry => ({
    EventBusName: busName,
    Source: source,
    DetailType: type,
    Detail: JSON.stringify(detail),
    Time: at,
  });

/** For each entry why it was refused, null: it was taken; or why the request failed. */
async function put(bus: EventBridgeClient, entries: PutEventsRequestEntry[]): Promise<(string | null)[] | string> {
  try {
    const { Entries = [] } = await bus.send(new PutEventsCommand({ Entries: entries }));
    return entries.map((_, index) => (Entries[index]?.EventId ? null : (Entries[index]?.ErrorCode ?? 'unanswered')));
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown';
  }
}
