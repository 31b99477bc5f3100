import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, type Function as LambdaFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { PaymentsTable } from './table.ts';

/** As many records as one run publishes within its time, with two events each, even of a single order. */
const BATCH_SIZE = 100;
/**
 * Runs of one record alone: splitting a batch does not count. Each retries a bus that fails for 20 s, ten minutes in all.
 * A record that cannot be read fails at once, so it blocks its shard only for Lambda's pauses.
 */
const RETRIES = 30;
/** The failure queue gets a pointer only, and the stream keeps the record for 24 h: 12 h are left to follow it. */
const MAX_AGE_HOURS = 12;

/**
 * Runs a function on every change of the table, from the oldest on, the changes of one item in their order. The grants are the
 * role's own: the construct for stream sources would add ones on every stream of the account.
 */
export function createStreamMapping(fn: LambdaFunction, table: PaymentsTable, failures: Queue): void {
  new EventSourceMapping(fn, 'Stream', {
    target: fn,
    eventSourceArn: streamArnOf(table),
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: BATCH_SIZE,
    bisectBatchOnError: true,
    retryAttempts: RETRIES,
    maxRecordAge: Duration.hours(MAX_AGE_HOURS),
    parallelizationFactor: 1,
    reportBatchItemFailures: true,
    onFailure: { bind: () => ({ destination: failures.queueArn }) },
  });
}

export function streamArnOf({ tableStreamArn }: PaymentsTable): string {
  if (!tableStreamArn) throw new Error('the table has no stream');
  return tableStreamArn;
}
