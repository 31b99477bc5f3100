/** The table's stream and the event bus: changes go to the function `publish` in batches, again until it took them. */
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Published } from '../../shared/aws/event-bus.ts';
import type { Item } from '../../shared/aws/items.ts';
import type { OrderEvent } from '../../shared/orders/events.ts';
import type { Change } from './dynamo-double.ts';
import { request } from './faulty-dynamo.ts';
import { type Deps, publish, timeoutOf } from './functions.ts';
import { type Invocation, invoke, Unavailable, type World } from './world.ts';

const batchSize = 100;

export function createStream(world: World, deps: (me: Invocation) => Deps) {
  let done = 0;
  let isRunning = false;

  /** One batch; how many of its records are dealt with. */
  async function publishBatch(batch: readonly Change[]): Promise<number> {
    const Records = batch.map((change, index) => toRecord(change, done + index));
    const tried = await invoke(world, 'publish', timeoutOf('publish'), me =>
      publish(deps(me))({ Records }).catch(notPublished),
    );
    if (tried.kind === 'failed') return 0;
    const [failed] = tried.value.batchItemFailures;
    return failed ? Number(failed.itemIdentifier) - done : batch.length;
  }

  return {
    async publishAll(): Promise<void> {
      if (isRunning) return;
      isRunning = true;
      const { changes } = world.dynamo;
      for (let tries = 0; done < changes.length && (world.isCalm || tries < 3); tries += 1) {
        done += await publishBatch(changes.slice(done, done + batchSize));
      }
      isRunning = false;
    },
  };
}

/** How `publish` hands a batch back whose first event the bus did not take. */
function notPublished(error: unknown): never {
  const isHandedBack = (error as Error).message === 'The first record of the batch could not be told.';
  throw isHandedBack ? new Unavailable('publish') : error;
}

const toRecord = ({ before, after }: Change, index: number): DynamoDBRecord =>
  ({
    dynamodb: {
      SequenceNumber: String(index),
      ...(before && { OldImage: imageOf(before) }),
      NewImage: imageOf(after),
    },
  }) as DynamoDBRecord;

/** An item is the new image of one change and the old one of the next. */
const images = new WeakMap<Item, object>();

function imageOf(item: Item): object {
  const image = images.get(item) ?? marshall(item);
  images.set(item, image);
  return image;
}

/** The bus takes events, or the first few of them, and its response may be lost. */
export const publishTo =
  (world: World, me: Invocation) =>
  async (events: readonly OrderEvent[]): Promise<Published> => {
    const isPart = !world.isCalm && world.policy.busTakesPart();
    if (isPart) world.policy.hits.add('bus takes a part');
    const taken = isPart ? Math.floor(events.length / 2) : events.length;
    const take = () => {
      for (const event of events.slice(0, taken)) world.recorder.add({ kind: 'published', event });
      return { left: events.slice(taken), code: taken < events.length ? 'ThrottlingException' : null };
    };
    try {
      return await request(world, me, 'publish', true, take);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      return { left: [...events], code: 'Unavailable' };
    }
  };
