import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CallbackDeps } from '../orders/apply-callback.ts';
import type { CardDeps } from '../orders/token-charge.ts';
import { cardsTable } from '../store/cards-table.ts';
import { ordersTable } from '../store/orders-table.ts';
import { createSend } from '../zeus/transport.ts';
import { type Credentials, credentialsFrom } from './secret.ts';
import { readSettings } from './settings.ts';

export const settings = readSettings();

/** Short time-outs of its own: a call of ours must not wait for a database longer than the gateway's answer is good for. */
const dynamo = new DynamoDBClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000 },
});

export const clock = {
  now: () => new Date(),
  sleep: (milliseconds: number) => new Promise<void>(resolve => setTimeout(resolve, milliseconds)),
};

export const store = ordersTable(dynamo, settings.tableName);
export const credentials = credentialsFrom(settings.secretId);

export async function cardDeps(): Promise<CardDeps> {
  const { ipCode } = contracted(await credentials(), 'card');
  return {
    ...clock,
    store,
    cards: cardsTable(dynamo, settings.tableName),
    send: createSend(settings.gatewayBaseUrl),
    deploymentId: settings.deploymentId,
    ipCode,
  };
}

export async function callbackDeps(service: 'card' | 'carrier' | 'cvs'): Promise<CallbackDeps> {
  const { ipCode } = contracted(await credentials(), service);
  return { ...clock, store, deploymentId: settings.deploymentId, ipCode };
}

/** What the vendor issued for a service; throws where the secret has none. */
export function contracted<S extends 'card' | 'carrier' | 'cvs'>(all: Credentials, service: S): NonNullable<Credentials[S]> {
  const found = all[service];
  if (!found) throw new Error(`The secret holds nothing for ${service}.`);
  return found;
}
