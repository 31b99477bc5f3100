import { readCallbackQueueUrl } from '../settings.ts';

const queueUrl = readCallbackQueueUrl();

/** Needed only while the table takes no writes, so its client is loaded then. */
export async function queue(message: string): Promise<void> {
  const { callbackQueue, sqsClient } = await import('../../aws/callback-queue.ts');
  send ??= callbackQueue(sqsClient(), queueUrl);
  await send(message);
}
let send: ((message: string) => Promise<void>) | undefined;
