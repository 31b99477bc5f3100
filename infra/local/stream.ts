import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Grant } from './guard.ts';
import type { Invoke } from './lambda.ts';
import { type DeliveryRules, deliver } from './stream-delivery.ts';
import { streamReader } from './stream-reader.ts';

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

/** Records that were given up: on AWS, a pointer to them lies in the failure queue. */
export interface GivenUp {
  queue: string;
  records: DynamoDBRecord[];
}

export interface RunningStream {
  givenUp: readonly GivenUp[];
  /** Resolves when everything that was written before has been delivered or given up. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** What Lambda asks of the function's role: without the first four it refuses the mapping. */
export function neededForStream({ streamArn, failureQueue }: StreamMapping): Grant[] {
  const onStream = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
  return [
    ...onStream.map(operation => ({ action: `dynamodb:${operation}`, resource: streamArn })),
    { action: 'sqs:SendMessage', resource: failureQueue },
  ];
}

/** Lambda asks a stream four times a second; somebody at a screen waits for this one. */
const POLL_MS = 100;
/** Lambda's own pauses are written down nowhere. */
const RETRY_PAUSE_MS = 100;

/** Runs a function on the stream of its table, one batch at a time, from its oldest record on, also after a restart. */
export function startStream(
  endpoint: string,
  mapping: StreamMapping,
  invoke: Invoke,
  { complain, retryPauseMs = RETRY_PAUSE_MS }: { complain: (line: string) => void; retryPauseMs?: number },
): RunningStream {
  const givenUp: GivenUp[] = [];
  const stopping = new AbortController();
  const isStopped = () => stopping.signal.aborted;
  const pause = (ms: number) => sleep(ms, null, { signal: stopping.signal }).catch(() => null);
  const giveUp = (records: DynamoDBRecord[]) => {
    givenUp.push({ queue: mapping.failureQueue, records });
    const numbers = records.map(record => record.dynamodb?.SequenceNumber).join(', ');
    complain(`${mapping.functionName} was given up on stream records ${numbers}`);
  };
  const delivery = {
    rules: mapping,
    invoke,
    giveUp,
    pause: () => pause(retryPauseMs),
    now: Date.now,
    isStopped,
  };
  const read = streamReader(endpoint, mapping, stopping.signal);
  let asking: (() => void)[] = [];

  const follow = async () => {
    while (!isStopped()) {
      const before = asking;
      asking = [];
      const records = await read().catch(() => null);
      if (records?.length) await deliver(delivery, records);
      // A round answers whoever asked before it began, and only one that found nothing.
      if (records?.length === 0) for (const done of before) done();
      else asking.push(...before);
      if (!records?.length) await pause(POLL_MS);
    }
  };
  const followed = follow();
  return {
    givenUp,
    caughtUp: () => new Promise(done => asking.push(done)),
    stop: async () => {
      stopping.abort();
      await followed;
    },
  };
}
