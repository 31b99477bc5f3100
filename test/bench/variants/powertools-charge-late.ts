/** Less than the floor's work: the order is stored once, with its outcome; until then nothing knows of it. */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { documents, idempotent, tableName as TableName } from './powertools.ts';

export const handler = idempotent(async ({ claim: _, dueAt: __, ...order }, send) => {
  const paid = { ...order, status: 'paid', orderNumber: await send() };
  await documents.send(new PutCommand({ TableName, Item: paid }));
  return paid;
});
