import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Outputs } from './outputs.ts';

/** The stack's secret, read and written as text. */
export function storedSecret({ region, secretName: SecretId }: Outputs) {
  const client = new SecretsManagerClient({ region });
  return {
    read: async (): Promise<string> => (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '',
    write: async (SecretString: string): Promise<void> => {
      await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
    },
  };
}
