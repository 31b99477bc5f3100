/** One order, read by hand: no secret is needed, and its client is not loaded. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export async function handler({ pathParameters }: { pathParameters: { orderId: string } }) {
  const Key = { pk: `order#${pathParameters.orderId}` };
  const request = { TableName: process.env.TABLE_NAME, Key, ConsistentRead: true };
  return { statusCode: 200, body: JSON.stringify((await documents.send(new GetCommand(request))).Item) };
}
