import { type DynamoDBDocumentClient, GetCommand, PutCommand, type PutCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Order } from '../domain/order.ts';
import type { OrderStore, Written } from '../orders/ports.ts';
import { itemInTheWay } from './document-client.ts';
import { tableKey } from './indexes.ts';
import { fromItem, keyOf, toItem, toPointer } from './items.ts';
import { dueKeys, listOrders } from './lists.ts';

/**
 * Orders at rest; every write is conditional, and a failed condition returns the item that stood in its way.
 * `retentionDays`: closed orders are deleted so long after their last change; null: never.
 */
export function ordersTable(
  dynamo: DynamoDBDocumentClient,
  tableName: string,
  retentionDays: number | null = null,
): OrderStore {
  const reader = { dynamo, table: tableName };

  async function put(
    order: Order,
    condition: string,
    values?: PutCommandInput['ExpressionAttributeValues'],
  ): Promise<Written> {
    const item = toItem(order, retentionDays);
    const request: PutCommandInput = {
      TableName: tableName,
      Item: item,
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    try {
      await dynamo.send(new PutCommand(request));
      return { stored: order };
    } catch (error) {
      const inTheWay = itemInTheWay(error);
      if (!inTheWay) return { stored: null, existing: null };
      // The client repeats a request whose response was lost, and then finds its own write in its way.
      return inTheWay.writeId === item.writeId ? { stored: order } : { stored: null, existing: fromItem(inTheWay) };
    }
  }

  return {
    create: order => put(order, `attribute_not_exists(${tableKey})`),
    async replace(next) {
      const [, ...further] = next.numbers;
      const pointers = further.filter(({ version }) => version === next.version);
      // Before the order: a pointer to an order that does not know the number yet does no harm.
      for (const { number } of pointers) {
        await dynamo.send(new PutCommand({ TableName: tableName, Item: toPointer(next, number) }));
      }
      return put(next, 'version = :before', { ':before': next.version - 1 });
    },
    async find(orderId) {
      const request = { TableName: tableName, Key: keyOf(orderId), ConsistentRead: true };
      const { Item: item } = await dynamo.send(new GetCommand(request));
      return item ? fromItem(item) : null;
    },
    list: (list, limit, after) => listOrders(reader, list, { limit, after }),
    due: by => dueKeys(reader, by),
  };
}
