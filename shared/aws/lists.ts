import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { addDays, startOfDay } from '../domain/days.ts';
import type { Order } from '../domain/order.ts';
import type { DueKey, ListPage, OrderList } from '../orders/ports.ts';
import { indexes, tableKey } from './indexes.ts';
import { fromItem, type Item, shards } from './items.ts';
import type { DynamoDb } from './operations.ts';

interface Reader {
  dynamo: DynamoDb;
  table: string;
}

interface Page {
  limit: number;
  after: string | null;
}

interface Range {
  index: (typeof indexes)[number]['name'];
  partition: string;
  /** Sort values, both inclusive. */
  from: string;
  to: string;
  newestFirst: boolean;
  limit: number;
}

interface Key {
  key: string;
  sort: string;
}

/** Below and above every sort value. */
const [lowest, highest] = [' ', '~'];

/**
 * One Query a partition for a page of keys each; the pages are merged, and one BatchGetItem reads the orders that the
 * cut leaves. The cost of a page does not depend on how many orders there are.
 */
export async function listOrders(reader: Reader, list: OrderList, { limit, after }: Page): Promise<ListPage> {
  const pages = await Promise.all(rangesOf(list, { limit, after }).map(range => queryKeys(reader, range)));
  const keys = pages.flat().filter(key => key.sort !== after);
  keys.sort((a, b) => (a.sort < b.sort === list.newestFirst ? 1 : -1));
  const page = keys.slice(0, limit);
  const orders = await readOrders(reader, page);
  return { orders, last: keys.length > limit ? (page.at(-1)?.sort ?? null) : null };
}

/** What is due by then, the longest due of each shard first; each run begins at another shard, so that none starves. */
export async function* dueKeys({ dynamo, table }: Reader, by: Date): AsyncGenerator<DueKey> {
  const first = Math.floor(by.getTime() / 60_000) % shards.length;
  for (const shard of [...shards.slice(first), ...shards.slice(0, first)]) {
    const query = queryOf(table, dueRange(shard, by));
    for (;;) {
      const { Items = [], LastEvaluatedKey } = await dynamo('Query', query);
      for (const item of Items) yield dueKeyOf(item[tableKey]?.S ?? '');
      if (!LastEvaluatedKey) break;
      query.ExclusiveStartKey = LastEvaluatedKey;
    }
  }
}

const dueRange = (partition: string, by: Date): Range => ({
  index: 'byDue',
  partition,
  from: lowest,
  to: by.toISOString(),
  newestFirst: false,
  limit: 1000,
});

const dueKeyOf = (key: string): DueKey =>
  key.startsWith('card#') ? { cardId: key.slice('card#'.length) } : { orderId: key.slice('order#'.length) };

function rangesOf(list: OrderList, { limit, after }: Page): Range[] {
  const { index, newestFirst, day } = list;
  // Sort values go on after their time, so the next midnight itself bounds the day.
  const from = day ? startOfDay(day).toISOString() : lowest;
  const to = day ? startOfDay(addDays(day, 1)).toISOString() : highest;
  const bounds = newestFirst ? { from, to: after ?? to } : { from: after ?? from, to };
  // One more than the page tells whether another follows, and one is where the page before ended.
  return partitionsOf(list).map(partition => ({ index, newestFirst, limit: limit + 2, partition, ...bounds }));
}

function partitionsOf(list: OrderList): string[] {
  switch (list.index) {
    case 'byDay':
      return shards.map(shard => `${list.day}#${shard}`);
    case 'byStatus':
      return list.statuses.flatMap(status => shards.map(shard => `${status}#${shard}`));
    case 'byReference':
      return [list.reference];
    case 'byAttention':
      return shards;
  }
}

async function queryKeys({ dynamo, table }: Reader, range: Range): Promise<Key[]> {
  const { Items = [] } = await dynamo('Query', queryOf(table, range));
  const { sortKey } = keysOf(range);
  return Items.map(item => ({ key: item[tableKey]?.S ?? '', sort: item[sortKey]?.S ?? '' }));
}

function queryOf(table: string, range: Range): QueryCommandInput {
  const { partitionKey, sortKey } = keysOf(range);
  return {
    TableName: table,
    IndexName: range.index,
    KeyConditionExpression: '#partition = :partition AND #sort BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#partition': partitionKey, '#sort': sortKey },
    ExpressionAttributeValues: marshall({ ':partition': range.partition, ':from': range.from, ':to': range.to }),
    ScanIndexForward: !range.newestFirst,
    Limit: range.limit,
  };
}

const keysOf = (range: Range) => indexes.find(index => index.name === range.index) ?? indexes[0];

/** As they stand, in the order of their keys. */
async function readOrders({ dynamo, table }: Reader, keys: Key[]): Promise<Order[]> {
  const found = new Map<string, Item>();
  let unread = keys.map(({ key }) => marshall({ [tableKey]: key }));
  while (unread.length > 0) {
    const request = { RequestItems: { [table]: { Keys: unread, ConsistentRead: true } } };
    const { Responses, UnprocessedKeys } = await dynamo('BatchGetItem', request);
    for (const item of Responses?.[table] ?? []) found.set(item[tableKey]?.S ?? '', item);
    unread = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return keys
    .map(({ key }) => found.get(key))
    .filter(item => item !== undefined)
    .map(fromItem);
}
