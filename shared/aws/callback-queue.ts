import { SendMessageCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { type Limits, limitCalls, optionsOf } from './limits.ts';

/** When storing a callback was given up, 8 s are left: twice 3.5 s, and up to 1 s between them. */
const queueLimits: Limits = { maxAttempts: 2, attemptMs: 3500 };

/** Not to the host of the queue's URL, as the SDK does by default: a local run's endpoint is another. */
export const sqsClient = (limits = queueLimits, config: SQSClientConfig = {}): SQSClient =>
  limitCalls(new SQSClient({ ...optionsOf(limits), useQueueUrlAsEndpoint: false, ...config }), limits);

/**
 * Callbacks that wait for a table that takes no writes. Durable when it returns: the SDK compares the MD5 that the queue
 * computed with that of the message, and the queue gave the message an id.
 */
export const callbackQueue =
  (client: SQSClient, queueUrl: string) =>
  async (message: string): Promise<void> => {
    const { MessageId } = await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: message }));
    if (!MessageId) throw new Error('The queue did not confirm the message.');
  };
