import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** Calls that wait for a table that takes no writes. Durable when it returns. */
export function callbackQueue(client: SQSClient, queueUrl: string) {
  return async (message: string): Promise<void> => {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: message }));
  };
}

/** Twice 4 s is what the function has left when storing was given up. */
export const createQueueClient = (): SQSClient =>
  new SQSClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
    useQueueUrlAsEndpoint: false,
  });
