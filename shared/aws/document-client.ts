import { ConditionalCheckFailedException, DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type Limits, limitCalls, optionsOf } from './limits.ts';

/** Short: a request of ours must not wait for the table longer than the gateway's response is good for. */
const tableLimits: Limits = { maxAttempts: 3, attemptMs: 3000 };

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
