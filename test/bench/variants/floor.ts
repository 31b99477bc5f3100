/**
 * The least that can do the work by hand, with the SDK's own clients: no check of the input, no outcome but success. The
 * item of an order holds what ours holds and is listed where ours is.
 */
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Item, newOrder, paid, told } from './order.ts';
import { post } from './post.ts';
import { documents, secret, TableName } from './sdk-clients.ts';

interface Event {
  headers: Record<string, string>;
  body: string;
  rawQueryString: string;
  pathParameters: { orderId: string };
}

/** The version before is the stored one, else it throws. */
const replace = (item: Pick<Item, 'version'>) =>
  documents.send(
    new PutCommand({
      TableName,
      Item: item,
      ConditionExpression: 'version = :before',
      ExpressionAttributeValues: { ':before': item.version - 1 },
    }),
  );

const read = async (id: string): Promise<Item> =>
  (await documents.send(new GetCommand({ TableName, Key: { pk: `order#${id}` }, ConsistentRead: true }))).Item as Item;

/** Claim, one POST, outcome. */
export async function charge(event: Event) {
  const { tokenKey, amount, phone, email } = JSON.parse(event.body);
  const { clientip } = (await secret()).card;
  const id = `floor${event.headers['idempotency-key']}`.padEnd(32, '-');
  const order = newOrder(id, amount);
  const ConditionExpression = 'attribute_not_exists(pk)';
  await documents.send(new PutCommand({ TableName, Item: order, ConditionExpression }));
  const fields = { clientip, token_key: tokenKey, money: amount, telno: phone, email, sendpoint: id };
  const form = new URLSearchParams(fields);
  const [, orderNumber = ''] = (await post('/cgi-bin/secure.cgi', form.toString())).split('\n');
  const next = paid(order, orderNumber);
  await replace(next);
  return { statusCode: 201, body: JSON.stringify({ ...next, status: 'paid' }) };
}

/** Reads the order, compares the amount, writes. */
export async function callback(event: Event) {
  const call = new URLSearchParams(event.rawQueryString);
  const { clientip } = (await secret()).card;
  const order = await read(call.get('sendpoint') ?? '');
  const amountYen = Number(call.get('money'));
  if (call.get('clientip') !== clientip || amountYen !== order.amountYen) throw new Error('Not ours.');
  await replace(told(order, call.get('ordd') ?? '', amountYen));
  return { statusCode: 200, body: 'successok' };
}

/** Read, claim, one POST, outcome: a cancel, settlement or return. */
export async function operation(event: Event) {
  const { carrier } = await secret();
  const order = await read(event.pathParameters.orderId);
  await replace({ ...order, version: order.version + 1 });
  const form = new URLSearchParams({ clientip: carrier.clientip, zkey: carrier.zkey, order_no: 'N1', act: 'settled' });
  const answer = new URLSearchParams(await post('/cgi-bin/carrier/secure.cgi', form.toString()));
  const next = { ...order, version: order.version + 2 };
  await replace(next);
  return { statusCode: 200, body: JSON.stringify({ ...next, result: answer.get('result') }) };
}
