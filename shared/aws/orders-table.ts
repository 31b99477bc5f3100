import type { PutItemCommandInput, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { keyLimit, type Order } from '../domain/order.ts';
import type { Advance, BlindClaim, OrderStore, Written } from '../orders/ports.ts';
import { tableKey } from './indexes.ts';
import { entryAttributes, fromItem, type Item, itemInTheWay, keyOf, statusShardOf, toItem } from './items.ts';
import { dueKeys, listOrders } from './lists.ts';
import type { DynamoDb } from './operations.ts';

interface Expressions {
  ConditionExpression: string;
  UpdateExpression: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues: Item;
}

/** One order is one item; every write is conditional, and a failed condition returns the item that stood in its way. */
export function ordersTable(dynamo: DynamoDb, tableName: string): OrderStore {
  const reader = { dynamo, table: tableName };

  async function put(order: Order, condition: string, values?: Item): Promise<Written> {
    const item = toItem(order);
    const request: PutItemCommandInput = {
      TableName: tableName,
      Item: item,
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    return conditional(async () => {
      await dynamo('PutItem', request);
      return order;
    }, item);
  }

  function update(orderId: string, expressions: Expressions): Promise<Written> {
    const request: UpdateItemCommandInput = {
      TableName: tableName,
      Key: keyOf(orderId),
      ...expressions,
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    return conditional(async () => fromItem((await dynamo('UpdateItem', request)).Attributes ?? {}));
  }

  return {
    create: order => put(order, `attribute_not_exists(${tableKey})`),
    replace: next => put(next, 'version = :before', marshall({ ':before': next.version - 1 })),
    advance: move => update(move.orderId, advanceExpressions(move)),
    claim: claim => update(claim.orderId, claimExpressions(claim)),
    async find(orderId) {
      const request = { TableName: tableName, Key: keyOf(orderId), ConsistentRead: true };
      const { Item: item } = await dynamo('GetItem', request);
      return item ? fromItem(item) : null;
    },
    list: (list, limit, after) => listOrders(reader, list, { limit, after }),
    due: by => dueKeys(reader, by),
  };
}

/** `own`: the client repeats a request whose answer was lost, and then finds its own write in its way. */
async function conditional(write: () => Promise<Order>, own?: Item): Promise<Written> {
  try {
    return { stored: await write() };
  } catch (error) {
    const inTheWay = itemInTheWay(error);
    if (!inTheWay) return { stored: null, existing: null };
    const existing = fromItem(inTheWay);
    const isOwn = own?.writeId?.S !== undefined && own.writeId.S === inTheWay.writeId?.S;
    return isOwn ? { stored: existing } : { stored: null, existing };
  }
}

function claimExpressions({
  orderId,
  method,
  before,
  to,
  claim,
  pending,
  request,
  entry,
  dueAt,
}: BlindClaim): Expressions {
  const condition = [
    '#method = :method AND #status = :before AND attribute_exists(#orderNumber)',
    'attribute_not_exists(#keys.#key) AND size(#keys) < :keyLimit AND size(#history) < :blindHistory',
  ].join(' AND ');
  const update = [
    'SET #status = :to, #statusShard = :statusShard, #claim = :claim, #pending = :pending, #keys.#key = :used',
    '#updatedAt = :at, #version = #version + :one, #history = list_append(#history, :entry), #dueAt = :dueAt',
  ].join(', ');
  return {
    ConditionExpression: condition,
    UpdateExpression: update,
    ExpressionAttributeNames: { ...namesIn(condition + update), '#key': pending.key },
    ExpressionAttributeValues: marshall(
      {
        ':method': method,
        ':before': before,
        ':keyLimit': keyLimit,
        ':blindHistory': blindHistory,
        ':to': to,
        ':statusShard': statusShardOf(orderId, to),
        ':claim': claim,
        ':pending': pending,
        ':used': { request, at: entry.at, done: false },
        ':at': entry.at,
        ':one': 1,
        ':entry': [entryAttributes(entry)],
        ':dueAt': dueAt,
      },
      { removeUndefinedValues: true },
    ),
  };
}

/** The most history an update appends to unread; beyond it, the order is read and its history kept within bounds. */
const blindHistory = 99;

function advanceExpressions(move: Advance): Expressions {
  const { to, card, cvs, settleBy, dueAt, failure, orderNumber, entry } = move;
  const numbers = cvs && cvs.paymentNumbers.length > 0 ? cvs.paymentNumbers : null;
  const values: Record<string, unknown> = {};
  const value = (name: string, content: unknown): string => {
    values[`:${name}`] = content;
    return `:${name}`;
  };
  const from = move.from.map((status, index) => value(`from${index}`, status));

  const conditions = [
    `#method = ${value('method', move.method)}`,
    // Of a call that repeats what is known, the first is stored unread; the next may have to be counted with it.
    `(#status IN (${from.join()}) AND (#status <> :to OR attribute_not_exists(#seen)))`,
    `size(#history) < ${value('blindHistory', blindHistory)}`,
    `(attribute_not_exists(#attention) OR #attention.#reason = ${value('outcomeUnknown', 'outcome_unknown')})`,
    `NOT contains(#seen, ${value('digest', move.seen)})`,
    amountCondition(move, value),
    ...(numbers
      ? [`(attribute_not_exists(#cvs.#paymentNumbers) OR #cvs.#paymentNumbers = ${value('numbers', numbers)})`]
      : []),
    ...(orderNumber === null
      ? []
      : [`(attribute_not_exists(#orderNumber) OR #orderNumber = ${value('orderNumber', orderNumber)})`]),
  ];
  const sets = [
    `#status = ${value('to', to)}`,
    `#statusShard = ${value('statusShard', statusShardOf(move.orderId, to))}`,
    `#gatewayStatus = ${value('gatewayStatus', move.gatewayStatus)}`,
    `#updatedAt = ${value('at', entry.at)}`,
    `#version = #version + ${value('one', 1)}`,
    `#history = list_append(#history, ${value('entry', [entryAttributes(entry)])})`,
    ...(to === 'paid' ? ['#paidAt = if_not_exists(#paidAt, :at)'] : []),
    ...(failure ? [`#failure = if_not_exists(#failure, ${value('failure', failure)})`] : []),
    ...(orderNumber === null ? [] : ['#orderNumber = :orderNumber']),
    ...(orderNumber === null || failure ? [] : [`#numberBound = ${value('bound', true)}`]),
    ...(card?.last4 ? [`#card.#last4 = if_not_exists(#card.#last4, ${value('last4', card.last4)})`] : []),
    ...(card?.brand ? [`#card.#brand = if_not_exists(#card.#brand, ${value('brand', card.brand)})`] : []),
    ...(numbers ? ['#cvs.#paymentNumbers = :numbers'] : []),
    ...(cvs?.payBy ? [`#cvs.#payBy = if_not_exists(#cvs.#payBy, ${value('payBy', cvs.payBy)})`] : []),
    ...(settleBy ? [`#carrier.#settleBy = ${value('settleBy', settleBy)}`] : []),
    ...(dueAt ? [`#dueAt = ${value('dueAt', dueAt)}`] : []),
  ];
  const removes = [
    '#attention',
    '#attentionShard',
    '#pending',
    ...(dueAt ? [] : ['#dueAt']),
    ...(failure ? [] : ['#failure']),
  ];

  const condition = conditions.join(' AND ');
  const update = `SET ${sets.join(', ')} REMOVE ${removes.join(', ')} ADD #seen ${value('digests', new Set([move.seen]))}`;
  return {
    ConditionExpression: condition,
    UpdateExpression: update,
    ExpressionAttributeNames: namesIn(condition + update),
    ExpressionAttributeValues: marshall(values),
  };
}

/** Without an amount only an order that has one can be moved unread: amount 0 means registration. */
function amountCondition(
  { amountYen, ofSettlement }: Advance,
  value: (name: string, content: unknown) => string,
): string {
  if (amountYen === null) return `#amountYen > ${value('zero', 0)}`;
  return `${ofSettlement ? '#expectedYen' : '#amountYen'} = ${value('amountYen', amountYen)}`;
}

const namesIn = (expressions: string): Record<string, string> =>
  Object.fromEntries([...expressions.matchAll(/#(\w+)/g)].map(([placeholder, name]) => [placeholder, name ?? '']));
