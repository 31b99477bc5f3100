import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createTable, ordersTable, startDynamoDb } from '../../local/dynamodb.ts';
import { startEventBus } from '../../local/event-bus.ts';
import { startGuard } from '../../local/guard.ts';
import { arnOf } from '../../local/intrinsics.ts';
import { startSecrets } from '../../local/secrets.ts';
import { indexes, tableKey } from '../../shared/aws/indexes.ts';
import { accessTo } from '../support/aws.ts';

const [dynamodb, secrets, eventBus] = await Promise.all([
  startDynamoDb({ port: 0 }),
  startSecrets({ payments: {} }),
  startEventBus(),
]);
await createTable(dynamodb.endpoint, ordersTable('Table'));

const table = arnOf('AWS::DynamoDB::GlobalTable', 'Table');
const [index, otherIndex] = indexes;
const grants = new Map([
  [
    'reader',
    [
      { action: 'dynamodb:GetItem', resource: table },
      { action: 'dynamodb:Query', resource: `${table}/index/${index.name}` },
      { action: 'secretsmanager:GetSecretValue', resource: 'payments' },
      { action: 'events:PutEvents', resource: arnOf('AWS::Events::EventBus', 'Bus') },
    ],
  ],
]);
const complaints: string[] = [];
const services = {
  dynamodb: dynamodb.endpoint,
  eventBridge: eventBus.endpoint,
  secretsManager: secrets.endpoint,
  sqs: 'http://127.0.0.1:9',
};
const guard = await startGuard(grants, services, line => complaints.push(line));
after(() => Promise.all([guard.close(), secrets.stop(), eventBus.stop(), dynamodb.stop()]));

const configOf = (name: string) => ({
  ...accessTo(guard.url, name),
  endpoint: guard.url,
  maxAttempts: 1,
});
const reader = new DynamoDBClient(configOf('reader'));
const Key = { [tableKey]: { S: 'order#a' } };
const queryOf = ({ name, partitionKey }: (typeof indexes)[number]) =>
  new QueryCommand({
    TableName: 'Table',
    IndexName: name,
    KeyConditionExpression: `${partitionKey} = :p`,
    ExpressionAttributeValues: { ':p': { S: 'a' } },
  });
const denied = { name: 'AccessDeniedException' };

test('what is granted reaches the service', async () => {
  const { Item } = await reader.send(new GetItemCommand({ TableName: 'Table', Key }));
  assert.equal(Item, undefined);
  assert.equal((await reader.send(queryOf(index))).Count, 0);
  const secret = await new SecretsManagerClient(configOf('reader')).send(
    new GetSecretValueCommand({ SecretId: 'payments' }),
  );
  assert.ok(secret.SecretString);
  assert.deepEqual(complaints, []);
});

test('another action, another index, the table in place of its index, another secret: denied', async () => {
  await assert.rejects(reader.send(new PutItemCommand({ TableName: 'Table', Item: Key })), denied);
  await assert.rejects(reader.send(queryOf(otherIndex)), denied);
  const onTable = {
    TableName: 'Table',
    KeyConditionExpression: `${tableKey} = :p`,
    ExpressionAttributeValues: { ':p': { S: 'a' } },
  };
  await assert.rejects(reader.send(new QueryCommand(onTable)), denied);
  await assert.rejects(reader.send(new BatchGetItemCommand({ RequestItems: { Table: { Keys: [Key] } } })), denied);
  const other = new GetSecretValueCommand({ SecretId: 'other' });
  await assert.rejects(new SecretsManagerClient(configOf('reader')).send(other), denied);
  assert.equal(complaints.at(-1), 'reader is not authorized to perform secretsmanager:GetSecretValue on other');
});

test('events go to the granted bus alone', async () => {
  const bus = new EventBridgeClient(configOf('reader'));
  const entryFor = (EventBusName?: string) => ({ EventBusName, Source: 's', DetailType: 't', Detail: '{}' });
  const sent = await bus.send(new PutEventsCommand({ Entries: [entryFor('Bus')] }));
  assert.equal(sent.FailedEntryCount, 0);
  for (const name of ['Other', undefined]) {
    await assert.rejects(bus.send(new PutEventsCommand({ Entries: [entryFor('Bus'), entryFor(name)] })), denied);
  }
  assert.equal(eventBus.events.length, 1);
});

test('who is not known may do nothing', async () => {
  const stranger = new DynamoDBClient(configOf('stranger'));
  await assert.rejects(stranger.send(new GetItemCommand({ TableName: 'Table', Key })), denied);
});
