import type { AttributeValue, DynamoDBRecord, StreamRecord } from 'aws-lambda';
import { callDynamoDb } from './dynamodb.ts';
import { REGION } from './intrinsics.ts';

interface Shard {
  id: string;
  parent: string | null;
  /** Undefined: to be asked for. Null: the shard was read to its end. */
  iterator: string | null | undefined;
  lastRead: string | null;
}

/** Records of one shard, in their order. */
export interface ShardRecords {
  shardId: string;
  records: DynamoDBRecord[];
}

/** New shards are looked for once in so many rounds, and when one has ended. */
const ROUNDS_PER_LOOK = 20;

/**
 * Reads a table's stream from its oldest record on: each call answers the next records of one shard, at most a batch; null: there
 * are no more at present. A shard is read when the one that it came from has been. Throws when the engine does not answer; the
 * next call goes on where this one stood.
 */
export function streamReader(
  endpoint: string,
  { tableName, batchSize, streamArn }: { tableName: string; batchSize: number; streamArn: string },
  signal: AbortSignal,
): () => Promise<ShardRecords | null> {
  const shards = new Map<string, Shard>();
  let engineArn: string | undefined;
  let round = 0;

  const onStream = <T>(operation: string, body: object) =>
    call<T>(endpoint, `DynamoDBStreams_20120810.${operation}`, body, signal);

  async function lookForShards(): Promise<void> {
    engineArn ??= await findStream(endpoint, tableName, signal);
    for (let last: string | undefined, isFirst = true; isFirst || last !== undefined; isFirst = false) {
      const { StreamDescription } = await onStream<Description>('DescribeStream', {
        StreamArn: engineArn,
        ...(last !== undefined && { ExclusiveStartShardId: last }),
      });
      for (const { ShardId, ParentShardId = null } of StreamDescription.Shards) {
        if (!shards.has(ShardId)) {
          shards.set(ShardId, { id: ShardId, parent: ParentShardId, iterator: undefined, lastRead: null });
        }
      }
      last = StreamDescription.LastEvaluatedShardId;
    }
  }

  async function iteratorOf({ id, lastRead }: Shard): Promise<string> {
    const from = lastRead
      ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: lastRead }
      : { ShardIteratorType: 'TRIM_HORIZON' };
    const request = { StreamArn: engineArn, ShardId: id, ...from };
    return (await onStream<{ ShardIterator: string }>('GetShardIterator', request)).ShardIterator;
  }

  async function readShard(shard: Shard): Promise<DynamoDBRecord[]> {
    const iterator = shard.iterator ?? (await iteratorOf(shard));
    // One that has expired must not be used again.
    shard.iterator = undefined;
    const { Records, NextShardIterator } = await onStream<Read>('GetRecords', {
      ShardIterator: iterator,
      Limit: batchSize,
    });
    shard.iterator = NextShardIterator ?? null;
    if (shard.iterator === null) round = 0;
    shard.lastRead = Records.at(-1)?.dynamodb?.SequenceNumber ?? shard.lastRead;
    return Records.map(({ dynamodb = {}, ...record }) => ({
      ...record,
      awsRegion: REGION,
      dynamodb: mended(dynamodb),
      eventSourceARN: streamArn,
    }));
  }

  const mayBeRead = ({ iterator, parent }: Shard) =>
    iterator !== null && (parent === null || !shards.has(parent) || shards.get(parent)?.iterator === null);

  return async function next(): Promise<ShardRecords | null> {
    if (round % ROUNDS_PER_LOOK === 0) await lookForShards();
    round += 1;
    for (const shard of [...shards.values()].filter(mayBeRead)) {
      const records = await readShard(shard);
      if (records.length > 0) return { shardId: shard.id, records };
    }
    // A shard ended just now: another may follow it.
    return round === 0 ? next() : null;
  };
}

interface Description {
  StreamDescription: { Shards: { ShardId: string; ParentShardId?: string }[]; LastEvaluatedShardId?: string };
}
interface Read {
  Records: DynamoDBRecord[];
  NextShardIterator?: string;
}

async function findStream(endpoint: string, TableName: string, signal: AbortSignal): Promise<string> {
  const target = 'DynamoDB_20120810.DescribeTable';
  const { Table } = await call<{ Table: { LatestStreamArn?: string } }>(endpoint, target, { TableName }, signal);
  if (!Table.LatestStreamArn) throw new Error(`the table ${TableName} has no stream`);
  return Table.LatestStreamArn;
}

async function call<T>(endpoint: string, target: string, body: object, signal: AbortSignal): Promise<T> {
  const answer = await callDynamoDb(endpoint, target, body, signal);
  if (!answer.ok) throw new Error(`${target}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** DynamoDB Local's streams write an empty map as `{}`, without its type. */
function mended({ NewImage, OldImage, ...rest }: StreamRecord): StreamRecord {
  return {
    ...rest,
    ...(NewImage && { NewImage: eachMended(NewImage) }),
    ...(OldImage && { OldImage: eachMended(OldImage) }),
  };
}

function eachMended(values: Record<string, AttributeValue>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, mendedValue(value)]));
}

function mendedValue(value: AttributeValue): AttributeValue {
  if (Object.keys(value).length === 0) return { M: {} };
  if (value.M) return { M: eachMended(value.M) };
  return value.L ? { L: value.L.map(mendedValue) } : value;
}
