import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import type { Invoke } from './lambda.ts';

/** What the template's mapping says of records that a function does not take. */
export interface DeliveryRules {
  bisect: boolean;
  retryAttempts: number;
  maxRecordAgeSeconds: number;
  /** The function names the first record that failed. */
  reportsFailures: boolean;
}

export interface Delivery {
  rules: DeliveryRules;
  invoke: Invoke;
  /** Hears of the batches that are given up. */
  giveUp: (records: DynamoDBRecord[], reason: GiveUpReason) => Promise<unknown>;
  /** Before a batch is repeated. */
  pause: () => Promise<unknown>;
  now: () => number;
  /** Nothing more is wanted. */
  isStopped: () => boolean;
}

export type GiveUpReason = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

interface Batch {
  records: DynamoDBRecord[];
  /** Runs that repeated it; those of a larger batch that it was split from do not count. */
  attempts: number;
}

/**
 * Delivers records as Lambda does: in order, nothing before what is ahead of it is taken or given up. A failed batch is split in
 * two, down to one record, which is repeated until it is given up. What follows a reported success is a batch of its own; whether
 * Lambda splits one whose first record is reported its manual leaves open, so that one is repeated as it is.
 */
export async function deliver(delivery: Delivery, records: DynamoDBRecord[]): Promise<void> {
  const { rules, giveUp, pause, now } = delivery;
  // From here and not from the write on: a folder that was kept is older than any rule, and a laptop sleeps.
  const tooOldAt = now() + rules.maxRecordAgeSeconds * 1000;
  const waiting: Batch[] = [{ records, attempts: 0 }];
  for (let batch = waiting.shift(); batch && !delivery.isStopped(); batch = waiting.shift()) {
    const taken = await run(delivery, batch.records);
    if (taken === batch.records.length) continue;
    if (taken !== null && taken > 0) waiting.unshift({ records: batch.records.slice(taken), attempts: 0 });
    else if (now() > tooOldAt) await giveUp(batch.records, 'RecordAgeExceeded');
    else if (taken === null && rules.bisect && batch.records.length > 1) waiting.unshift(...halves(batch.records));
    else if (batch.attempts >= rules.retryAttempts) await giveUp(batch.records, 'RetryAttemptsExhausted');
    else {
      await pause();
      waiting.unshift({ ...batch, attempts: batch.attempts + 1 });
    }
  }
}

/** How many of the first records were taken; null: the run as a whole failed. */
async function run({ invoke, rules }: Delivery, Records: DynamoDBRecord[]): Promise<number | null> {
  const result = await invoke({ Records });
  if (result.kind === 'failed') return null;
  const answer = JSON.parse(result.payload) as DynamoDBBatchResponse | null;
  if (!rules.reportsFailures || !answer?.batchItemFailures?.length) return Records.length;
  const failed = answer.batchItemFailures.map(({ itemIdentifier }) =>
    Records.findIndex(record => record.dynamodb?.SequenceNumber === itemIdentifier),
  );
  const first = Math.min(...failed);
  return first < 0 ? null : first;
}

function halves(records: DynamoDBRecord[]): Batch[] {
  const middle = Math.ceil(records.length / 2);
  return [records.slice(0, middle), records.slice(middle)].map(half => ({ records: half, attempts: 0 }));
}
