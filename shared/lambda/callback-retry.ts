import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Applied } from '../orders/apply-callback.ts';
import { fromMessage } from '../orders/keep-callback.ts';
import type { Notice } from '../zeus/callbacks/callback.ts';
import { logApplied } from './callback.ts';
import { logError } from './log.ts';
import { within } from './wiring.ts';

/** Less than the function's own limit, so that the calls that were stored are not tried with those that were not. */
const patience = 15_000;

/** Applies calls that waited; those that cannot be stored this time either go on waiting. `cameInAt`: when the gateway called. */
export function callbackRetryHandler(apply: (notice: Notice, cameInAt: Date) => Promise<Applied>) {
  const tryRecord = async ({ body, attributes }: SQSRecord) => {
    const notice = fromMessage(body);
    logApplied(notice, await within(patience, apply(notice, new Date(Number(attributes.SentTimestamp)))));
  };
  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const tried = await Promise.allSettled(Records.map(tryRecord));
    for (const each of tried) if (each.status === 'rejected') logError(each.reason);
    const failed = Records.filter((_, index) => tried[index]?.status === 'rejected');
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}
