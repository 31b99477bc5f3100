import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Dynamo } from './floor.ts';

export function sdkClient(): Dynamo {
  const client = new DynamoDBClient({});
  return {
    put: input => client.send(new PutItemCommand(input)),
    update: input => client.send(new UpdateItemCommand(input)),
  };
}
