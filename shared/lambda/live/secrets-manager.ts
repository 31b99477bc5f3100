import { secretReader, secretsManagerClient } from '../../aws/secret.ts';
import { readSecretId, type SecretVariable } from '../settings.ts';

const client = secretsManagerClient();

/** Reads the secret that a variable names. */
export const textOf = (variable: SecretVariable) => secretReader(client, () => readSecretId(variable));
