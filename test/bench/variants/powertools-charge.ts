/** The floor's work: the order is there before the send, where a callback that comes first can find it. */
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { paidUpdate, paidValues } from './order.ts';
import { documents, idempotent, tableName as TableName } from './powertools.ts';

export const handler = idempotent(async (order, send) => {
  await documents.send(new PutCommand({ TableName, Item: order }));
  const orderNumber = await send();
  const ExpressionAttributeValues = paidValues(order, orderNumber);
  await documents.send(
    new UpdateCommand({ TableName, Key: { pk: order.pk }, ...paidUpdate, ExpressionAttributeValues }),
  );
  return { ...order, status: 'paid', orderNumber };
});
