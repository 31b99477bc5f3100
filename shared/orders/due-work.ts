/** The scheduled function's work: what is due is read from one index, and each piece is claimed right before its send. */
import { giveUp, noteDue } from '../domain/changes.ts';
import { dayOf } from '../domain/days.ts';
import { settleByOf } from '../domain/details.ts';
import { bookingDueAt, notesDue } from '../domain/due.ts';
import type { Masked } from '../domain/masked.ts';
import type { Order } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';
import { summarize } from '../domain/summarize.ts';
import type { Send } from '../zeus/wire/transport.ts';
import { repeatCancel } from './cancel.ts';
import { repeatDeletion } from './card-deletion.ts';
import { repeatReturn } from './carrier-return.ts';
import { repeatSettle, settleDue } from './carrier-settle.ts';
import { repeatWithdraw } from './carrier-withdraw.ts';
import type { OrderDeps } from './engine.ts';
import type { Operated } from './operate.ts';
import type { CardStore, DueKey } from './ports.ts';

export interface DueDeps extends OrderDeps {
  cards: CardStore;
  send: Send;
  /** What the vendor issued for each method; throws for one that is not contracted, whose operations are never due. */
  card(): { ipCode: string; key: Masked };
  carrier(): { ipCode: string; zkey: Masked };
  /** Gets every order that changed. */
  onChange(order: Order): void;
  /** Gets each piece of work that failed; the others go on. */
  onError(error: unknown): void;
}

/** `left`: not begun, because it could not have ended in time; the next run takes it. */
export interface DueSummary {
  done: number;
  failed: number;
  left: number;
}

const concurrency = 10;
/** A cancel waits 20 s before its last request of 75 s; and what is read and stored around it. */
export const longestPiece = 140_000;

/** Runs may overlap or die anywhere. Nothing is begun after `lastStart`. */
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
  // If reading the index fails, the run fails only after the work under way has ended.
  const ended = await Promise.allSettled(Array.from({ length: concurrency }, worker));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return summary;
}

async function doDue(deps: DueDeps, key: DueKey): Promise<void> {
  const now = deps.now();
  if ('cardId' in key) {
    const record = await deps.cards.find(key.cardId);
    if (record?.dueAt && record.dueAt <= now.toISOString()) await repeatDeletion({ ...deps, ...deps.card() }, record);
    return;
  }
  const order = await deps.store.find(key.orderId);
  if (!order) return;
  const { open, shown, others, dueAt } = summarize(order);
  if (!dueAt || dueAt > now.toISOString()) return;
  const payments = [shown, ...others];
  for (const payment of payments) {
    const note = notesDue(order, payment).find(({ at }) => at <= now.toISOString());
    if (note) return write(deps, noteDue(order, 'settlement_due', payment.number, note.day, now));
  }
  if (open) {
    return open.operation === 'create' ? write(deps, giveUp(order, now)) : repeat(deps, order, open.operation);
  }
  for (const payment of payments) if (await doBooked(deps, order, payment, now)) return;
}

/** Sends once more what a dead invocation or a lost answer left open. */
async function repeat(
  deps: DueDeps,
  order: Order,
  operation: 'cancel' | 'return' | 'settle' | 'withdraw',
): Promise<void> {
  if (operation === 'cancel') return changed(deps, await repeatCancel({ ...deps, ...deps.card() }, order));
  const carrierDeps = { ...deps, ...deps.carrier() };
  const again = { return: repeatReturn, settle: repeatSettle, withdraw: repeatWithdraw }[operation];
  changed(deps, await again(carrierDeps, order));
}

/** Whether a booking of ours had something due: its settlement, or its end. */
async function doBooked(deps: DueDeps, order: Order, payment: Payment, now: Date): Promise<boolean> {
  const dueAt = bookingDueAt(order, payment);
  if (!dueAt || dueAt > now.toISOString()) return false;
  const settleBy = settleByOf(order);
  if (dayOf(now) > settleBy) await write(deps, noteDue(order, 'booking_ended', payment.number, settleBy, now));
  else changed(deps, await settleDue({ ...deps, ...deps.carrier() }, order, payment));
  return true;
}

/** Refused where something else came in the meantime: then the next run looks again. */
async function write(deps: DueDeps, next: Order | null): Promise<void> {
  if (!next) return;
  const { stored } = await deps.store.replace(next);
  if (stored) deps.onChange(stored);
}

function changed(deps: DueDeps, operated: Operated | null): void {
  if (operated && 'order' in operated) deps.onChange(operated.order);
}
