import { secretReader, secretsManagerClient } from '../../aws/secret.ts';
import { credentialsFrom } from '../secret.ts';
import { readSecretId } from '../settings.ts';

export const credentials = credentialsFrom(secretReader(secretsManagerClient(), readSecretId));
