/** The clients of the SDK that our functions use, as it makes them where nothing is said. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export const TableName = process.env.TABLE_NAME;
export const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

const secrets = new SecretsManagerClient({});
let kept: Promise<Secret> | undefined;

export interface Secret {
  card: { clientip: string; key: string };
  carrier: { clientip: string; zkey: string };
  cvs: { clientip: string };
  callback: { pathToken: string };
}

/** Read at the first request, then kept. */
export const secret = (): Promise<Secret> => (kept ??= read());

async function read(): Promise<Secret> {
  const { SecretString = '{}' } = await secrets.send(new GetSecretValueCommand({ SecretId: process.env.SECRET_ID }));
  return JSON.parse(SecretString);
}
