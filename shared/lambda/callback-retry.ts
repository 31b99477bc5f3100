import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type CallbackFunctionDeps, fromMessage, logStored, storeReceived } from './callback.ts';
import { logError } from './log.ts';

/** Less than the function's own limit, so that the callbacks that were stored are not tried with those that were not. */
export const storeWithin = 15_000;

/** Stores callbacks that waited; those that cannot be stored this time either go on waiting. */
export function callbackRetryHandler(deps: CallbackFunctionDeps) {
  const tryRecord = async ({ body, attributes }: SQSRecord) => {
    const received = fromMessage(body);
    const cameInAt = new Date(Number(attributes.SentTimestamp));
    logStored(received, await deps.within(storeWithin, storeReceived(deps, received, cameInAt)));
  };
  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const tried = await Promise.allSettled(Records.map(tryRecord));
    for (const each of tried) if (each.status === 'rejected') logError(each.reason);
    const failed = Records.filter((_, index) => tried[index]?.status === 'rejected');
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}
