import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping, type Function as LambdaFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

/** As many records as one run puts on the bus within its time, each of them with two events, even of a single order. */
const BATCH_SIZE = 100;
/**
 * Splitting does not count, so these are the runs that one record alone gets. Each waits 20 s for a bus that takes nothing,
 * ten minutes in all; a record that cannot be read fails at once and holds up its shard for no longer than Lambda's pauses.
 */
const RETRIES = 30;
/** The queue gets a pointer only, and the stream keeps the record for 24 h: half of that is left to whoever follows it. */
const MAX_AGE_HOURS = 12;

/**
 * Runs a function on every change of the table, from the oldest on, the changes of one item in their order. The grants are the
 * role's own: the construct for stream sources would add ones on every stream of the account.
 */
export function createStreamMapping(fn: LambdaFunction, table: TableV2, failures: Queue): void {
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

export function streamArnOf({ tableStreamArn }: TableV2): string {
  if (!tableStreamArn) throw new Error('the table has no stream');
  return tableStreamArn;
}
