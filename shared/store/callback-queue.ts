import type { Queues } from '../aws/operations.ts';

/** Calls that wait for a table that takes no writes. Durable when it returns. */
export function callbackQueue(queues: Queues, queueUrl: string) {
  return async (message: string): Promise<void> => {
    await queues('SendMessage', { QueueUrl: queueUrl, MessageBody: message });
  };
}
