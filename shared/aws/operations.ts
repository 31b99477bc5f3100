/** The operations that the functions use; their shapes are the SDK's types, which leave no code behind. */
import type {
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  GetItemCommandInput,
  GetItemCommandOutput,
  PutItemCommandInput,
  PutItemCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { PutEventsCommandOutput, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { GetSecretValueCommandInput, GetSecretValueCommandOutput } from '@aws-sdk/client-secrets-manager';
import type { SendMessageCommandInput, SendMessageCommandOutput } from '@aws-sdk/client-sqs';
import type { Call } from './client.ts';

/** No item of ours holds bytes, the one type that JSON would change. */
export type DynamoDb = Call<{
  BatchGetItem: { input: BatchGetItemCommandInput; output: BatchGetItemCommandOutput };
  GetItem: { input: GetItemCommandInput; output: GetItemCommandOutput };
  PutItem: { input: PutItemCommandInput; output: PutItemCommandOutput };
  Query: { input: QueryCommandInput; output: QueryCommandOutput };
  UpdateItem: { input: UpdateItemCommandInput; output: UpdateItemCommandOutput };
}>;

/** Seconds since 1970 on the wire. */
export type EventEntry = Omit<PutEventsRequestEntry, 'Time'> & { Time: number };

export type Events = Call<{ PutEvents: { input: { Entries: EventEntry[] }; output: PutEventsCommandOutput } }>;

export type Secrets = Call<{
  GetSecretValue: { input: GetSecretValueCommandInput; output: GetSecretValueCommandOutput };
}>;

export type Queues = Call<{ SendMessage: { input: SendMessageCommandInput; output: SendMessageCommandOutput } }>;
