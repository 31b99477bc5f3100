import { createHash } from 'node:crypto';
import type { Queues } from './operations.ts';

/** Calls that wait for a table that takes no writes. Durable when it returns: the queue has said what it took. */
export function callbackQueue(queues: Queues, queueUrl: string) {
  return async (message: string): Promise<void> => {
    const { MessageId, MD5OfMessageBody } = await queues('SendMessage', { QueueUrl: queueUrl, MessageBody: message });
    const isTaken = MessageId !== undefined && MD5OfMessageBody === createHash('md5').update(message).digest('hex');
    if (!isTaken) throw new Error('The queue did not confirm the message.');
  };
}
