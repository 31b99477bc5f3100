/** The least that can take a card's callback: parse, and one update over the SDK's own client. No check at all. */
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});

export async function handler(event: { rawQueryString: string }) {
  const call = new URLSearchParams(event.rawQueryString);
  await client.send(
    new UpdateItemCommand({
      TableName: process.env.TABLE_NAME,
      Key: { pk: { S: `order#${call.get('sendpoint')}` } },
      UpdateExpression: 'SET #status = :paid, orderNumber = :number',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':paid': { S: 'paid' }, ':number': { S: call.get('ordd') ?? '' } },
    }),
  );
  return { statusCode: 200, body: 'successok' };
}
