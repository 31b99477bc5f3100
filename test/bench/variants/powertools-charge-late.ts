/** Less than the floor's work: the order is stored once, with its outcome; until then nothing knows of it. */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { paid } from './order.ts';
import { documents, idempotent, tableName as TableName } from './powertools.ts';

export const handler = idempotent(async (order, send) => {
  const next = paid(order, await send());
  await documents.send(new PutCommand({ TableName, Item: next }));
  return { ...next, status: 'paid' };
});
