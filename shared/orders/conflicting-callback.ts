/** A callback that contradicts itself (contract 1.5): kept for an operator, in an order of its own that nothing adds to. */
import { externalOrderId } from '../domain/identity.ts';
import { conflictingOrder } from '../domain/new-order.ts';
import type { ConflictingCallback } from '../zeus/callbacks/callback.ts';
import type { Stored } from './callbacks.ts';
import type { Clock, OrderStore } from './ports.ts';

export interface ConflictingDeps extends Pick<Clock, 'now'> {
  store: OrderStore;
  deploymentId: string;
}

/** Durable when it returns; an equal one stored before is left as it is. */
export async function storeConflicting(deps: ConflictingDeps, received: ConflictingCallback): Promise<Stored> {
  const { method, conflicting, orderIds, digest } = received;
  // No order number holds a line feed, so no later callback is kept under this ID.
  const orderId = externalOrderId(deps.deploymentId, method, `conflicting\n${digest}`);
  const note = `twice with different values: ${conflicting.join(', ')}; sendpoint: ${orderIds.join(', ') || 'none'}`;
  const written = await deps.store.create(conflictingOrder(orderId, method, note, deps.now()));
  if (written.stored) return { order: written.stored, isNew: true };
  if (!written.existing) throw new Error(`Order ${orderId}: a conditional write failed and returned no item.`);
  return { order: written.existing, isNew: false };
}
