import type { TestPayments } from '../domain/words.ts';

/** The only file that reads the environment: what the stack gives every function. */
export interface Settings {
  tableName: string;
  deploymentId: string;
  gatewayBaseUrl: string;
  /** Addresses that callbacks may come from; empty in functions that take none. */
  callbackSources: string[];
  testPayments: TestPayments;
  strictCallbacks: boolean;
  /** Closed orders are deleted so long after their last change; null: never. */
  orderRetentionDays: number | null;
  /** EMV 3-D Secure: whether charges may do without it, and whether cards that take no part in it are charged. */
  threeDSecure: 'off' | 'optional' | 'required';
  threeDSecureOutside: 'refuse' | 'charge';
}

type Environment = Record<string, string | undefined>;

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`The environment variable ${name} is not set.`);
  return value;
}

/** The first where the variable is not set. */
function oneOf<T extends string>(environment: Environment, name: string, values: readonly [T, ...T[]]): T {
  const value = environment[name] || values[0];
  const found = values.find(each => each === value);
  if (!found) throw new Error(`The environment variable ${name} must be one of ${values.join(', ')}.`);
  return found;
}

export const readBusName = (environment: Environment = process.env): string => required(environment, 'EVENT_BUS_NAME');

/** Each names the secret of one part. */
export type SecretVariable = `${'IP_CODES' | 'CARD_KEY' | 'CARRIER_KEY' | 'PATH_TOKEN'}_SECRET_ID`;

export const readSecretId = (variable: SecretVariable, environment: Environment = process.env): string =>
  required(environment, variable);

export const readCallbackQueueUrl = (environment: Environment = process.env): string =>
  required(environment, 'CALLBACK_QUEUE_URL');

export function readSettings(environment: Environment = process.env): Settings {
  return {
    tableName: required(environment, 'TABLE_NAME'),
    deploymentId: required(environment, 'DEPLOYMENT_ID'),
    gatewayBaseUrl: environment.ZEUS_BASE_URL || 'https://linkpt.cardservice.co.jp',
    threeDSecure: oneOf(environment, 'THREE_D_SECURE', ['optional', 'off', 'required']),
    threeDSecureOutside: oneOf(environment, 'THREE_D_SECURE_OUTSIDE', ['refuse', 'charge']),
    callbackSources: (environment.CALLBACK_SOURCES ?? '').split(',').filter(Boolean),
    testPayments: environment.TEST_PAYMENTS === 'accept' ? 'accept' : 'refuse',
    strictCallbacks: environment.STRICT_CALLBACKS === 'true',
    orderRetentionDays: Number(environment.ORDER_RETENTION_DAYS) || null,
  };
}
