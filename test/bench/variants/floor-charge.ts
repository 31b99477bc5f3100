/**
 * The least that can do the work: put, one POST, update, over the SDK's own client, of an order that holds what ours
 * holds and is listed where ours is. No check of the input, no condition, no outcome but success.
 */
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { newOrder } from './order.ts';
import { post } from './post.ts';

const client = new DynamoDBClient({});
const TableName = process.env.TABLE_NAME;

export async function handler(event: { headers: Record<string, string>; body: string }) {
  const { tokenKey, amount, phone, email } = JSON.parse(event.body);
  const id = `floor${event.headers['idempotency-key']}`.padEnd(32, '-');
  const order = newOrder(id, amount);
  await client.send(new PutItemCommand({ TableName, Item: marshall(order) }));
  const form = new URLSearchParams({ token_key: tokenKey, money: amount, telno: phone, email, sendpoint: id });
  const [, orderNumber = ''] = (await post('/cgi-bin/secure.cgi', form.toString())).split('\n');
  const at = new Date().toISOString();
  const update = [
    'SET #status = :paid, statusShard = :shard, gatewayStatus = :ok, orderNumber = :number, numberBound = :true',
    'paidAt = :at, updatedAt = :at, version = :two, history = list_append(history, :entry) REMOVE claim, dueAt',
  ];
  await client.send(
    new UpdateItemCommand({
      TableName,
      Key: marshall({ pk: order.pk }),
      UpdateExpression: update.join(', '),
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: marshall({
        ':paid': 'paid',
        ':shard': `paid#${order.shard}`,
        ':ok': 'OK',
        ':number': orderNumber,
        ':true': true,
        ':at': at,
        ':two': 2,
        ':entry': [{ at, source: 'gateway', event: 'done', from: 'sending', to: 'paid' }],
      }),
    }),
  );
  return { statusCode: 201, body: JSON.stringify({ ...order, status: 'paid', orderNumber }) };
}
