import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { eventsOf, type OrderEvent } from '../orders/events.ts';
import type { Order } from '../orders/order.ts';
import { createBusClient, eventBus } from '../store/event-bus.ts';
import { fromItem, type Item, isOrderItem } from '../store/items.ts';
import { log, logError } from './log.ts';
import { readBusName } from './settings.ts';

type Publish = (events: readonly OrderEvent[]) => Promise<number>;

/**
 * Puts the changes of a batch on the bus, in their order. From the first record that fails on, the stream delivers
 * again, so an event comes at least once, and those of one order in order; a record that can never be read ends in
 * the stream's failure queue.
 */
export function publishHandler(publish: Publish = eventBus(createBusClient(), readBusName())) {
  return async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const { read, unreadable } = readAll(Records);
    const sent = await publish(read.map(({ event }) => event)).catch(notSent);
    const stopped = read[sent]?.record ?? unreadable;
    log({ event: 'publish', done: sent, failed: stopped ? 1 : 0 });
    return { batchItemFailures: stopped ? [{ itemIdentifier: stopped.dynamodb?.SequenceNumber ?? '' }] : [] };
  };
}

/** Nothing of the batch is known to have gone through. */
function notSent(error: unknown): number {
  logError(error);
  return 0;
}

interface Read {
  read: { record: DynamoDBRecord; event: OrderEvent }[];
  /** Where reading stopped: what follows must not overtake it. */
  unreadable: DynamoDBRecord | null;
}

function readAll(records: DynamoDBRecord[]): Read {
  const read: Read['read'] = [];
  for (const record of records) {
    try {
      read.push(...eventsIn(record).map(event => ({ record, event })));
    } catch (error) {
      logError(error);
      return { read, unreadable: record };
    }
  }
  return { read, unreadable: null };
}

function eventsIn({ dynamodb }: DynamoDBRecord): OrderEvent[] {
  const [before, after] = [orderOf(dynamodb?.OldImage), orderOf(dynamodb?.NewImage)];
  return after ? eventsOf(before, after) : [];
}

/** Stored cards live in the same table and are nobody's business. */
const orderOf = (image: unknown): Order | null =>
  image !== undefined && isOrderItem(image as Item) ? fromItem(image as Item) : null;
