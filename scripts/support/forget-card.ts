import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { tableKey } from '../../shared/aws/indexes.ts';

export interface Forgotten {
  isRecord: boolean;
  /** How many were kept with the record: the card was not deleted at the gateway. */
  phones: number;
  orders: number;
}

/** Throws while a deletion of the card is under way or waits for its answer: it needs the phones. */
export async function forgetCard(dynamo: DynamoDBDocumentClient, table: string, cardId: string): Promise<Forgotten> {
  const request = {
    TableName: table,
    Key: { [tableKey]: `card#${cardId}` },
    ConditionExpression: 'attribute_not_exists(deletion)',
    ReturnValues: 'ALL_OLD',
  } as const;
  const { Attributes: record } = await dynamo.send(new DeleteCommand(request)).catch(error => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new Error('A deletion of this card waits for its answer. Try again when it is done.');
  });
  const orders = await ordersOf(dynamo, table, cardId);
  for (const key of orders) await withoutCard(dynamo, table, key);
  return {
    isRecord: record !== undefined,
    phones: (record?.phones as Set<string> | undefined)?.size ?? 0,
    orders: orders.length,
  };
}

async function ordersOf(dynamo: DynamoDBDocumentClient, table: string, cardId: string): Promise<string[]> {
  const query: QueryCommandInput = {
    TableName: table,
    IndexName: 'byCard',
    KeyConditionExpression: 'cardId = :cardId',
    ExpressionAttributeValues: { ':cardId': cardId },
  };
  const keys: string[] = [];
  do {
    const { Items = [], LastEvaluatedKey } = await dynamo.send(new QueryCommand(query));
    keys.push(...Items.map(item => String(item[tableKey])));
    query.ExclusiveStartKey = LastEvaluatedKey;
  } while (query.ExclusiveStartKey);
  return keys;
}

/** Everything else of the order stays; again from the read where the order changed meanwhile. */
async function withoutCard(dynamo: DynamoDBDocumentClient, table: string, key: string): Promise<void> {
  for (;;) {
    const at = { TableName: table, Key: { [tableKey]: key } };
    const { Item: order } = await dynamo.send(new GetCommand({ ...at, ConsistentRead: true }));
    if (!order) return;
    const callbacks = (order.callbacks ?? []) as { card?: unknown }[];
    const told = callbacks.flatMap(({ card }, i) => (card === undefined ? [] : [`callbacks[${i}].card`]));
    const cards = [...told, ...((order.steps ?? []) as Step[]).flatMap(cardOfAnswer)];
    const update = {
      ...at,
      UpdateExpression: `REMOVE ${['cardId', ...cards].join(', ')} ADD version :one`,
      ConditionExpression: 'version = :version',
      ExpressionAttributeValues: { ':one': 1, ':version': order.version },
    };
    const done = await dynamo.send(new UpdateCommand(update)).catch(error => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return null;
    });
    if (done) return;
  }
}

interface Step {
  answer?: { authorised?: Record<string, unknown> };
}

/** Of a payment with 3-D Secure, whose response names the card too. */
const cardOfAnswer = ({ answer }: Step, i: number): string[] =>
  ['last4', 'brand'].flatMap(name =>
    answer?.authorised?.[name] === undefined ? [] : [`steps[${i}].answer.authorised.${name}`],
  );
