import { after } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  type BatchWriteCommandInput,
  DynamoDBDocumentClient,
  GetCommand,
  paginateScan,
} from '@aws-sdk/lib-dynamodb';
import { createTable, ordersTable as definition, startDynamoDb } from '../../local/dynamodb.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { type Item, keyOf } from '../../shared/aws/items.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { accessTo } from './aws.ts';
import { inParallel } from './in-parallel.ts';

export const tableName = 'orders';

/** Longer than a busy machine takes to connect and to answer. */
const attemptMs = 60_000;

/** The functions' own client, but patient. It fails at once where nothing listens, unless `maxAttempts` says otherwise. */
export const dynamoOf = (endpoint: string, maxAttempts = 1): DynamoDBDocumentClient =>
  documentClient(
    { maxAttempts, attemptMs },
    { ...accessTo(endpoint), requestHandler: { connectionTimeout: attemptMs, requestTimeout: attemptMs } },
  );

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

type Writes = NonNullable<BatchWriteCommandInput['RequestItems']>[string];

async function writeAll(client: DynamoDBClient, writes: Writes): Promise<void> {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const batches = Array.from({ length: Math.ceil(writes.length / 25) }, (_, i) => writes.slice(25 * i, 25 * i + 25));
  await inParallel(batches, 8, batch =>
    documents.send(new BatchWriteCommand({ RequestItems: { [tableName]: batch } })),
  );
}

/** Stores items as they are, however many: what a test of many orders begins with. */
export const putItems = (client: DynamoDBClient, items: Item[]): Promise<void> =>
  writeAll(
    client,
    items.map(item => ({ PutRequest: { Item: item } })),
  );

/** Empties the table between tests that count. */
export async function clearTable(client: DynamoDBClient): Promise<void> {
  const items = await readersOf(client).items();
  await writeAll(
    client,
    items.map(({ pk }) => ({ DeleteRequest: { Key: { pk } } })),
  );
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
      const pages = paginateScan({ client: documents }, { TableName: tableName, ConsistentRead: true });
      return (await Array.fromAsync(pages)).flatMap(({ Items = [] }) => Items);
    },
  };
}
