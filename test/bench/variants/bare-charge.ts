/** The least that can charge at all: four attributes, listed nowhere. */
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { post } from './post.ts';
import { documents, secret, TableName } from './sdk-clients.ts';

export async function handler(event: { headers: Record<string, string>; body: string }) {
  const { tokenKey, amount, phone, email } = JSON.parse(event.body);
  const { clientip } = (await secret()).card;
  const pk = `bare#${event.headers['idempotency-key']}`;
  await documents.send(
    new PutCommand({ TableName, Item: { pk, status: 'sending', amount, at: new Date().toISOString() } }),
  );
  const form = new URLSearchParams({
    clientip,
    token_key: tokenKey,
    money: amount,
    telno: phone,
    email,
    sendpoint: pk,
  });
  const [, orderNumber = ''] = (await post('/cgi-bin/secure.cgi', form.toString())).split('\n');
  await documents.send(
    new UpdateCommand({
      TableName,
      Key: { pk },
      UpdateExpression: 'SET #status = :paid, orderNumber = :number',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':paid': 'paid', ':number': orderNumber },
    }),
  );
  return { statusCode: 201, body: JSON.stringify({ orderId: pk, status: 'paid', orderNumber }) };
}
