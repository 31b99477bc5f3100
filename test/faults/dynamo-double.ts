/**
 * The table in memory: it answers the requests that `shared/aws` makes, and throws at any other. Requests take effect at
 * once; what can go wrong on the way is `faulty-dynamo.ts`. `dynamo-double.test.ts` compares it with the real engine.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  GetCommand,
  type GetCommandInput,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { indexes, tableKey } from '../../shared/aws/indexes.ts';
import type { Item } from '../../shared/aws/items.ts';

export type Command = GetCommand | PutCommand | UpdateCommand | QueryCommand | BatchGetCommand;

/** One change, as the table's stream has it. */
export interface Change {
  before: Item | null;
  after: Item;
}

export interface DynamoDouble {
  send(command: Command): Promise<object>;
  /** The same, at once. `behind`: so many of the newest changes an index does not have yet. */
  execute(command: Command, behind?: number): object;
  items(): IteratorObject<Item>;
  /** Every change since the table was made, in order. */
  changes: readonly Change[];
}

type Values = Record<string, unknown>;

export function dynamoDouble(): DynamoDouble {
  const items = new Map<string, Item>();
  const changes: Change[] = [];

  function store(before: Item | undefined, after: Item): void {
    items.set(String(after[tableKey]), after);
    changes.push({ before: before ?? null, after });
  }

  function put({ Item: item = {}, ConditionExpression, ExpressionAttributeValues, ...request }: PutCommandInput) {
    const before = items.get(String(item[tableKey]));
    check(before, ConditionExpression, ExpressionAttributeValues, request.ReturnValuesOnConditionCheckFailure);
    store(before, stored(item) as Item);
    return {};
  }

  function update({ Key = {}, UpdateExpression = '', ConditionExpression, ...request }: UpdateCommandInput) {
    const before = items.get(String(Key[tableKey]));
    const values = request.ExpressionAttributeValues ?? {};
    check(before, ConditionExpression, values, undefined);
    const change = updates[UpdateExpression];
    if (!change) throw new Error(`The double does not know the update ${UpdateExpression}`);
    const after = stored(change(before ?? Key, values)) as Item;
    store(before, after);
    return request.ReturnValues === 'ALL_NEW' ? { Attributes: shown(after) } : {};
  }

  function get({ Key = {} }: GetCommandInput): object {
    const item = items.get(String(Key[tableKey]));
    return item ? { Item: shown(item) } : {};
  }

  function batchGet({ RequestItems = {} }: BatchGetCommandInput): object {
    const [[table, request] = ['', undefined]] = Object.entries(RequestItems);
    const found = (request?.Keys ?? []).map(key => items.get(String(key[tableKey]))).filter(item => item !== undefined);
    return { Responses: { [table]: found.map(shown) }, UnprocessedKeys: {} };
  }

  /** The items as they were before the newest changes. */
  function asOf(behind: number): Map<string, Item> {
    if (behind === 0) return items;
    const past = new Map(items);
    for (const { before, after } of changes.slice(-behind).reverse()) {
      if (before) past.set(String(after[tableKey]), before);
      else past.delete(String(after[tableKey]));
    }
    return past;
  }

  function query(request: QueryCommandInput, behind: number): object {
    const index = indexes.find(({ name }) => name === request.IndexName);
    if (!index || request.KeyConditionExpression !== keyCondition)
      throw new Error('The double does not know the query');
    const { ':partition': partition, ':from': from, ':to': to } = request.ExpressionAttributeValues as Values;
    const sortOf = (item: Item) => String(item[index.sortKey]);
    const place = (item: Item) => [sortOf(item), String(item[tableKey])].join('\n');
    const found = asOf(behind)
      .values()
      .filter(item => item[index.partitionKey] === partition && item[index.sortKey] !== undefined)
      .filter(item => sortOf(item) >= String(from) && sortOf(item) <= String(to))
      .toArray()
      .sort((a, b) => (place(a) < place(b) ? -1 : 1));
    if (request.ScanIndexForward === false) found.reverse();
    const start = request.ExclusiveStartKey;
    const rest = start ? found.slice(found.findIndex(item => item[tableKey] === start[tableKey]) + 1) : found;
    const { Limit: limit = rest.length } = request;
    const page = rest.slice(0, limit);
    const keys = page.map(item => pick(item, [tableKey, index.partitionKey, index.sortKey]));
    const counts = { Count: keys.length, ScannedCount: keys.length };
    return { Items: keys, ...counts, ...(page.length === limit && { LastEvaluatedKey: keys.at(-1) }) };
  }

  function execute(command: Command, behind = 0): object {
    if (command instanceof GetCommand) return get(command.input);
    if (command instanceof PutCommand) return put(command.input);
    if (command instanceof UpdateCommand) return update(command.input);
    if (command instanceof QueryCommand) return query(command.input, behind);
    if (command instanceof BatchGetCommand) return batchGet(command.input);
    throw new Error('The double does not know the request');
  }

  return { changes, execute, items: () => items.values(), send: async command => execute(command) };
}

const keyCondition = '#partition = :partition AND #sort BETWEEN :from AND :to';

/** The conditions of `orders-table.ts` and `cards-table.ts`. */
const conditions: Record<string, (item: Item | undefined, values: Values) => boolean> = {
  [`attribute_not_exists(${tableKey})`]: item => item === undefined,
  'version = :before': (item, values) => item?.version === values[':before'],
  'registrations = :number AND attribute_exists(deletion)': (item, values) =>
    item?.registrations === values[':number'] && item?.deletion !== undefined,
};

/** The updates of `cards-table.ts`. */
const updates: Record<string, (item: Item, values: Values) => Item> = {
  'ADD phones :phones, registrations :one, version :one REMOVE dueAt': ({ dueAt: _, ...item }, values) => ({
    ...item,
    phones: new Set([...((item.phones as Set<string>) ?? []), ...(values[':phones'] as Set<string>)]),
    registrations: sum(item.registrations, values[':one']),
    version: sum(item.version, values[':one']),
  }),
  'ADD registrations :less, version :one SET dueAt = :now': (item, values) => ({
    ...item,
    registrations: sum(item.registrations, values[':less']),
    version: sum(item.version, values[':one']),
    dueAt: values[':now'],
  }),
};

const sum = (a: unknown, b: unknown): number => Number(a ?? 0) + Number(b);

function check(item: Item | undefined, condition: string | undefined, values: Values = {}, onFailure?: string): void {
  if (condition === undefined) return;
  const holds = conditions[condition];
  if (!holds) throw new Error(`The double does not know the condition ${condition}`);
  if (holds(item, values)) return;
  const existing = item && onFailure === 'ALL_OLD' ? { Item: marshall(item) } : {};
  throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {}, ...existing });
}

/** As the document client writes a value: a copy, without what is undefined. */
function stored(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Set) return new Set(value);
  if (Array.isArray(value)) return value.map(stored);
  const copy: Item = {};
  for (const name in value) {
    const each = (value as Item)[name];
    if (each !== undefined) copy[name] = stored(each);
  }
  return copy;
}

/** A reader may change what it got. */
const shown = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).map(([name, each]) => [name, each instanceof Set ? new Set(each) : each]));

const pick = (item: Item, names: string[]): Item => Object.fromEntries(names.map(name => [name, item[name]]));
