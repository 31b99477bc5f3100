import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { callDynamoDb, createTable, ordersTable, startDynamoDb } from '../../local/dynamodb.ts';
import { startGuard } from '../../local/guard.ts';
import { arnOf } from '../../local/intrinsics.ts';
import type { Invoke } from '../../local/lambda.ts';
import { startQueues } from '../../local/queues.ts';
import { neededForStream, type RunningStream, type StreamMapping, startStream } from '../../local/stream.ts';
import { clientOf } from '../support/table.ts';

const dynamodb = await startDynamoDb({ port: 0 });
const queues = await startQueues([{ name: 'Failures', visibilitySeconds: 0, deadLetters: null }]);
const mapping: StreamMapping = {
  functionName: 'Publish',
  tableName: 'Table',
  streamArn: 'Table.StreamArn',
  batchSize: 10,
  bisect: true,
  retryAttempts: 2,
  maxRecordAgeSeconds: 3600,
  reportsFailures: true,
  failureQueue: arnOf('AWS::SQS::Queue', 'Failures'),
};
const services = { dynamodb: '', eventBridge: '', secretsManager: '', sqs: queues.endpoint };
const guard = await startGuard(new Map([['Publish', neededForStream(mapping)]]), services, console.error);
const running: RunningStream[] = [];
after(async () => {
  await Promise.all(running.map(stream => stream.stop()));
  await Promise.all([guard.close(), queues.stop(), dynamodb.stop()]);
});

const client = clientOf(dynamodb.endpoint);
const put = (tableName: string, name: string, n: number) =>
  client.send(
    new PutItemCommand({
      TableName: tableName,
      Item: { pk: { S: name }, n: { N: String(n) }, empty: { M: {} }, nested: { L: [{ M: { inner: { M: {} } } }] } },
    }),
  );

/** Starts a function on a table's stream; `batches` gets what each run took. */
function follow(tableName: string, takes: (record: DynamoDBRecord) => boolean = () => true) {
  const batches: DynamoDBRecord[][] = [];
  const complaints: string[] = [];
  const invoke: Invoke = async event => {
    const { Records } = event as DynamoDBStreamEvent;
    if (!Records.every(takes)) return { kind: 'failed', errorType: 'Error', errorMessage: 'boom' };
    batches.push(Records);
    return { kind: 'returned', payload: 'null' };
  };
  const stream = startStream(
    { ...mapping, tableName },
    {
      dynamodb: dynamodb.endpoint,
      servicesUrl: guard.url,
      invoke,
      complain: line => complaints.push(line),
      retryPauseMs: 0,
    },
  );
  running.push(stream);
  return { stream, batches, complaints };
}
const nameOf = (record: DynamoDBRecord) => `${record.dynamodb?.NewImage?.pk?.S} ${record.dynamodb?.NewImage?.n?.N}`;

test('every change comes once, in order, in batches, also what was written before', async () => {
  await createTable(dynamodb.endpoint, ordersTable('Table'));
  for (let n = 0; n < 15; n++) await put('Table', 'a', n);
  const { stream, batches } = follow('Table');
  await stream.caughtUp();
  for (let n = 15; n < 25; n++) await put('Table', 'a', n);
  await stream.caughtUp();
  assert.deepEqual(
    batches.flat().map(nameOf),
    Array.from({ length: 25 }, (_, n) => `a ${n}`),
  );
  assert.ok(batches.every(batch => batch.length <= 10));
});

test('a record has both images, whole, and says where it comes from', async () => {
  await createTable(dynamodb.endpoint, ordersTable('Images'));
  await put('Images', 'a', 1);
  await put('Images', 'a', 2);
  const { stream, batches } = follow('Images');
  await stream.caughtUp();
  const [first, second] = batches.flat();
  const image = (n: number) => ({ pk: 'a', n, empty: {}, nested: [{ inner: {} }] });
  assert.equal(first?.eventName, 'INSERT');
  assert.equal(first.dynamodb?.OldImage, undefined);
  assert.equal(second?.eventName, 'MODIFY');
  assert.equal(second.eventSourceARN, 'Table.StreamArn');
  assert.equal(second.awsRegion, 'ap-northeast-1');
  assert.deepEqual(unmarshall(second.dynamodb?.OldImage as Parameters<typeof unmarshall>[0]), image(1));
  assert.deepEqual(unmarshall(second.dynamodb?.NewImage as Parameters<typeof unmarshall>[0]), image(2));
});

test('a record that is never taken ends as a pointer in the failure queue, and stops nothing', async () => {
  await createTable(dynamodb.endpoint, ordersTable('Poisoned'));
  for (let n = 0; n < 9; n++) await put('Poisoned', 'a', n);
  const { stream, batches, complaints } = follow('Poisoned', record => nameOf(record) !== 'a 4');
  await stream.caughtUp();
  assert.deepEqual(
    batches.flat().map(nameOf),
    [0, 1, 2, 3, 5, 6, 7, 8].map(n => `a ${n}`),
  );
  assert.equal(complaints.length, 1);

  const { Messages } = await receive();
  assert.equal(Messages.length, 1);
  const pointer = JSON.parse(Messages[0]?.Body ?? '');
  assert.equal(pointer.requestContext.condition, 'RetryAttemptsExhausted');
  const { batchSize, startSequenceNumber, endSequenceNumber, streamArn, shardId } = pointer.DDBStreamBatchInfo;
  assert.deepEqual([batchSize, startSequenceNumber, streamArn], [1, endSequenceNumber, 'Table.StreamArn']);
  assert.match(shardId, /^shardId-/);
  assert.doesNotMatch(JSON.stringify(pointer), /NewImage/);
  assert.deepEqual((await followed('Poisoned', pointer.DDBStreamBatchInfo)).map(nameOf), ['a 4']);
});

test('a stream that is stopped delivers nothing more; one that starts again begins with the oldest', async () => {
  await createTable(dynamodb.endpoint, ordersTable('Again'));
  const first = follow('Again');
  await put('Again', 'a', 1);
  await first.stream.caughtUp();
  await first.stream.stop();
  await put('Again', 'a', 2);
  const second = follow('Again');
  await second.stream.caughtUp();
  assert.deepEqual(first.batches.flat().map(nameOf), ['a 1']);
  assert.deepEqual(second.batches.flat().map(nameOf), ['a 1', 'a 2']);
});

/** What a pointer points at, read as the go-live guide does. */
async function followed(
  TableName: string,
  pointer: { shardId: string; startSequenceNumber: string; batchSize: number },
): Promise<DynamoDBRecord[]> {
  const ask = async (target: string, body: object) => (await callDynamoDb(dynamodb.endpoint, target, body)).json();
  const { Table } = (await ask('DynamoDB_20120810.DescribeTable', { TableName })) as {
    Table: { LatestStreamArn: string };
  };
  const iterator = await ask('DynamoDBStreams_20120810.GetShardIterator', {
    StreamArn: Table.LatestStreamArn,
    ShardId: pointer.shardId,
    ShardIteratorType: 'AT_SEQUENCE_NUMBER',
    SequenceNumber: pointer.startSequenceNumber,
  });
  const read = await ask('DynamoDBStreams_20120810.GetRecords', { ...(iterator as object), Limit: pointer.batchSize });
  return (read as { Records: DynamoDBRecord[] }).Records;
}

async function receive(): Promise<{ Messages: { Body: string }[] }> {
  const answer = await fetch(queues.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
    body: JSON.stringify({ QueueUrl: 'http://queues/Failures', MaxNumberOfMessages: 10 }),
  });
  return (await answer.json()) as { Messages: { Body: string }[] };
}
