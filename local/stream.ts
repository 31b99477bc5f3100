import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Grant } from './guard.ts';
import { arnOf, logicalIdOf, urlOfQueue } from './intrinsics.ts';
import type { Invoke } from './lambda.ts';
import { callQueue } from './queue-mapping.ts';
import { type DeliveryRules, deliver, type GiveUpReason } from './stream-delivery.ts';
import { type ShardRecords, streamReader } from './stream-reader.ts';

/** The template's event source mapping of a table's stream. */
export interface StreamMapping extends DeliveryRules {
  functionName: string;
  tableName: string;
  /** What the template calls the stream, and grants name. */
  streamArn: string;
  batchSize: number;
  /** ARN of the queue that hears of what is given up. */
  failureQueue: string;
}

/** Where a stream is read, where the queues are, and what runs on it. */
export interface StreamPlaces {
  dynamodb: string;
  servicesUrl: string;
  invoke: Invoke;
  complain: (line: string) => void;
  retryPauseMs?: number;
}

export interface RunningStream {
  /** Resolves when everything that was written before has been delivered or given up. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** What Lambda asks of the function's role before it accepts the mapping. */
export function neededForStream({ streamArn, failureQueue }: StreamMapping): Grant[] {
  const onStream = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
  return [
    ...onStream.map(operation => ({ action: `dynamodb:${operation}`, resource: streamArn })),
    { action: 'sqs:SendMessage', resource: failureQueue },
  ];
}

/** Lambda polls a stream four times a second; a shorter pause makes pages follow sooner. */
const POLL_MS = 100;
/** Lambda's own pauses are written down nowhere. */
const RETRY_PAUSE_MS = 100;

/** Runs a function on the stream of its table, one batch at a time, from its oldest record on, also after a restart. */
export function startStream(mapping: StreamMapping, places: StreamPlaces): RunningStream {
  const { dynamodb, invoke, retryPauseMs = RETRY_PAUSE_MS } = places;
  const stopping = new AbortController();
  const isStopped = () => stopping.signal.aborted;
  const pause = (ms: number) => sleep(ms, null, { signal: stopping.signal }).catch(() => null);
  const read = streamReader(dynamodb, mapping, stopping.signal);
  let asking: (() => void)[] = [];

  const deliverAll = ({ shardId, records }: ShardRecords) => {
    const giveUp = (given: DynamoDBRecord[], reason: GiveUpReason) =>
      tellFailureQueue(mapping, places, { shardId, records: given, reason });
    return deliver(
      { rules: mapping, invoke, giveUp, pause: () => pause(retryPauseMs), now: Date.now, isStopped },
      records,
    );
  };
  const follow = async () => {
    while (!isStopped()) {
      const before = asking;
      asking = [];
      const found = await read().catch(() => 'no answer' as const);
      // A round resolves the waits that began before it, and only if it found nothing.
      if (found === null) for (const done of before) done();
      else asking.push(...before);
      if (found === null || found === 'no answer') await pause(POLL_MS);
      else await deliverAll(found);
    }
  };
  const followed = follow();
  return {
    caughtUp: () => new Promise(done => asking.push(done)),
    stop: async () => {
      stopping.abort();
      await followed;
    },
  };
}

/** Lambda sends a pointer, never the records themselves. */
async function tellFailureQueue(
  { functionName, streamArn, failureQueue }: StreamMapping,
  { servicesUrl, complain }: StreamPlaces,
  { shardId, records, reason }: ShardRecords & { reason: GiveUpReason },
): Promise<void> {
  const [first, last] = [records[0]?.dynamodb, records.at(-1)?.dynamodb];
  const time = (seconds = 0) => new Date(seconds * 1000).toISOString();
  const pointer = {
    requestContext: {
      requestId: randomUUID(),
      functionArn: arnOf('AWS::Lambda::Function', functionName),
      condition: reason,
    },
    version: '1.0',
    timestamp: new Date().toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.SequenceNumber,
      endSequenceNumber: last?.SequenceNumber,
      approximateArrivalOfFirstRecord: time(first?.ApproximateCreationDateTime),
      approximateArrivalOfLastRecord: time(last?.ApproximateCreationDateTime),
      batchSize: records.length,
      streamArn,
    },
  };
  complain(`${functionName} gave up ${records.length} of its stream's records, from ${first?.SequenceNumber} on`);
  const message = { QueueUrl: urlOfQueue(logicalIdOf(failureQueue)), MessageBody: JSON.stringify(pointer) };
  await callQueue(servicesUrl, functionName, 'SendMessage', message).catch(error => complain(String(error)));
}
