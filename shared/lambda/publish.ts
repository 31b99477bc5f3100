import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Published } from '../aws/event-bus.ts';
import { fromItem, isOrderItem } from '../aws/items.ts';
import type { Order } from '../domain/order.ts';
import { eventsOf, type OrderEvent } from '../orders/events.ts';
import type { Clock } from '../orders/ports.ts';
import { persist } from '../orders/write.ts';
import { log, logError } from './log.ts';

export interface PublishDeps extends Clock {
  publish(events: readonly OrderEvent[]): Promise<Published>;
}

/**
 * Puts the changes of a batch on the bus, those of one order in their order, for about 20 s. From the first record that did not get
 * there the stream delivers again: every event comes at least once. A batch whose first record did not get there fails as a
 * whole, because then alone the stream splits it, down to a record that can never be told and ends in the failure queue.
 */
export function publishHandler(deps: PublishDeps) {
  return async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const { events, unreadable } = readAll(Records);
    const { left, code } = await publishAll(deps, [...events.keys()]);
    const stopped = (left[0] && events.get(left[0])) ?? unreadable;
    log({ event: 'publish', done: events.size - left.length, failed: left.length + (unreadable ? 1 : 0), code });
    if (!stopped) return { batchItemFailures: [] };
    if (stopped === Records[0]) throw new Error('The first record of the batch could not be told.');
    return { batchItemFailures: [{ itemIdentifier: stopped.dynamodb?.SequenceNumber ?? '' }] };
  };
}

/** What is left when time is over. */
async function publishAll(deps: PublishDeps, events: OrderEvent[]): Promise<Published> {
  let published: Published = { left: events, code: null };
  const publishLeft = async () => {
    published = await deps.publish(published.left);
    if (published.left.length > 0) throw new Error('The bus did not take all.');
  };
  await persist(deps, publishLeft).catch(logError);
  return published;
}

interface Read {
  /** In the order of their records. */
  events: Map<OrderEvent, DynamoDBRecord>;
  /** Where reading stopped: what follows must not overtake it. */
  unreadable: DynamoDBRecord | null;
}

function readAll(records: DynamoDBRecord[]): Read {
  const events: Read['events'] = new Map();
  for (const record of records) {
    try {
      for (const event of eventsIn(record)) events.set(event, record);
    } catch (error) {
      logError(error);
      return { events, unreadable: record };
    }
  }
  return { events, unreadable: null };
}

function eventsIn({ dynamodb }: DynamoDBRecord): OrderEvent[] {
  const [before, after] = [orderOf(dynamodb?.OldImage), orderOf(dynamodb?.NewImage)];
  return after ? eventsOf(before, after) : [];
}

/** Stored cards and pointers live in the same table: nothing is published about them. */
function orderOf(image: Record<string, AttributeValue> | undefined): Order | null {
  const item = image ? unmarshall(image as Parameters<typeof unmarshall>[0]) : null;
  return item && isOrderItem(item) ? fromItem(item) : null;
}
