/**
 * The least that can do the work, over whichever client it is handed. No check of the input, no condition on the
 * state, no outcome but success. The order of a charge holds what ours holds and is listed where ours is.
 */
import type { PutItemCommandInput, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { newOrder, paidUpdate, paidValues } from './order.ts';
import { post } from './post.ts';

export interface Dynamo {
  put(input: PutItemCommandInput): Promise<unknown>;
  update(input: UpdateItemCommandInput): Promise<unknown>;
}

interface Event {
  headers: Record<string, string>;
  body: string;
  rawQueryString: string;
}

const TableName = process.env.TABLE_NAME;

/** Put, one POST, update. */
export const floorCharge = (dynamo: Dynamo) => async (event: Event) => {
  const { tokenKey, amount, phone, email } = JSON.parse(event.body);
  const id = `floor${event.headers['idempotency-key']}`.padEnd(32, '-');
  const order = newOrder(id, amount);
  await dynamo.put({ TableName, Item: marshall(order) });
  const form = new URLSearchParams({ token_key: tokenKey, money: amount, telno: phone, email, sendpoint: id });
  const [, orderNumber = ''] = (await post('/cgi-bin/secure.cgi', form.toString())).split('\n');
  await dynamo.update({
    TableName,
    Key: marshall({ pk: order.pk }),
    ...paidUpdate,
    ExpressionAttributeValues: marshall(paidValues(order, orderNumber)),
  });
  return { statusCode: 201, body: JSON.stringify({ ...order, status: 'paid', orderNumber }) };
};

/** Parse, and one update. */
export const floorCallback = (dynamo: Dynamo) => async (event: Event) => {
  const call = new URLSearchParams(event.rawQueryString);
  await dynamo.update({
    TableName,
    Key: { pk: { S: `order#${call.get('sendpoint')}` } },
    UpdateExpression: 'SET #status = :paid, orderNumber = :number',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':paid': { S: 'paid' }, ':number': { S: call.get('ordd') ?? '' } },
  });
  return { statusCode: 200, body: 'successok' };
};
