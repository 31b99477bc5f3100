import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { RETRY_RUNS } from './concurrency.ts';

/** Six times the consumer's own 20 s, as Lambda asks for: a throttled batch is not delivered a second time. */
const RETRY_EVERY = Duration.minutes(2);
/** A day of retries. Of the 14 days 13 are left for an operator. */
const MAX_RECEIVES = (24 * 60) / RETRY_EVERY.toMinutes();
const KEPT = Duration.days(14);

/** Callbacks that were answered `successok` and wait to be stored, and the dead letters that an operator must look at. */
export function createCallbackQueue(scope: Construct): { callbackQueue: Queue; callbackDeadLetters: Queue } {
  const common = {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: KEPT,
    // They hold the only copy of a callback that was acknowledged.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  };
  const callbackDeadLetters = new Queue(scope, 'CallbackDeadLetters', common);
  const callbackQueue = new Queue(scope, 'CallbackQueue', {
    ...common,
    visibilityTimeout: RETRY_EVERY,
    deadLetterQueue: { queue: callbackDeadLetters, maxReceiveCount: MAX_RECEIVES },
  });
  return { callbackQueue, callbackDeadLetters };
}

/** Few at a time: a backlog must not take the account's concurrency from the charges. Only failed messages are retried. */
export function consumeQueue(fn: LambdaFunction, queue: IQueue): void {
  new EventSourceMapping(fn, 'Queue', {
    target: fn,
    eventSourceArn: queue.queueArn,
    batchSize: 10,
    maxConcurrency: RETRY_RUNS,
    reportBatchItemFailures: true,
  });
}
