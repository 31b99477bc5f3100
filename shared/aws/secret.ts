import {
  GetSecretValueCommand,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from '@aws-sdk/client-secrets-manager';
import { type Limits, limitCalls, optionsOf } from './limits.ts';

export const secretLimits: Limits = { maxAttempts: 3, attemptMs: 2000, callMs: 5000 };

export const secretsManagerClient = (
  limits = secretLimits,
  config: SecretsManagerClientConfig = {},
): SecretsManagerClient => limitCalls(new SecretsManagerClient({ ...optionsOf(limits), ...config }), limits);

/** Reads the text of a secret; empty where it holds none. */
export const secretReader = (client: SecretsManagerClient, secretId: () => string) => async (): Promise<string> => {
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId() }));
  return SecretString;
};
