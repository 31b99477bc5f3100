import { after } from 'node:test';
import { DeleteItemCommand, DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { createTable, ordersTable as definition, startDynamoDb } from '../../infra/local/dynamodb.ts';
import { type Item, keyOf } from '../../shared/store/items.ts';
import { ordersTable } from '../../shared/store/orders-table.ts';

export const tableName = 'orders';

/** A client that fails at once where nobody listens, unless `maxAttempts` says otherwise. */
export const clientOf = (endpoint: string, maxAttempts = 1): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    maxAttempts,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

/** The orders of nobody: every request fails. Port 9 takes no connections. */
export const brokenStore = () => ordersTable(clientOf('http://127.0.0.1:9'), tableName);

/** An engine with an empty table of our shape, for one test file. */
export async function startTable() {
  const engine = await startDynamoDb({ port: 0 });
  await createTable(engine.endpoint, definition(tableName));
  const client = clientOf(engine.endpoint);
  after(() => engine.stop());
  return { client, endpoint: engine.endpoint, store: ordersTable(client, tableName), ...readersOf(client) };
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
