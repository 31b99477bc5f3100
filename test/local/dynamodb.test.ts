import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createTable, ordersTable, startDynamoDb } from '../../local/dynamodb.ts';
import { StartProblem } from '../../local/settings.ts';
import { indexes, tableKey } from '../../shared/aws/indexes.ts';
import { accessTo } from '../support/aws.ts';

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'zeus-payments-dynamodb-test-'));
after(() => rmSync(dataDir, { recursive: true }));

const clientOf = (endpoint: string) => new DynamoDBClient({ ...accessTo(endpoint), endpoint, maxAttempts: 1 });

test('the table has the keys, the indexes and the stream of the stack', async () => {
  const db = await startDynamoDb({ port: 0 });
  await createTable(db.endpoint, ordersTable('orders'));
  const { Table } = await clientOf(db.endpoint).send(new DescribeTableCommand({ TableName: 'orders' }));
  assert.deepEqual(Table?.KeySchema, [{ AttributeName: tableKey, KeyType: 'HASH' }]);
  assert.deepEqual(
    Table.GlobalSecondaryIndexes?.map(index => index.IndexName).sort(),
    indexes.map(index => index.name).sort(),
  );
  assert.equal(Table.StreamSpecification?.StreamViewType, 'NEW_AND_OLD_IMAGES');
  await db.stop();
  await assert.rejects(fetch(db.endpoint));
});

test('the engine listens on one address, which no page and no other machine finds', async () => {
  const db = await startDynamoDb({ port: 0 });
  const { hostname, port } = new URL(db.endpoint);
  const others = Object.values(os.networkInterfaces()).flatMap(addresses => addresses ?? []);
  for (const { address, family } of others.filter(({ address }) => address !== hostname)) {
    await assert.rejects(fetch(`http://${family === 'IPv6' ? `[${address}]` : address}:${port}`), address);
  }
  if (process.platform === 'linux') assert.match(hostname, /^127\.(\d+)\.(\d+)\.(\d+)$/);
  else assert.equal(hostname, '127.0.0.1');
  await db.stop();
});

test('a kept folder keeps the items, even when whoever started the engine is killed', async () => {
  const { endpoint, kill } = await startInAnotherProcess();
  await createTable(endpoint, ordersTable('orders'));
  const Key = { [tableKey]: { S: 'a' } };
  await clientOf(endpoint).send(new PutItemCommand({ TableName: 'orders', Item: { ...Key, n: { N: '1' } } }));
  await kill();
  await untilGone(endpoint);

  const db = await startDynamoDb({ port: Number(new URL(endpoint).port), dataDir });
  await createTable(db.endpoint, ordersTable('orders'));
  const { Item } = await clientOf(db.endpoint).send(new GetItemCommand({ TableName: 'orders', Key }));
  assert.deepEqual(Item?.n, { N: '1' });

  const otherShape = { ...ordersTable('orders'), GlobalSecondaryIndexes: [] };
  await assert.rejects(createTable(db.endpoint, otherShape), StartProblem);
  await db.stop();
});

/** The engine must end with the process that started it, also when that has no chance to say so. */
async function startInAnotherProcess() {
  const program = `
    import { startDynamoDb } from ${JSON.stringify(new URL('../../local/dynamodb.ts', import.meta.url).href)};
    const { endpoint } = await startDynamoDb({ port: 0, dataDir: ${JSON.stringify(dataDir)} });
    process.stdout.write(endpoint);
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [endpoint] = await once(child.stdout, 'data');
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { endpoint: String(endpoint), kill };
}

async function untilGone(endpoint: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const gone = await fetch(endpoint).then(
      () => false,
      () => true,
    );
    if (gone) return;
    await sleep(50);
  }
  assert.fail('the engine outlived the process that started it');
}
