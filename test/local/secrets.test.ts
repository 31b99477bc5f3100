import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { localSecrets, startSecrets } from '../../local/secrets.ts';
import { accessTo } from '../support/aws.ts';

const secrets = await startSecrets({ id: 'payments' });
after(secrets.stop);
const clientOf = (endpoint: string) => new SecretsManagerClient({ ...accessTo(endpoint), endpoint, maxAttempts: 1 });
const client = clientOf(secrets.endpoint);

test('the secret is the one of a local run', async () => {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: 'payments' }));
  assert.deepEqual(JSON.parse(SecretString ?? ''), localSecrets);
});

test('another secret is not there, and nothing else is answered', async () => {
  const other = client.send(new GetSecretValueCommand({ SecretId: 'other' }));
  await assert.rejects(other, { name: 'ResourceNotFoundException' });
  const put = client.send(new PutSecretValueCommand({ SecretId: 'other', SecretString: '{}' }));
  await assert.rejects(put, { name: 'ResourceNotFoundException' });
  await assert.rejects(client.send(new DescribeSecretCommand({ SecretId: 'payments' })), { name: 'InvalidAction' });
});

test('what is put in is answered from then on', async () => {
  const own = await startSecrets({ id: 'own' });
  const ownClient = clientOf(own.endpoint);
  await ownClient.send(new PutSecretValueCommand({ SecretId: 'own', SecretString: '{"cvs":{}}' }));
  const { SecretString } = await ownClient.send(new GetSecretValueCommand({ SecretId: 'own' }));
  assert.equal(SecretString, '{"cvs":{}}');
  await own.stop();
});

test('a test brings its own value', async () => {
  const own = await startSecrets({ value: { callback: { pathToken: 'own' } } });
  const answer = await fetch(own.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
    body: '{"SecretId":"any"}',
  });
  const { SecretString } = (await answer.json()) as { SecretString: string };
  assert.equal(SecretString, '{"callback":{"pathToken":"own"}}');
  await own.stop();
});
