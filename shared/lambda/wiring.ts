import { callbackQueue } from '../aws/callback-queue.ts';
import { cardsTable } from '../aws/cards-table.ts';
import { createClient } from '../aws/client.ts';
import { ordersTable } from '../aws/orders-table.ts';
import type { CallbackDeps } from '../orders/apply-callback.ts';
import { type CancelDeps, repeatCancel } from '../orders/cancel.ts';
import { repeatDeletion } from '../orders/card-deletion.ts';
import type { CarrierOrderDeps } from '../orders/carrier-order.ts';
import { repeatReturn } from '../orders/carrier-return.ts';
import { type CarrierDeps, repeatSettle, repeatWithdraw, settleDue } from '../orders/carrier-settle.ts';
import type { CvsDeps } from '../orders/cvs-order.ts';
import type { DueDeps } from '../orders/due-work.ts';
import { type KeepDeps, toMessage } from '../orders/keep-callback.ts';
import type { CardDeps } from '../orders/token-charge.ts';
import { createSend } from '../zeus/wire/transport.ts';
import { clock } from './clock.ts';
import { logError } from './log.ts';
import { type Credentials, credentialsFrom } from './secret.ts';
import { readAccess, readCallbackQueueUrl, readSecretId, readSettings } from './settings.ts';

export { clock };
export const settings = readSettings();

/** Short time-outs of its own: a call of ours must not wait for a database longer than the gateway's answer is good for. */
const patience = { maxAttempts: 3, timeoutMs: 3000 };
const dynamo = createClient('dynamodb', readAccess('DYNAMODB'), patience);
const secrets = createClient('secretsmanager', readAccess('SECRETS_MANAGER'), patience);

export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No word within ${milliseconds} ms.`)), milliseconds);
  });
  return Promise.race([work, timeIsUp]).finally(() => clearTimeout(timer));
}

export const store = ordersTable(dynamo, settings.tableName);
export const credentials = credentialsFrom(secrets, readSecretId);

export const cards = cardsTable(dynamo, settings.tableName);
export const send = createSend(settings.gatewayBaseUrl);

export async function cardDeps(): Promise<CardDeps & CancelDeps> {
  const { ipCode, key } = contracted(await credentials(), 'card');
  return { ...clock, store, cards, send, deploymentId: settings.deploymentId, ipCode, key };
}

export async function carrierDeps(): Promise<CarrierDeps & CarrierOrderDeps> {
  const issued = contracted(await credentials(), 'carrier');
  const { deploymentId, gatewayBaseUrl } = settings;
  return { ...clock, store, send, deploymentId, gatewayBaseUrl, ...issued };
}

export async function cvsDeps(): Promise<CvsDeps> {
  const { ipCode } = contracted(await credentials(), 'cvs');
  return { ...clock, store, send, deploymentId: settings.deploymentId, ipCode };
}

export async function callbackDeps(service: 'card' | 'carrier' | 'cvs'): Promise<CallbackDeps> {
  const { ipCode } = contracted(await credentials(), service);
  return { ...clock, store, deploymentId: settings.deploymentId, ipCode };
}

/** What keeping a call takes beside storing it. */
export function keepDeps(): Omit<KeepDeps, 'apply'> {
  // When storing was given up 8 s are left: twice 3.5 s, and up to 1 s between them.
  const queues = createClient('sqs', readAccess('SQS'), { maxAttempts: 2, timeoutMs: 3500 });
  const send = callbackQueue(queues, readCallbackQueueUrl());
  return { now: clock.now, within, queue: notice => send(toMessage(notice)), onError: logError };
}

/** Operations of services that the merchant has no contract for are never pending. */
export async function dueDeps(tell: Pick<DueDeps, 'onChange' | 'onError'>): Promise<DueDeps> {
  const all = await credentials();
  const card = async () => ({ ...clock, store, cards, send, ...contracted(all, 'card') });
  const carrier = async () => ({ ...clock, store, send, ...contracted(all, 'carrier') });
  return {
    ...clock,
    store,
    cards,
    ...tell,
    repeat: {
      cancel: async order => repeatCancel(await card(), order),
      return: async order => repeatReturn(await carrier(), order),
      settle: async order => repeatSettle(await carrier(), order),
      withdraw: async order => repeatWithdraw(await carrier(), order),
    },
    settleDue: async order => settleDue(await carrier(), order),
    repeatDeletion: async record => repeatDeletion(await card(), record),
  };
}

/** What the vendor issued for a service; throws where the secret has none. */
export function contracted<S extends 'card' | 'carrier' | 'cvs'>(
  all: Credentials,
  service: S,
): NonNullable<Credentials[S]> {
  const found = all[service];
  if (!found) throw new Error(`The secret holds no IP code and key for ${service}, or malformed ones.`);
  return found;
}
