/**
 * Claim, send once, record. Every change of an order: read it, add what is new, write it if it is still the version
 * that was read, else again from the top.
 *
 *   1 PutItem   the order with a send under a fresh claim     the race is decided here
 *   2 POST      once
 *   3 PutItem   the answer, if nothing changed the order since   else: read, add, write
 *
 * A crash between 1 and 3 leaves a claim that is stale after 120 s: a charge is then unknown and never sent again;
 * cancel, return, settlement and withdrawal are repeated, because the gateway refuses to do them twice.
 */
import { asOf } from '../domain/changes.ts';
import { attemptOf } from '../domain/facts.ts';
import { beginAgain, type Draft, newOrder } from '../domain/new-order.ts';
import type { Order } from '../domain/order.ts';
import type { Outcome } from '../domain/outcome.ts';
import { type Done, recordAnswer, type Sent } from '../domain/sends.ts';
import type { Clock, OrderStore } from './ports.ts';
import { isTokenUsed, replayedOf, type Submitted } from './replay.ts';
import { asClaimed, change } from './write.ts';

export interface OrderDeps extends Clock {
  store: OrderStore;
  /** The setting `testPayments` is `accept`. */
  testsAccepted: boolean;
}

/** Makes an order and sends it at most once. Only `not_processed` is sent again: it proves that nothing happened. */
export async function submit(deps: OrderDeps, draft: Draft, send: () => Promise<Outcome<Done>>): Promise<Submitted> {
  const claimed = await claimNew(deps, draft);
  if (claimed.kind !== 'claimed') return claimed;
  const step = attemptOf(claimed.order);
  if (!step) throw new Error(`Order ${claimed.order.orderId} has no send to claim.`);
  const order = await record(deps, claimed.order, { ...deps, step, bySchedule: false }, await send());
  return { kind: 'answered', order, replayed: false };
}

/** Claims the order that the draft makes, or says what stands in its way. */
export async function claimNew(deps: OrderDeps, draft: Draft): Promise<{ kind: 'claimed'; order: Order } | Submitted> {
  const order = newOrder(draft, true, deps.now());
  let written = asClaimed(order, await deps.store.create(order));
  for (;;) {
    if (written.stored) return { kind: 'claimed', order: written.stored };
    if (!written.existing) throw new Error(`Order ${order.orderId}: a conditional write failed and returned no item.`);
    const now = deps.now();
    const known = replayedOf(written.existing, draft, now);
    if (known) return known;
    const existing = asOf(written.existing, now);
    if (isTokenUsed(existing, draft)) return { kind: 'token_used' };
    const again = beginAgain(existing, draft, now);
    written = asClaimed(again, await deps.store.replace(again));
  }
}

/** Stores what came of a send; nothing that was heard is thrown away. */
export async function record(deps: OrderDeps, claimed: Order, sent: Sent, outcome: Outcome<Done>): Promise<Order> {
  const { order } = await change(deps, claimed, each => recordAnswer(each, sent, outcome, deps.now()));
  return order;
}
