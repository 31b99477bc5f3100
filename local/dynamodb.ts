import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { indexes, tableKey } from '../shared/aws/indexes.ts';
import { chooseEngine } from './dynamodb-engine.ts';
import { StartProblem } from './settings.ts';

export interface DynamoDb {
  endpoint: string;
  engine: string;
  stop(): Promise<void>;
}

/** As CreateTable takes it. */
export interface TableDefinition {
  TableName: string;
  KeySchema: object[];
  AttributeDefinitions: object[];
  GlobalSecondaryIndexes: { IndexName: string }[];
  StreamSpecification?: object;
}

/** Java's engine takes a second on an idle machine, and 40 on a very busy one. */
const START_MS = 60_000;

/**
 * The engines answer pages of any site. So they listen where none finds them: on Linux, where every address that begins with
 * 127 is this machine, on one of 16 million, elsewhere at least on a port of their own. What may call comes by the runner.
 */
const HOST =
  process.platform === 'linux' ? `127.${Array.from({ length: 3 }, () => randomInt(1, 255)).join('.')}` : '127.0.0.1';

/** Starts an engine, in memory or on `dataDir`. It ends with `stop` or with this process, however that ends. Port 0: a free one. */
export async function startDynamoDb({ port, dataDir }: { port: number; dataDir?: string }): Promise<DynamoDb> {
  const engine = chooseEngine(process.env);
  const actual = port === 0 ? await freePort(HOST) : port;
  if (dataDir) mkdirSync(dataDir, { recursive: true });
  const { command, args } = engine.run(HOST, actual, dataDir ? path.resolve(dataDir) : null);
  const leash = fileURLToPath(new URL('./leash.ts', import.meta.url));
  const child = spawn(process.execPath, [leash, command, ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
  const endpoint = `http://${HOST}:${actual}`;
  await untilAnswering(endpoint, child, engine.name);
  return { endpoint, engine: engine.name, stop: () => stopChild(child) };
}

/** The table as the stack has it, for tests that start no stack. */
export function ordersTable(name: string): TableDefinition {
  const attributes = new Set([tableKey, ...indexes.flatMap(index => [index.partitionKey, index.sortKey])]);
  return {
    TableName: name,
    KeySchema: [{ AttributeName: tableKey, KeyType: 'HASH' }],
    AttributeDefinitions: [...attributes].map(attribute => ({ AttributeName: attribute, AttributeType: 'S' })),
    GlobalSecondaryIndexes: indexes.map(index => ({
      IndexName: index.name,
      KeySchema: [
        { AttributeName: index.partitionKey, KeyType: 'HASH' },
        { AttributeName: index.sortKey, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: index.projection },
    })),
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  };
}

/** Creates the table, or finds the one that a kept folder already holds; one of another shape is a StartProblem. */
export async function createTable(endpoint: string, table: TableDefinition): Promise<void> {
  const created = await call(endpoint, 'CreateTable', { ...table, BillingMode: 'PAY_PER_REQUEST' });
  if (created.ok) return;
  const found = await call(endpoint, 'DescribeTable', { TableName: table.TableName });
  if (!found.ok) throw new Error(`CreateTable: ${await created.text()}`);
  const { Table } = (await found.json()) as { Table: Partial<TableDefinition> };
  if (shape(Table) !== shape(table)) {
    throw new StartProblem('DATA_DIR holds a table with other keys or indexes: use an empty folder');
  }
}

function shape({ KeySchema, GlobalSecondaryIndexes = [] }: Partial<TableDefinition>): string {
  const keys = (schema: unknown) =>
    (schema as { AttributeName: string; KeyType: string }[]).map(key => `${key.KeyType} ${key.AttributeName}`).sort();
  const perIndex = (GlobalSecondaryIndexes as { IndexName: string; KeySchema: unknown }[])
    .map(index => [index.IndexName, keys(index.KeySchema)])
    .sort();
  return JSON.stringify([keys(KeySchema), perIndex]);
}

function call(endpoint: string, operation: string, body: object): Promise<Response> {
  return callDynamoDb(endpoint, `DynamoDB_20120810.${operation}`, body);
}

/** `target`: the API's name and the operation's. Engines look at the credentials' form only. */
export function callDynamoDb(
  endpoint: string,
  target: string,
  body: object,
  signal: AbortSignal | null = null,
): Promise<Response> {
  return fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/ap-northeast-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(body),
    signal,
  });
}

async function untilAnswering(endpoint: string, child: ChildProcess, name: string): Promise<void> {
  let complaint = '';
  child.stderr?.on('data', chunk => {
    complaint = `${complaint}${chunk}`.slice(-2_000);
  });
  const deadline = Date.now() + START_MS;
  while (!(await answers(endpoint))) {
    if (child.exitCode !== null) throw new StartProblem(`${name} did not start: ${complaint.trim()}`);
    if (Date.now() > deadline) {
      await stopChild(child);
      throw new StartProblem(`${name} does not answer: ${complaint.trim()}`);
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

function answers(endpoint: string): Promise<boolean> {
  return call(endpoint, 'ListTables', {}).then(
    response => response.ok,
    () => false,
  );
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise(resolve => child.once('exit', resolve));
  child.stdin?.end();
  await ended;
}

/** Below the ports that systems give to outgoing connections: one of those may be taken again before the engine has it. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(host, port)) return port;
  }
}

const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
