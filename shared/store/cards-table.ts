import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { CardStore } from '../orders/ports.ts';
import { tableKey } from './indexes.ts';

/** One stored card is one item under `card#<cardId>`: the phones it was registered with, because the gateway deletes pairs. */
export function cardsTable(client: DynamoDBClient, tableName: string): CardStore {
  return {
    async remember(cardId, phone) {
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: marshall({ [tableKey]: `card#${cardId}` }),
          UpdateExpression: 'ADD phones :phones, registrations :one',
          ExpressionAttributeValues: marshall({ ':phones': new Set([phone.reveal()]), ':one': 1 }),
        }),
      );
    },
  };
}
