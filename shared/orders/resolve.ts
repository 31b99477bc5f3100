import { asOf, isFresh, type Order } from '../domain/order.ts';
import type { Caller } from './act-on-order.ts';
import { change } from './change.ts';
import type { Clock, OrderStore } from './ports.ts';
import { effectOf, findRow } from './transitions.ts';
import { markDone, withKey } from './used-keys.ts';

export const resolutionOutcomes = ['paid', 'declined', 'cancelled', 'awaiting_customer', 'acknowledged'] as const;

export interface Resolution {
  outcome: (typeof resolutionOutcomes)[number];
  gatewayOrderNumber: string | null;
  note: string;
}

export type Resolved =
  | { kind: 'done'; order: Order; replayed: boolean }
  | { kind: 'wrong_state'; order: Order }
  | { kind: 'in_progress' | 'key_reused' | 'not_found' };

/** Stores a person's word, for what nobody else can tell: only along the transition table, with a note. */
export async function resolve(
  deps: Clock & { store: OrderStore },
  orderId: string,
  caller: Caller,
  resolution: Resolution,
): Promise<Resolved> {
  let order = await deps.store.find(orderId);
  while (order) {
    const used = order.keys[caller.key];
    if (used && used.request !== caller.request) return { kind: 'key_reused' };
    if (used) return { kind: 'done', order, replayed: true };
    const now = deps.now();
    if (order.status === 'sending' && isFresh(order.claim, now)) return { kind: 'in_progress' };
    const next = resolved(asOf(order, now), resolution, caller, now);
    if (!next) return { kind: 'wrong_state', order };
    const written = await deps.store.replace(next);
    if (written.stored) return { kind: 'done', order: written.stored, replayed: false };
    order = written.existing;
  }
  return { kind: 'not_found' };
}

/** Null: the order's status does not allow it. Pure. */
export function resolved(order: Order, resolution: Resolution, caller: Caller, at: Date): Order | null {
  const { outcome, gatewayOrderNumber, note } = resolution;
  const said = { at, source: 'operator' as const, event: outcome, note };
  const cleared = { attention: null, keys: markDone(withKey(order.keys, caller, at), caller.key) };
  if (outcome === 'acknowledged') return order.attention ? change(order, { ...said, fill: cleared }) : null;
  const learned = {
    ...cleared,
    ...(gatewayOrderNumber !== null && { orderNumber: gatewayOrderNumber, numberBound: true }),
  };

  const row = findRow(order.method, `resolve_${outcome}`);
  const effect = row && effectOf(row, order.status);
  if (effect?.kind !== 'move') return null;
  const to = outcome === 'paid' && order.amountYen === 0 && order.method === 'card' ? 'registered' : effect.to;
  const failure =
    outcome === 'declined'
      ? ({
          reason: 'operator',
          code: null,
          parameter: null,
          message: 'Declined by an operator.',
          payerMessage: null,
        } as const)
      : null;
  const cancelledByOperator = order.method === 'cvs' && outcome === 'cancelled';
  return change(order, { ...said, to, fill: { ...learned, failure, cancelledByOperator } });
}
