/** A callback of the gateway: stored in its order, or queued, before it is answered (contract 1.5 and 2). */
import { addCallback } from '../domain/changes.ts';
import { externalOrderId, isOrderId } from '../domain/identity.ts';
import { externalOrder } from '../domain/new-order.ts';
import type { Callback, Order } from '../domain/order.ts';
import { type Received, type ReceivedCallback, sameIpCode } from '../zeus/callbacks/callback.ts';
import { relabelled } from '../zeus/wire/cvs-stores.ts';
import type { OrderDeps } from './engine.ts';
import type { Clock } from './ports.ts';

export interface CallbackDeps extends OrderDeps {
  deploymentId: string;
  /** The IP code contracted for the callback's method. */
  ipCode: string;
  /** A callback that lacks amount, IP code, order number or (carriers) name does not count. */
  strictCallbacks: boolean;
}

/** `isNew` false: an equal one was stored before, and nothing was written. */
export interface Stored {
  order: Order;
  isNew: boolean;
}

/**
 * Adds a callback to its order: one read and one write; one read for an equal one. A callback about no order of ours is
 * kept in an order under the gateway's number. Durable when it returns; throws what the store throws, and then the
 * gateway must not hear `successok`.
 */
export async function storeCallback(deps: CallbackDeps, received: ReceivedCallback, cameInAt: Date): Promise<Stored> {
  const callback = factOf(received, deps, cameInAt);
  if (received.orderId !== null && isOrderId(received.orderId)) {
    const ours = await addTo(deps, await deps.store.find(received.orderId), received, callback);
    if (ours) return ours;
  }
  return addToExternal(deps, received, callback);
}

function factOf(received: ReceivedCallback, deps: CallbackDeps, cameInAt: Date): Callback {
  const { method: _, orderId: __, ipCode, isNameless: ___, ...said } = received;
  const isRight = ipCode !== null && sameIpCode(ipCode, deps.ipCode);
  return {
    ...said,
    ipCode: ipCode === null ? 'absent' : isRight ? 'right' : 'other',
    testsAccepted: deps.testsAccepted,
    lacks: deps.strictCallbacks ? lackingIn(received) : [],
    at: cameInAt.toISOString(),
  };
}

function lackingIn({ amountYen, ipCode, orderNumber, isNameless }: ReceivedCallback): Callback['lacks'] {
  const values = { amount: amountYen, ipCode, orderNumber, name: isNameless ? null : 'given' };
  return (Object.keys(values) as Callback['lacks']).filter(each => values[each] === null);
}

/** Null: there is no such order of the callback's method that takes callbacks. */
async function addTo(
  deps: CallbackDeps,
  found: Order | null,
  { method }: ReceivedCallback,
  callback: Callback,
): Promise<Stored | null> {
  let order = found;
  while (order?.method === method && !order.conflicting) {
    const next = addCallback(order, withLabels(order, callback), deps.now());
    if (!next) return { order, isNew: false };
    const written = await deps.store.replace(next);
    if (written.stored) return { order: written.stored, isNew: true };
    order = written.existing;
  }
  return null;
}

/** The merchant may not have asked for the store in callbacks: then its numbers get the labels of the order's store. */
function withLabels({ cvs }: Order, callback: Callback): Callback {
  if (!callback.cvs || callback.cvs.store || !cvs) return callback;
  return { ...callback, cvs: { ...callback.cvs, paymentNumbers: relabelled(cvs.store, callback.cvs.paymentNumbers) } };
}

async function addToExternal(deps: CallbackDeps, received: ReceivedCallback, callback: Callback): Promise<Stored> {
  const { method, orderNumber, orderId } = received;
  const id = externalOrderId(deps.deploymentId, method, orderNumber ?? `sendpoint ${orderId}`);
  const now = deps.now();
  const first = addCallback(externalOrder(id, callback, method, now), callback, now);
  if (!first) throw new Error('A new order holds no callback.');
  const written = await deps.store.create(first);
  if (written.stored) return { order: written.stored, isNew: true };
  const known = await addTo(deps, written.existing, received, callback);
  if (!known) throw new Error(`The external order ${id} is of another method.`);
  return known;
}

export interface KeepDeps extends Pick<Clock, 'now' | 'within'> {
  /** Retries for about 20 s. */
  keep(received: Received, cameInAt: Date): Promise<Stored>;
  /** Durable when it returns. */
  queue(received: Received): Promise<void>;
  /** Gets the reason why a callback went to the queue. */
  onError(error: unknown): void;
}

/**
 * The function has 35 s, and the gateway gives up at 40 s. A start that reads the secrets may have cost 10 of them.
 *
 *   0 s  the callback comes in
 *  23 s  storing is given up, whatever it waits for
 *  31 s  so is queueing
 */
const storedBy = 23_000;
export const queuedBy = 31_000;

/** Stores a callback, or leaves it in the queue (null), where it is as durable. Throws when neither worked. */
export async function keepCallback(deps: KeepDeps, received: Received, cameInAt: Date): Promise<Stored | null> {
  const left = (by: number) => Math.max(0, cameInAt.getTime() + by - deps.now().getTime());
  try {
    return await deps.within(left(storedBy), deps.keep(received, cameInAt));
  } catch (error) {
    deps.onError(error);
    await deps.within(left(queuedBy), deps.queue(received));
    return null;
  }
}
