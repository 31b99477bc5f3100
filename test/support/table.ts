import { after } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createTable, ordersTable as definition, startDynamoDb } from '../../local/dynamodb.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { type Item, keyOf } from '../../shared/aws/items.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { accessTo } from './aws.ts';

export const tableName = 'orders';

/** The functions' own client. It fails at once where nobody listens, unless `maxAttempts` says otherwise. */
export const dynamoOf = (endpoint: string, maxAttempts = 1): DynamoDBDocumentClient =>
  documentClient({ maxAttempts, attemptMs: 3000 }, accessTo(endpoint));

/** A client whose every request goes through `around`, which sends it on, or not, or twice. */
export function interceptedBy(
  client: DynamoDBDocumentClient,
  around: (command: { input: object }, send: () => Promise<unknown>) => Promise<unknown>,
): DynamoDBDocumentClient {
  const send = (command: { input: object }) => around(command, () => client.send(command as never));
  return Object.assign(Object.create(client), { send });
}

/** The SDK's own, to look at the table and set it up by other means than the functions' own. */
export const clientOf = (endpoint: string): DynamoDBClient => new DynamoDBClient(accessTo(endpoint));

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
  for (const { pk } of await readersOf(client).items()) {
    await DynamoDBDocumentClient.from(client).send(new DeleteCommand({ TableName: tableName, Key: { pk } }));
  }
}

/** What lies in the table. */
export function readersOf(client: DynamoDBClient) {
  const documents = DynamoDBDocumentClient.from(client);
  const itemAt = async (key: Item): Promise<Item | undefined> =>
    (await documents.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }))).Item;
  return {
    itemOf: (orderId: string) => itemAt(keyOf(orderId)),
    cardOf: (cardId: string) => itemAt({ pk: `card#${cardId}` }),
    async items(): Promise<Item[]> {
      return (await documents.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }))).Items ?? [];
    },
  };
}
