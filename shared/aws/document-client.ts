import { ConditionalCheckFailedException, DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type Limits, limitCalls, optionsOf } from './limits.ts';

/** Short: what a function does one after the other must fit into its time (test/infra/time-limits.test.ts). */
export const tableLimits: Limits = { maxAttempts: 3, attemptMs: 2000, callMs: 5000 };

/** Region, credentials and endpoint come from the environment, as the SDK reads it, unless `config` has them. */
export function documentClient(limits = tableLimits, config: DynamoDBClientConfig = {}): DynamoDBDocumentClient {
  const client = new DynamoDBClient({ ...optionsOf(limits), ...config });
  const translation = { marshallOptions: { removeUndefinedValues: true } };
  return limitCalls(DynamoDBDocumentClient.from(client, translation), limits);
}

/**
 * The item that a condition failed on, null where there is none; rethrows every other error. The request asks for it with
 * `ReturnValuesOnConditionCheckFailure: 'ALL_OLD'`, and even the document client leaves it as DynamoDB wrote it.
 */
export function itemInTheWay(error: unknown): Record<string, unknown> | null {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
  return error.Item ? unmarshall(error.Item) : null;
}
