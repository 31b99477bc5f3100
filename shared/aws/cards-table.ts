import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { Masked } from '../domain/masked.ts';
import type { CardRecord, CardStore } from '../orders/ports.ts';
import { itemInTheWay } from './document-client.ts';
import { tableKey } from './indexes.ts';
import { type Item, shardOf } from './items.ts';

/** One stored card is one item under `card#<cardId>`. */
export function cardsTable(dynamo: DynamoDBDocumentClient, tableName: string): CardStore {
  return {
    async remember(cardId, phone) {
      const request = {
        TableName: tableName,
        Key: keyOf(cardId),
        UpdateExpression: 'ADD phones :phones, registrations :one, version :one REMOVE dueAt',
        ExpressionAttributeValues: { ':phones': new Set([phone.reveal()]), ':one': 1 },
        ReturnValues: 'ALL_NEW',
      } as const;
      const { Attributes = {} } = await dynamo.send(new UpdateCommand(request));
      const { registrations, deletion } = fromItem(cardId, Attributes);
      return { number: registrations, restedDeletion: deletion?.registrations === registrations - 1 };
    },
    async forget(cardId, { number }, at) {
      const request = {
        TableName: tableName,
        Key: keyOf(cardId),
        UpdateExpression: 'ADD registrations :less, version :one SET dueAt = :now',
        ConditionExpression: 'registrations = :number AND attribute_exists(deletion)',
        ExpressionAttributeValues: {
          ':less': -1,
          ':one': 1,
          ':now': at.toISOString(),
          ':number': number,
        },
      };
      // Registered once more in the meantime, or deleted by another call: then nothing rests any more.
      await dynamo.send(new UpdateCommand(request)).catch(itemInTheWay);
    },
    async find(cardId) {
      const request = { TableName: tableName, Key: keyOf(cardId), ConsistentRead: true };
      const { Item: item } = await dynamo.send(new GetCommand(request));
      return item ? fromItem(cardId, item) : null;
    },
    async replace(next) {
      const isNew = next.version === 1;
      const request: PutCommandInput = {
        TableName: tableName,
        Item: toItem(next),
        ConditionExpression: isNew ? `attribute_not_exists(${tableKey})` : 'version = :before',
        ...(!isNew && { ExpressionAttributeValues: { ':before': next.version - 1 } }),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      };
      try {
        await dynamo.send(new PutCommand(request));
        return true;
      } catch (error) {
        // The client repeats a request whose response was lost, and then finds its own write in its way.
        const item = itemInTheWay(error);
        const existing = item && fromItem(next.cardId, item);
        return existing?.version === next.version && existing.claim?.id === next.claim?.id && next.claim !== null;
      }
    },
  };
}

const keyOf = (cardId: string): Item => ({ [tableKey]: `card#${cardId}` });

function toItem({ cardId, phones, claim, deletion, dueAt, ...rest }: CardRecord): Item {
  const reveal = (each: Masked) => each.reveal();
  return {
    ...rest,
    ...keyOf(cardId),
    shard: shardOf(cardId),
    ...(phones.length > 0 && { phones: new Set(phones.map(reveal)) }),
    ...(claim && { claim }),
    ...(deletion && { deletion: { ...deletion, phones: deletion.phones.map(reveal) } }),
    ...(dueAt && { dueAt }),
  };
}

function fromItem(cardId: string, item: Record<string, unknown>): CardRecord {
  const {
    phones = [],
    registrations = 0,
    keys = {},
    claim = null,
    deletion = null,
    dueAt = null,
    version,
  } = item as Omit<Partial<CardRecord>, 'phones' | 'deletion'> & {
    phones?: Iterable<string>;
    deletion?: (Omit<NonNullable<CardRecord['deletion']>, 'phones'> & { phones: string[] }) | null;
  };
  const mask = (phone: string) => new Masked(phone);
  return {
    cardId,
    phones: [...phones].map(mask),
    registrations,
    keys,
    claim,
    deletion: deletion && { ...deletion, phones: deletion.phones.map(mask) },
    dueAt,
    version: version ?? 0,
  };
}
