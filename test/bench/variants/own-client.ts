import { createClient } from '../../../shared/aws/client.ts';
import type { DynamoDb } from '../../../shared/aws/operations.ts';
import { readAccess } from '../../../shared/lambda/settings.ts';
import type { Dynamo } from './floor.ts';

export function ownClient(): Dynamo {
  const call: DynamoDb = createClient('dynamodb', readAccess('DYNAMODB'), { maxAttempts: 3, timeoutMs: 3000 });
  return { put: input => call('PutItem', input), update: input => call('UpdateItem', input) };
}
