/** The least that can charge at all: put, one POST, update, over the SDK's own client. Four attributes, listed nowhere. */
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { post } from './post.ts';

const client = new DynamoDBClient({});
const TableName = process.env.TABLE_NAME;

export async function handler(event: { headers: Record<string, string>; body: string }) {
  const { tokenKey, amount, phone, email } = JSON.parse(event.body);
  const pk = { S: `bare#${event.headers['idempotency-key']}` };
  const item = { pk, status: { S: 'sending' }, amount: { N: String(amount) }, at: { S: new Date().toISOString() } };
  await client.send(new PutItemCommand({ TableName, Item: item }));
  const form = new URLSearchParams({ token_key: tokenKey, money: amount, telno: phone, email, sendpoint: pk.S });
  const [, orderNumber = ''] = (await post('/cgi-bin/secure.cgi', form.toString())).split('\n');
  await client.send(
    new UpdateItemCommand({
      TableName,
      Key: { pk },
      UpdateExpression: 'SET #status = :paid, orderNumber = :number',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':paid': { S: 'paid' }, ':number': { S: orderNumber } },
    }),
  );
  return { statusCode: 201, body: JSON.stringify({ orderId: pk.S, status: 'paid', orderNumber }) };
}
