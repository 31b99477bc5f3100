import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { localSecrets, secretsOf, startSecrets } from '../../local/secrets.ts';
import { accessTo } from '../support/aws.ts';

const secrets = await startSecrets({ payments: localSecrets.card, other: localSecrets.cvs });
after(secrets.stop);
const client = new SecretsManagerClient({
  ...accessTo(secrets.endpoint),
  endpoint: secrets.endpoint,
  maxAttempts: 1,
});
const read = async (SecretId: string): Promise<unknown> => {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
  return JSON.parse(SecretString ?? '');
};

test('each secret is answered by its name', async () => {
  assert.deepEqual(await read('payments'), localSecrets.card);
  assert.deepEqual(await read('other'), localSecrets.cvs);
});

test('an unknown secret is not there, and nothing else is answered', async () => {
  await assert.rejects(read('unknown'), { name: 'ResourceNotFoundException' });
  const put = client.send(new PutSecretValueCommand({ SecretId: 'unknown', SecretString: '{}' }));
  await assert.rejects(put, { name: 'ResourceNotFoundException' });
  await assert.rejects(client.send(new DescribeSecretCommand({ SecretId: 'payments' })), { name: 'InvalidAction' });
});

test('what is put in is answered from then on', async () => {
  await client.send(new PutSecretValueCommand({ SecretId: 'other', SecretString: '{"cvs":{}}' }));
  assert.deepEqual(await read('other'), { cvs: {} });
  assert.deepEqual(await read('payments'), localSecrets.card);
});

test('a stack gets the parts that its functions name, each under its own ID and nothing twice', () => {
  const charge = { IP_CODES_SECRET_ID: 'arn:1', TABLE_NAME: 'orders' };
  const cancel = { IP_CODES_SECRET_ID: 'arn:1', CARD_KEY_SECRET_ID: 'arn:2' };
  const callback = { IP_CODES_SECRET_ID: 'arn:1', PATH_TOKEN_SECRET_ID: 'arn:3' };
  const { card, carrier, cvs } = localSecrets;
  const codes = { card: { clientip: card.clientip }, carrier: { clientip: carrier.clientip }, cvs };
  assert.deepEqual(secretsOf([charge, cancel, callback]), {
    'arn:1': codes,
    'arn:2': { card: { key: card.key } },
    'arn:3': { callback: { pathToken: 'local' } },
  });
});
