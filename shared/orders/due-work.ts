import { isFresh, type Order, type Pending } from '../domain/order.ts';
import type { Acted } from './act-on-order.ts';
import { change } from './change.ts';
import type { CardRecord, CardStore, Clock, DueKey, OrderStore } from './ports.ts';

export interface DueDeps extends Clock {
  store: OrderStore;
  cards: CardStore;
  /** Sends once more what a dead run or a lost answer left open, by its operation. */
  repeat: Record<Pending['operation'], (order: Order) => Promise<Acted | null>>;
  settleDue(order: Order): Promise<Acted | null>;
  repeatDeletion(record: CardRecord): Promise<unknown>;
  /** Told of every order that changed. */
  onChange(order: Order): void;
  /** Told of each piece of work that failed; the others go on. */
  onError(error: unknown): void;
}

/** `left`: not begun, because it could not have ended in time; the next run takes it. */
export interface DueSummary {
  done: number;
  failed: number;
  left: number;
}

const concurrency = 10;

/**
 * Does what is due: claims gone stale become `unknown`, and what may be repeated is, until the gateway's word is known.
 * Each piece is claimed right before its send, so runs may overlap or die anywhere. Nothing is begun after `lastStart`.
 */
export async function dueWork(deps: DueDeps, lastStart: Date): Promise<DueSummary> {
  const summary: DueSummary = { done: 0, failed: 0, left: 0 };
  const keys = deps.store.due(deps.now())[Symbol.asyncIterator]();
  const worker = async () => {
    for (let key = await keys.next(); !key.done; key = await keys.next()) {
      if (deps.now() >= lastStart) {
        summary.left += 1;
        continue;
      }
      try {
        await doDue(deps, key.value);
        summary.done += 1;
      } catch (error) {
        deps.onError(error);
        summary.failed += 1;
      }
    }
  };
  // A list that breaks off fails the run, but never while a piece is still under way.
  const ended = await Promise.allSettled(Array.from({ length: concurrency }, worker));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return summary;
}

async function doDue(deps: DueDeps, key: DueKey): Promise<void> {
  if ('cardId' in key) {
    const record = await deps.cards.find(key.cardId);
    if (record?.deletion) await deps.repeatDeletion(record);
    return;
  }
  const order = await deps.store.find(key.orderId);
  if (!order?.dueAt || order.dueAt > deps.now().toISOString()) return;
  if (order.pending) {
    tell(deps, await deps.repeat[order.pending.operation](order));
  } else if (order.status === 'sending') {
    await giveUp(deps, order);
  } else if (order.carrier?.settlement?.by === 'schedule' && order.status === 'settle_scheduled') {
    tell(deps, await deps.settleDue(order));
  } else {
    await remind(deps, order);
  }
}

/** The last day to settle comes near, and nobody has. */
async function remind(deps: DueDeps, order: Order): Promise<void> {
  const said = { source: 'schedule', event: 'settlement_due', attention: 'settlement_due' } as const;
  await store(deps, change(order, { at: deps.now(), ...said }));
}

/** The run that held the claim is dead: whether it sent is known to the gateway alone. */
async function giveUp(deps: DueDeps, order: Order): Promise<void> {
  const at = deps.now();
  if (isFresh(order.claim, at)) return;
  const said = { source: 'schedule', event: 'claim_stale', to: 'unknown', attention: 'outcome_unknown' } as const;
  await store(deps, change(order, { at, ...said }));
}

/** Refused where something else came in the meantime: then there is nothing left to do. */
async function store(deps: DueDeps, next: Order): Promise<void> {
  const { stored } = await deps.store.replace(next);
  if (stored) deps.onChange(stored);
}

function tell(deps: DueDeps, acted: Acted | null): void {
  if (acted && 'order' in acted) deps.onChange(acted.order);
}
