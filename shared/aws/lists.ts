import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { addDays, startOfDay } from '../domain/days.ts';
import type { Order } from '../domain/order.ts';
import type { DueKey, ListPage, OrderList } from '../orders/ports.ts';
import { indexes, tableKey } from './indexes.ts';
import { fromItem, type Item, keyOf, orderIdIn, shards } from './items.ts';

interface Reader {
  dynamo: DynamoDBDocumentClient;
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

/** Below and above every sort value. */
const [lowest, highest] = [' ', '~'];

/**
 * One Query a partition for a page of keys each; the pages are merged, and one BatchGetItem reads the orders that the
 * cut leaves. The cost of a page does not depend on how many orders there are.
 */
export async function listOrders(reader: Reader, list: OrderList, { limit, after }: Page): Promise<ListPage> {
  const pages = await Promise.all(rangesOf(list, { limit, after }).map(range => queryKeys(reader, range)));
  const found = pages.flat().filter(sort => sort !== after);
  found.sort((a, b) => (a < b === list.newestFirst ? 1 : -1));
  const page = found.slice(0, limit);
  const orders = await readOrders(reader, page);
  return { orders, last: found.length > limit ? (page.at(-1) ?? null) : null };
}

/** What is due by then, the longest due of each shard first; each run begins at another shard, so that none starves. */
export async function* dueKeys({ dynamo, table }: Reader, by: Date): AsyncGenerator<DueKey> {
  const first = Math.floor(by.getTime() / 60_000) % shards.length;
  for (const shard of [...shards.slice(first), ...shards.slice(0, first)]) {
    const query = queryOf(table, dueRange(shard, by));
    for (;;) {
      const { Items = [], LastEvaluatedKey } = await dynamo.send(new QueryCommand(query));
      for (const item of Items) yield dueKeyOf(String(item[tableKey]));
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
  const { index, newestFirst, days } = list;
  // Sort values go on after their time, so the midnight after the last day bounds it.
  const from = days ? startOfDay(days.from).toISOString() : lowest;
  const to = days ? startOfDay(addDays(days.to, 1)).toISOString() : highest;
  const bounds = newestFirst ? { from, to: after ?? to } : { from: after ?? from, to };
  // One more than the page tells whether another follows, and one is where the page before ended.
  return partitionsOf(list).map(partition => ({ index, newestFirst, limit: limit + 2, partition, ...bounds }));
}

function partitionsOf(list: OrderList): string[] {
  const sharded = (name: string) => shards.map(shard => `${name}#${shard}`);
  switch (list.index) {
    case 'byMonth':
      return monthsOf(list.days).flatMap(sharded);
    case 'byStatus':
      return list.statuses.flatMap(sharded);
    case 'byReference':
    case 'byOrderNumber':
    case 'byCard':
      return [list.value];
    case 'byAttention':
      return shards;
  }
}

function monthsOf({ from, to }: { from: string; to: string }): string[] {
  const months: string[] = [];
  for (let day = `${from.slice(0, 7)}-01`; day <= to; day = `${addDays(day, 31).slice(0, 7)}-01`)
    months.push(day.slice(0, 7));
  return months;
}

/** Sort values. */
async function queryKeys({ dynamo, table }: Reader, range: Range): Promise<string[]> {
  const { Items = [] } = await dynamo.send(new QueryCommand(queryOf(table, range)));
  return Items.map(item => String(item.createdSort));
}

function queryOf(table: string, range: Range): QueryCommandInput {
  const { partitionKey, sortKey } = keysOf(range);
  return {
    TableName: table,
    IndexName: range.index,
    KeyConditionExpression: '#partition = :partition AND #sort BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#partition': partitionKey, '#sort': sortKey },
    ExpressionAttributeValues: { ':partition': range.partition, ':from': range.from, ':to': range.to },
    ScanIndexForward: !range.newestFirst,
    Limit: range.limit,
  };
}

const keysOf = (range: Range) => indexes.find(index => index.name === range.index) ?? indexes[0];

/** As they stand, in the order of their sort values. */
async function readOrders({ dynamo, table }: Reader, sorts: string[]): Promise<Order[]> {
  const found = new Map<string, Order>();
  let unread: Item[] = sorts.map(sort => keyOf(orderIdIn(sort)));
  while (unread.length > 0) {
    const request = { RequestItems: { [table]: { Keys: unread, ConsistentRead: true } } };
    const { Responses, UnprocessedKeys } = await dynamo.send(new BatchGetCommand(request));
    for (const order of (Responses?.[table] ?? []).map(fromItem)) found.set(order.orderId, order);
    unread = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return sorts.map(sort => found.get(orderIdIn(sort))).filter(order => order !== undefined);
}
