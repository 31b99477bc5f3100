import { randomBytes } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { dayOf } from '../domain/days.ts';
import { emptyOrder, type HistoryEntry, type Order, type Status } from '../domain/order.ts';
import { ServiceError } from './client.ts';
import { shardCount, tableKey } from './indexes.ts';

export type Item = Record<string, AttributeValue>;

const orderPrefix = 'order#';

export const keyOf = (orderId: string): Item => ({ [tableKey]: { S: `${orderPrefix}${orderId}` } });

export const isOrderItem = (item: Item): boolean => item[tableKey]?.S?.startsWith(orderPrefix) ?? false;

export const shards = Array.from({ length: shardCount }, (_, shard) => String(shard));

/** Ids are digests, so any character of one spreads evenly. */
export const shardOf = (id: string): string => String(id.charCodeAt(0) % shardCount);

export const statusShardOf = (orderId: string, status: Status): string => `${status}#${shardOf(orderId)}`;

/**
 * The order with the keys of its indexes. Null, false and an empty list take no attribute, being what an empty order has:
 * that keeps indexes sparse, lets a blind update tell what is missing, and a usual order stays below 1 KB, beyond which each
 * write costs double. `keys` and `history` stay, because updates reach into them. `writeId` tells a write from its own repetition.
 */
export function toItem({ orderId, createdAt, ...rest }: Order): Item {
  const shard = shardOf(orderId);
  const { status, amountYen, attention, carrier, cvs } = rest;
  const attributes = {
    ...rest,
    [tableKey]: `${orderPrefix}${orderId}`,
    dayShard: `${dayOf(new Date(createdAt))}#${shard}`,
    createdSort: `${createdAt}#${orderId}`,
    seen: nonEmpty(rest.seen) && new Set(rest.seen),
    card: rest.card && withoutDefaults(rest.card),
    carrier: carrier && withoutDefaults(carrier),
    cvs: cvs && withoutDefaults(cvs),
    shard,
    statusShard: statusShardOf(orderId, status),
    attentionShard: attention && shard,
    expectedYen: carrier?.settlement?.amountYen ?? amountYen,
    writeId: randomBytes(9).toString('base64url'),
  };
  const history = rest.history.map(entryAttributes);
  return marshall({ ...withoutDefaults(attributes), history }, { removeUndefinedValues: true });
}

/** Of an entry as of an order. */
export const entryAttributes = ({ count, ...entry }: HistoryEntry) => ({
  ...withoutDefaults(entry),
  ...(entry.from === null && { from: null }),
  ...(count > 1 && { count }),
});

export function fromItem(item: Item): Order {
  const {
    [tableKey]: key,
    shard: _shard,
    dayShard: _day,
    statusShard: _status,
    createdSort,
    attentionShard: _attention,
    expectedYen: _expected,
    writeId: _write,
    ...stored
  } = unmarshall(item);
  const { card, carrier, cvs, history } = stored;
  const absent = { ...emptyOrder, reference: null, test: false };
  return {
    ...Object.assign(absent, stored as Omit<Order, 'orderId' | 'createdAt'>),
    orderId: key.slice(orderPrefix.length),
    createdAt: createdSort.slice(0, createdSort.indexOf('#')),
    history: history.map((entry: Partial<HistoryEntry>) => ({ code: null, note: null, count: 1, ...entry })),
    seen: [...(stored.seen ?? [])],
    card: card ? { cardId: null, last4: null, brand: null, ...card } : null,
    carrier: carrier ? { type: null, settlement: null, settleBy: null, ...carrier } : null,
    cvs: cvs ? { store: null, paymentNumbers: [], payBy: null, redirectUrl: null, ...cvs } : null,
  };
}

/** What a failed condition met, null: nothing; rethrows every other error. */
export function itemInTheWay(error: unknown): Item | null {
  if (!(error instanceof ServiceError) || error.name !== 'ConditionalCheckFailedException') throw error;
  return (error.answer.Item as Item | undefined) ?? null;
}

const nonEmpty = <T>(list: T[]): T[] | null => (list.length > 0 ? list : null);

const isDefault = (value: unknown): boolean =>
  value === null || value === false || (Array.isArray(value) && value.length === 0);

const withoutDefaults = (record: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => !isDefault(value)));
