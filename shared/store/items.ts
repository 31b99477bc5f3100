import { randomUUID } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { dayOf } from '../orders/days.ts';
import { emptyOrder, type Order, type Status } from '../orders/order.ts';
import { shardCount, tableKey } from './indexes.ts';

export type Item = Record<string, AttributeValue>;

export const keyOf = (orderId: string): Item => ({ [tableKey]: { S: `order#${orderId}` } });

export const isOrderItem = (item: Item): boolean => item[tableKey]?.S?.startsWith('order#') ?? false;

export const shards = Array.from({ length: shardCount }, (_, shard) => String(shard));

/** Ids are digests, so any character of one spreads evenly. */
export const shardOf = (id: string): string => String(id.charCodeAt(0) % shardCount);

export const statusShardOf = (orderId: string, status: Status): string => `${status}#${shardOf(orderId)}`;

/**
 * The order with the keys of its indexes. Absent values take no attribute: that keeps indexes sparse, and a blind
 * update can tell what is missing. `writeId` tells a write from its own repetition.
 */
export function toItem(order: Order): Item {
  const { orderId, createdAt, status, attention } = order;
  const shard = shardOf(orderId);
  const attributes = {
    ...order,
    seen: nonEmpty(order.seen) && new Set(order.seen),
    card: order.card && withoutNulls(order.card),
    carrier: order.carrier && withoutNulls(order.carrier),
    cvs: order.cvs && withoutNulls({ ...order.cvs, paymentNumbers: nonEmpty(order.cvs.paymentNumbers) }),
    shard,
    dayShard: `${dayOf(new Date(createdAt))}#${shard}`,
    statusShard: statusShardOf(orderId, status),
    createdSort: `${createdAt}#${orderId}`,
    attentionShard: attention && shard,
    expectedYen: order.carrier?.settlement?.amountYen ?? order.amountYen,
    writeId: randomUUID(),
  };
  return { ...keyOf(orderId), ...marshall(withoutNulls(attributes), { removeUndefinedValues: true }) };
}

export function fromItem(item: Item): Order {
  const {
    pk: _key,
    shard: _shard,
    dayShard: _day,
    statusShard: _status,
    createdSort: _created,
    attentionShard: _attention,
    expectedYen: _expected,
    writeId: _write,
    ...stored
  } = unmarshall(item);
  const { card, carrier, cvs } = stored;
  const absent = { ...emptyOrder, reference: null };
  return {
    ...Object.assign(absent, stored as Order),
    seen: [...(stored.seen ?? [])],
    card: card ? { cardId: null, last4: null, brand: null, ...card } : null,
    carrier: carrier ? { type: null, settlement: null, settleBy: null, ...carrier } : null,
    cvs: cvs ? { store: null, paymentNumbers: [], payBy: null, redirectUrl: null, ...cvs } : null,
  };
}

const nonEmpty = <T>(list: T[]): T[] | null => (list.length > 0 ? list : null);

const withoutNulls = (record: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
