/** As AWS Lambda Powertools has it done: `makeIdempotent` keeps a record per key (put, update) round what charges. */
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Item, newOrder } from './order.ts';
import { post } from './post.ts';

interface Event {
  headers: Record<string, string>;
  body: string;
}

export const tableName = process.env.TABLE_NAME ?? '';
const awsSdkV3Client = new DynamoDBClient({});
export const documents = DynamoDBDocumentClient.from(awsSdkV3Client);
const persistenceStore = new DynamoDBPersistenceLayer({ tableName, keyAttr: 'pk', awsSdkV3Client });
const config = new IdempotencyConfig({ eventKeyJmesPath: 'headers."idempotency-key"' });

/** `charge` stores the order as it likes and sends by the way. */
export function idempotent(charge: (order: Item, send: () => Promise<string>) => Promise<object>) {
  const run = async (event: Event) => {
    const { tokenKey, amount, phone, email } = JSON.parse(event.body);
    const id = `powertools${event.headers['idempotency-key']}`.padEnd(32, '-');
    const send = async () => {
      const form = new URLSearchParams({ token_key: tokenKey, money: amount, telno: phone, email, sendpoint: id });
      return (await post('/cgi-bin/secure.cgi', form.toString())).split('\n')[1] ?? '';
    };
    return { statusCode: 201, body: JSON.stringify(await charge(newOrder(id, amount), send)) };
  };
  return makeIdempotent(run, { persistenceStore, config });
}
