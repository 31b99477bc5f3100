import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { OrderEvent } from '../orders/events.ts';

/** EventBridge takes so many in one request. */
const batchSize = 10;

/** Puts events on the bus, in their order. Answers how many of the first went through before one did not. */
export function eventBus(client: EventBridgeClient, busName: string) {
  return async (events: readonly OrderEvent[]): Promise<number> => {
    for (let sent = 0; sent < events.length; sent += batchSize) {
      const entries = events.slice(sent, sent + batchSize).map(({ type, detail }) => ({
        EventBusName: busName,
        Source: 'zeus.payments',
        DetailType: type,
        Detail: JSON.stringify(detail),
        Time: new Date(String(detail.order.updatedAt)),
      }));
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: entries }));
      const failed = Entries.findIndex(({ ErrorCode }) => ErrorCode !== undefined);
      if (failed >= 0) return sent + failed;
    }
    return events.length;
  };
}

export const createBusClient = (): EventBridgeClient =>
  new EventBridgeClient({ maxAttempts: 3, requestHandler: { connectionTimeout: 1000, requestTimeout: 5000 } });
