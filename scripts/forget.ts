import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { forgetCard } from './support/forget-card.ts';
import { accessTo, readOutputs } from './support/outputs.ts';
import { Complaint, readOptions, run } from './support/run.ts';

// npm run forget -- --card-id MEMBER-1
//
// Removes what the table still holds of a stored card: its record, with the phones kept for deleting it at the gateway, and the
// card ID, last four digits and brand in its orders. Delete the card first (POST /card/deletions): without the phones that
// call needs to be given one. Asks DynamoDB itself, with your own credentials.

await run(async args => {
  const { options, rest } = readOptions(args, ['outputs', 'deployment', 'card-id']);
  const cardId = options.get('card-id');
  if (!cardId || rest.length > 0) throw new Complaint('Say which card, as in: --card-id MEMBER-1');
  const { region, tableName, dynamoDbEndpoint } = readOutputs(options.get('outputs'), options.get('deployment'));
  const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(accessTo(region, dynamoDbEndpoint)));
  const { phones, isRecord, orders } = await forgetCard(dynamo, tableName, cardId);
  if (!isRecord && orders === 0) {
    console.log('The table holds nothing of this card.');
    return 1;
  }
  console.log(`card record: ${isRecord ? 'removed' : 'there was none'}`);
  console.log(`orders without the card now: ${orders}`);
  if (phones > 0)
    console.log('Phones were kept, so the gateway may still store the card: delete it there, naming a phone.');
  return 0;
});
