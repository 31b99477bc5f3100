import type { PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { Masked } from '../domain/masked.ts';
import type { CardRecord, CardStore } from '../orders/ports.ts';
import { tableKey } from './indexes.ts';
import { type Item, itemInTheWay, shardOf } from './items.ts';
import type { DynamoDb } from './operations.ts';

/** One stored card is one item under `card#<cardId>`. */
export function cardsTable(dynamo: DynamoDb, tableName: string): CardStore {
  return {
    async remember(cardId, phone) {
      await dynamo('UpdateItem', {
        TableName: tableName,
        Key: keyOf(cardId),
        UpdateExpression: 'ADD phones :phones, registrations :one, version :one REMOVE deletion, dueAt',
        ExpressionAttributeValues: marshall({ ':phones': new Set([phone.reveal()]), ':one': 1 }),
      });
    },
    async find(cardId) {
      const request = { TableName: tableName, Key: keyOf(cardId), ConsistentRead: true };
      const { Item: item } = await dynamo('GetItem', request);
      return item ? fromItem(cardId, item) : null;
    },
    async replace(next) {
      const isNew = next.version === 1;
      const request: PutItemCommandInput = {
        TableName: tableName,
        Item: toItem(next),
        ConditionExpression: isNew ? `attribute_not_exists(${tableKey})` : 'version = :before',
        ...(!isNew && { ExpressionAttributeValues: marshall({ ':before': next.version - 1 }) }),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      };
      try {
        await dynamo('PutItem', request);
        return true;
      } catch (error) {
        // The client repeats a request whose answer was lost, and then finds its own write in its way.
        const item = itemInTheWay(error);
        const existing = item && fromItem(next.cardId, item);
        return existing?.version === next.version && existing.claim?.id === next.claim?.id && next.claim !== null;
      }
    },
  };
}

const keyOf = (cardId: string): Item => marshall({ [tableKey]: `card#${cardId}` });

function toItem({ cardId, phones, claim, deletion, dueAt, ...rest }: CardRecord): Item {
  const reveal = (each: Masked) => each.reveal();
  const attributes = {
    ...rest,
    [tableKey]: `card#${cardId}`,
    shard: shardOf(cardId),
    ...(phones.length > 0 && { phones: new Set(phones.map(reveal)) }),
    ...(claim && { claim }),
    ...(deletion && { deletion: { ...deletion, phones: deletion.phones.map(reveal) } }),
    ...(dueAt && { dueAt }),
  };
  return marshall(attributes);
}

function fromItem(cardId: string, item: Item): CardRecord {
  const {
    phones = [],
    registrations = 0,
    keys = {},
    claim = null,
    deletion = null,
    dueAt = null,
    version,
  } = unmarshall(item);
  const mask = (phone: string) => new Masked(phone);
  return {
    cardId,
    phones: [...phones].map(mask),
    registrations,
    keys,
    claim,
    deletion: deletion && { ...deletion, phones: deletion.phones.map(mask) },
    dueAt,
    version,
  };
}
