import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { ACCOUNT, arnOf, REGION, urlOfQueue } from './intrinsics.ts';
import type { Invoke } from './lambda.ts';

/** The template's event source mapping of a queue. */
export interface QueueMapping {
  functionName: string;
  queueName: string;
  batchSize: number;
  /** The function names the messages that failed; otherwise a run that returns took all of them. */
  reportsFailures: boolean;
}

interface Received {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  Attributes: SQSRecord['attributes'];
}

/** Lambda polls without a pause; this one is too short to notice. */
const POLL_MS = 250;

/**
 * Runs a function on its queue, one batch at a time, until stopped. It asks in the function's name, so that the grants of the
 * function's role decide, as they do on AWS. What failed shows up again after the queue's visibility time-out.
 */
export function startQueueMapping(
  servicesUrl: string,
  mapping: QueueMapping,
  invoke: Invoke,
  pollMs = POLL_MS,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const follow = async () => {
    while (!stopping.signal.aborted) {
      const took = await takeBatch(servicesUrl, mapping, invoke).catch(() => 0);
      if (took === 0) await sleep(pollMs, null, { signal: stopping.signal }).catch(() => null);
    }
  };
  const followed = follow();
  return {
    stop: async () => {
      stopping.abort();
      await followed;
    },
  };
}

/** Receives a batch, runs the function on it, deletes what it took. Answers how many messages there were. */
export async function takeBatch(servicesUrl: string, mapping: QueueMapping, invoke: Invoke): Promise<number> {
  const { functionName, queueName, batchSize } = mapping;
  const ask = (operation: string, more: object) =>
    callQueue(servicesUrl, functionName, operation, { QueueUrl: urlOfQueue(queueName), ...more });
  const { Messages = [] } = (await ask('ReceiveMessage', { MaxNumberOfMessages: batchSize })) as {
    Messages?: Received[];
  };
  if (Messages.length === 0) return 0;
  const result = await invoke({ Records: Messages.map(message => toRecord(message, queueName)) });
  const failed = result.kind === 'failed' ? null : failuresIn(result.payload, mapping);
  for (const { MessageId, ReceiptHandle } of Messages) {
    if (failed !== null && !failed.has(MessageId)) await ask('DeleteMessage', { ReceiptHandle });
  }
  return Messages.length;
}

function failuresIn(payload: string, { reportsFailures }: QueueMapping): Set<string> {
  const { batchItemFailures = [] } = (JSON.parse(payload) ?? {}) as Partial<SQSBatchResponse>;
  return new Set(reportsFailures ? batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) : []);
}

function toRecord({ MessageId, ReceiptHandle, Body, MD5OfBody, Attributes }: Received, queueName: string): SQSRecord {
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: { ...Attributes, SenderId: ACCOUNT },
    messageAttributes: {},
    md5OfBody: MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: arnOf('AWS::SQS::Queue', queueName),
    awsRegion: REGION,
  };
}

/** A function's call of SQS, as its role allows it. */
export async function callQueue(servicesUrl: string, caller: string, operation: string, body: object): Promise<object> {
  const answer = await fetch(servicesUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${caller}/20260101/${REGION}/sqs/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${operation}: ${await answer.text()}`);
  return (await answer.json()) as object;
}
