import type { Access } from '../aws/client.ts';

/** The only file that reads the environment: what the stack gives every function. */
export interface Settings {
  tableName: string;
  deploymentId: string;
  gatewayBaseUrl: string;
  /** Addresses that callbacks may come from; empty in functions that take none. */
  callbackSources: string[];
}

type Environment = Record<string, string | undefined>;

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`The environment variable ${name} is not set.`);
  return value;
}

/** Lambda gives every function its region and the keys of its role; another service's address is for local runs alone. */
export function readAccess(
  service: 'DYNAMODB' | 'EVENTBRIDGE' | 'SECRETS_MANAGER' | 'SQS',
  environment: Environment = process.env,
): Access {
  const sessionToken = environment.AWS_SESSION_TOKEN;
  return {
    region: required(environment, 'AWS_REGION'),
    credentials: {
      accessKeyId: required(environment, 'AWS_ACCESS_KEY_ID'),
      secretAccessKey: required(environment, 'AWS_SECRET_ACCESS_KEY'),
      ...(sessionToken && { sessionToken }),
    },
    endpoint: environment[`AWS_ENDPOINT_URL_${service}`] || environment.AWS_ENDPOINT_URL || null,
  };
}

export const readBusName = (environment: Environment = process.env): string => required(environment, 'EVENT_BUS_NAME');

export const readSecretId = (environment: Environment = process.env): string => required(environment, 'SECRET_ID');

export const readCallbackQueueUrl = (environment: Environment = process.env): string =>
  required(environment, 'CALLBACK_QUEUE_URL');

export function readSettings(environment: Environment = process.env): Settings {
  return {
    tableName: required(environment, 'TABLE_NAME'),
    deploymentId: required(environment, 'DEPLOYMENT_ID'),
    gatewayBaseUrl: environment.ZEUS_BASE_URL || 'https://linkpt.cardservice.co.jp',
    callbackSources: (environment.CALLBACK_SOURCES ?? '').split(',').filter(Boolean),
  };
}
