/** How a version of an order gets into the store, where others write too and the store may fail for a while. */
import type { Order } from '../domain/order.ts';
import { isSameStage } from '../domain/stages.ts';
import { summarize } from '../domain/summarize.ts';
import type { Clock, OrderStore, Written } from './ports.ts';

/** Writes what `edit` makes of the order, as often as something else comes first; by default for 20 s. Null: there is nothing to change. */
export async function change(
  deps: Clock & { store: OrderStore },
  from: Order,
  edit: (order: Order) => Order | null,
  write = (next: Order): Promise<Written> => persist(deps, () => deps.store.replace(next)),
): Promise<{ order: Order; isWritten: boolean }> {
  for (let order = from; ; ) {
    const next = edit(order);
    if (!next) return { order, isWritten: false };
    const written = await write(next);
    if (written.stored) return { order: written.stored, isWritten: true };
    if (!written.existing) throw new Error(`Order ${order.orderId} is gone.`);
    order = written.existing;
  }
}

/**
 * The client repeats a write whose response was lost; what came after the first one then stands in its way, but the claim is
 * ours, and so is the stage of 3-D Secure that it was for.
 */
export function asClaimed(claimed: Order, written: Written): Written {
  if (written.stored || !written.existing) return written;
  const [ours, held] = [claimed, written.existing].map(order => summarize(order).open);
  const isOurs = ours?.claim && held && ours.claim.id === held.claim?.id && isSameStage(ours, held);
  return isOurs ? { stored: written.existing } : written;
}

export const persistSeconds = 20;

/** Retries a write whose loss would cost an outcome for about 20 s; then throws what the store last threw. */
export async function persist<T>(clock: Clock, write: () => Promise<T>): Promise<T> {
  const until = clock.now().getTime() + persistSeconds * 1000;
  for (let pause = 100; ; pause = Math.min(2 * pause, 2000)) {
    try {
      return await write();
    } catch (error) {
      if (clock.now().getTime() + pause >= until) throw error;
      await clock.sleep(pause);
    }
  }
}
