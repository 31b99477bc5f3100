import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { type Item, keyOf } from '../../shared/aws/items.ts';
import type { DynamoDb } from '../../shared/aws/operations.ts';
import { startCapacityProxy } from './capacity.ts';
import { clearTable, dynamoOf, startTable, tableName } from './table.ts';

const table = await startTable();
const proxy = await startCapacityProxy(table.endpoint);
after(() => proxy.stop());
const dynamo: DynamoDb = dynamoOf(proxy.endpoint);

const order = (more: Record<string, string> = {}): Item =>
  Object.fromEntries(
    Object.entries({
      pk: 'order#1',
      dayShard: 'd#1',
      statusShard: 'sending#1',
      createdSort: 'c',
      shard: '1',
      ...more,
    }).map(([name, S]) => [name, { S }]),
  );
const put = (more?: Record<string, string>) => dynamo('PutItem', { TableName: tableName, Item: order(more) });

beforeEach(async () => {
  await clearTable(table.client);
  await put();
});

test('a write counts for the table and for each index that it changes', async () => {
  assert.deepEqual(proxy.take(), { requests: 1, readUnits: 0, writeUnits: 3, byOperation: { PutItem: 1 } });
  await put();
  assert.equal(proxy.take().writeUnits, 1, 'the same again');
  await put({ statusShard: 'paid#1' });
  assert.equal(proxy.take().writeUnits, 3, 'an index entry that moves is taken out and put in');
  await put({ statusShard: 'paid#1', attentionShard: '1' });
  assert.equal(proxy.take().writeUnits, 2, 'an index that it enters');
  await put({ statusShard: 'paid#1', more: 'x'.repeat(1024) });
  assert.equal(proxy.take().writeUnits, 3, 'more than 1 KB, and one index that it leaves');
});

test('reads count apart from writes', async () => {
  proxy.take();
  await dynamo('GetItem', { TableName: tableName, Key: keyOf('1'), ConsistentRead: true });
  await dynamo('BatchGetItem', { RequestItems: { [tableName]: { Keys: [keyOf('1')], ConsistentRead: false } } });
  await dynamo('Query', {
    TableName: tableName,
    IndexName: 'byDay',
    KeyConditionExpression: 'dayShard = :day',
    ExpressionAttributeValues: { ':day': { S: 'd#1' } },
  });
  const byOperation = { GetItem: 1, BatchGetItem: 1, Query: 1 };
  assert.deepEqual(proxy.take(), { requests: 3, readUnits: 2, writeUnits: 0, byOperation });
});

test('a failed condition reaches the caller whole, and counts', async () => {
  proxy.take();
  const again = dynamo('PutItem', {
    TableName: tableName,
    Item: order(),
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  }).catch(error => error);
  const { name, answer } = await again;
  assert.deepEqual([name, answer.Item], ['ConditionalCheckFailedException', order()]);
  assert.deepEqual(proxy.take(), { requests: 1, readUnits: 0, writeUnits: 1, byOperation: { PutItem: 1 } });
});

test('an engine that is gone is no answer', async () => {
  const nowhere = await startCapacityProxy('http://127.0.0.1:9');
  after(() => nowhere.stop());
  await assert.rejects(dynamoOf(nowhere.endpoint)('GetItem', { TableName: tableName, Key: keyOf('1') }));
  assert.equal(nowhere.take().requests, 0);
});
