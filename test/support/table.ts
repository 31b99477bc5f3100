import { after } from 'node:test';
import { DeleteItemCommand, DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { createTable, ordersTable as definition, startDynamoDb } from '../../local/dynamodb.ts';
import { createClient } from '../../shared/aws/client.ts';
import { type Item, keyOf } from '../../shared/aws/items.ts';
import type { DynamoDb } from '../../shared/aws/operations.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { accessTo } from './aws.ts';

export const tableName = 'orders';

/** The functions' own client. It fails at once where nobody listens, unless `maxAttempts` says otherwise. */
export const dynamoOf = (endpoint: string, maxAttempts = 1): DynamoDb =>
  createClient('dynamodb', accessTo(endpoint), { maxAttempts, timeoutMs: 3000 });

/** The SDK's, to look at the table and set it up by other means than the functions' own. */
export const clientOf = (endpoint: string): DynamoDBClient => new DynamoDBClient({ ...accessTo(endpoint), endpoint });

/** The orders of nobody: every request fails. Port 9 takes no connections. */
export const brokenStore = () => ordersTable(dynamoOf('http://127.0.0.1:9'), tableName);

/** An engine with an empty table of our shape, for one test file. */
export async function startTable() {
  const engine = await startDynamoDb({ port: 0 });
  await createTable(engine.endpoint, definition(tableName));
  const client = clientOf(engine.endpoint);
  const dynamo = dynamoOf(engine.endpoint);
  after(() => engine.stop());
  return { client, dynamo, endpoint: engine.endpoint, store: ordersTable(dynamo, tableName), ...readersOf(client) };
}

/** Empties the table between tests that count. */
export async function clearTable(client: DynamoDBClient): Promise<void> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }));
  for (const { pk } of Items) {
    if (pk) await client.send(new DeleteItemCommand({ TableName: tableName, Key: { pk } }));
  }
}

/** What lies in the table, as DynamoDB writes it. */
export function readersOf(client: DynamoDBClient) {
  return {
    async itemOf(orderId: string): Promise<Item | undefined> {
      const { Item: item } = await client.send(new GetItemCommand({ TableName: tableName, Key: keyOf(orderId) }));
      return item;
    },
    async cardOf(cardId: string): Promise<Item | undefined> {
      const Key = { pk: { S: `card#${cardId}` } };
      return (await client.send(new GetItemCommand({ TableName: tableName, Key }))).Item;
    },
    async items(): Promise<Item[]> {
      return (await client.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }))).Items ?? [];
    },
  };
}
