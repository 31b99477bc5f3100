import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { BatchGetItemCommand, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { keyOf } from '../../shared/aws/items.ts';
import { startCapacityProxy } from './capacity.ts';
import { clearTable, dynamoOf, startTable, tableName } from './table.ts';

const table = await startTable();
const proxy = await startCapacityProxy(table.endpoint);
after(() => proxy.stop());
const dynamo = dynamoOf(proxy.endpoint);

const order = (more: Record<string, string> = {}) =>
  marshall({
    pk: 'order#1',
    monthShard: 'm#1',
    statusShard: 'sending#1',
    createdSort: 'c',
    shard: '1',
    ...more,
  });
const key = marshall(keyOf('1'));
const put = (more?: Record<string, string>) =>
  dynamo.send(new PutItemCommand({ TableName: tableName, Item: order(more) }));

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
  await dynamo.send(new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
  const batch = { [tableName]: { Keys: [key], ConsistentRead: false } };
  await dynamo.send(new BatchGetItemCommand({ RequestItems: batch }));
  const month = {
    TableName: tableName,
    IndexName: 'byMonth',
    KeyConditionExpression: 'monthShard = :month',
    ExpressionAttributeValues: { ':month': { S: 'm#1' } },
  };
  await dynamo.send(new QueryCommand(month));
  const byOperation = { GetItem: 1, BatchGetItem: 1, Query: 1 };
  assert.deepEqual(proxy.take(), { requests: 3, readUnits: 2, writeUnits: 0, byOperation });
});

test('a failed condition reaches the caller whole, and counts', async () => {
  proxy.take();
  const again = new PutItemCommand({
    TableName: tableName,
    Item: order(),
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const { name, Item } = await dynamo.send(again).catch(error => error);
  assert.deepEqual([name, Item], ['ConditionalCheckFailedException', order()]);
  assert.deepEqual(proxy.take(), { requests: 1, readUnits: 0, writeUnits: 1, byOperation: { PutItem: 1 } });
});

test('an engine that is gone is no answer', async () => {
  const nowhere = await startCapacityProxy('http://127.0.0.1:9');
  after(() => nowhere.stop());
  await assert.rejects(dynamoOf(nowhere.endpoint).send(new GetItemCommand({ TableName: tableName, Key: key })));
  assert.equal(nowhere.take().requests, 0);
});
