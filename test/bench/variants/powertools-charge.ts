/** The floor's work: the order is there before the send, where a callback that comes first can find it. */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { paid } from './order.ts';
import { documents, idempotent, tableName as TableName } from './powertools.ts';

export const handler = idempotent(async (order, send) => {
  await documents.send(new PutCommand({ TableName, Item: order }));
  const next = paid(order, await send());
  await documents.send(new PutCommand({ TableName, Item: next }));
  return { ...next, status: 'paid' };
});
