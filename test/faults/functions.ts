/** The functions as they are deployed, each made from the explorer's dependencies instead of the live ones. */
import type { APIGatewayProxyEventV2, DynamoDBBatchResponse, DynamoDBStreamEvent, SQSBatchResponse } from 'aws-lambda';
import { functions as specs } from '../../infra/functions.ts';
import { secretVariables } from '../../local/secrets.ts';
import type { Published } from '../../shared/aws/event-bus.ts';
import type { Masked } from '../../shared/domain/masked.ts';
import type { Answer } from '../../shared/lambda/api.ts';
import type { WithCardKey, WithCarrierKey } from '../../shared/lambda/issued.ts';
import type { OrderEvent } from '../../shared/orders/events.ts';
import type { CardStore, Clock, OrderStore } from '../../shared/orders/ports.ts';
import type { Send } from '../../shared/zeus/wire/transport.ts';

/** What any of the functions needs. */
export interface Deps extends Clock, WithCardKey, WithCarrierKey {
  store: OrderStore;
  cards: CardStore;
  send: Send;
  pathTokens(): Promise<Masked[]>;
  deploymentId: string;
  testsAccepted: boolean;
  strictCallbacks: boolean;
  gatewayBaseUrl: string;
  callbackSources: readonly string[];
  threeDSecure: 'optional';
  threeDSecureOutside: 'refuse' | 'charge';
  queue(message: string): Promise<void>;
  publish(events: readonly OrderEvent[]): Promise<Published>;
}

// Loading a function makes its live dependencies, which read these; nothing of the explorer is sent there.
const environment = {
  AWS_ACCESS_KEY_ID: 'none',
  AWS_REGION: 'ap-northeast-1',
  AWS_SECRET_ACCESS_KEY: 'none',
  ...secretVariables,
  CALLBACK_QUEUE_URL: 'https://queue.example/none',
  CALLBACK_SOURCES: '127.0.0.1',
  DEPLOYMENT_ID: 'none',
  EVENT_BUS_NAME: 'none',
  TABLE_NAME: 'none',
};
for (const [name, value] of Object.entries(environment)) process.env[name] ??= value;

type Api = (deps: Deps) => (event: APIGatewayProxyEventV2) => Promise<Answer>;

export const apiFunctions = {
  'token-charge': (await import('../../functions/token-charge.ts')).create,
  'recurring-charge': (await import('../../functions/recurring-charge.ts')).create,
  'card-authentication': (await import('../../functions/card-authentication.ts')).create,
  'card-completion': (await import('../../functions/card-completion.ts')).create,
  'card-deletion': (await import('../../functions/card-deletion.ts')).create,
  cancel: (await import('../../functions/cancel.ts')).create,
  'carrier-order': (await import('../../functions/carrier-order.ts')).create,
  'carrier-settle': (await import('../../functions/carrier-settle.ts')).create,
  'carrier-return': (await import('../../functions/carrier-return.ts')).create,
  'cvs-order': (await import('../../functions/cvs-order.ts')).create,
  orders: (await import('../../functions/orders.ts')).create,
  callback: (await import('../../functions/callback.ts')).create,
} satisfies Record<string, Api>;

export type ApiFunction = keyof typeof apiFunctions;
export type ApiFunctions = Record<ApiFunction, Api>;

interface QueueEvent {
  Records: { messageId: string; body: string; attributes: { SentTimestamp: string } }[];
}

const { create: createRetry } = await import('../../functions/callback-retry.ts');
export const callbackRetry = createRetry as unknown as (deps: Deps) => (event: QueueEvent) => Promise<SQSBatchResponse>;

export const { create: dueWork } = await import('../../functions/due-work.ts');

export const { create: publish } = (await import('../../functions/publish.ts')) as {
  create: (deps: Deps) => (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
};

/** Seconds after which Lambda ends an invocation. */
export function timeoutOf(name: string): number {
  const spec = specs.find(each => each.name === name);
  if (!spec) throw new Error(`There is no function ${name}.`);
  return spec.timeoutSeconds;
}
