/** An operator's decision or acknowledgement (contract 1.7): what no answer and no callback tells. */
import { acknowledge, asOf, decide } from '../domain/changes.ts';
import { dayOf } from '../domain/days.ts';
import { settleByOf } from '../domain/details.ts';
import { isFresh, isSend, type Order } from '../domain/order.ts';
import type { Caller } from '../domain/revise.ts';
import { type Summary, summarize } from '../domain/summarize.ts';
import { decided } from '../domain/tables.ts';
import { type AttentionReason, type DecisionOutcome, decisionOutcomes, type Status } from '../domain/words.ts';
import type { OrderDeps } from './engine.ts';
import type { Fault, Operated } from './operate.ts';

export const resolutionOutcomes = [...decisionOutcomes, 'acknowledged'] as const;

export interface Resolution {
  outcome: (typeof resolutionOutcomes)[number];
  gatewayOrderNumber: string | null;
  /** Only with `paid`: what was really paid; null: the amount asked for. */
  amountYen: number | null;
  /** Only with `acknowledged`; null: all that stand. */
  reasons: AttentionReason[] | null;
  note: string;
}

/** Stores what an operator says. A send that is running must end first. */
export async function resolve(
  deps: OrderDeps,
  orderId: string,
  caller: Caller,
  resolution: Resolution,
): Promise<Operated> {
  let order = await deps.store.find(orderId);
  while (order) {
    const used = order.keys[caller.key];
    if (used && used.request !== caller.request) return { kind: 'key_reused' };
    if (used) return { kind: 'done', order, replayed: true };
    const now = deps.now();
    const current = asOf(order, now);
    const isRunning = current.steps.some(step => isSend(step) && !step.answer && isFresh(step.claim, now));
    if (isRunning) return { kind: 'in_progress' };
    const next = resolved(current, resolution, caller, now);
    if ('kind' in next) return next;
    const written = await deps.store.replace(next);
    if (written.stored) return { kind: 'done', order: written.stored, replayed: false };
    order = written.existing;
  }
  return { kind: 'not_found' };
}

/** The order with the resolution, or why it is not allowed. Pure. */
export function resolved(order: Order, resolution: Resolution, caller: Caller, at: Date): Order | Operated {
  const { outcome, gatewayOrderNumber, amountYen, note } = resolution;
  const summary = summarize(order);
  if (outcome === 'acknowledged') return acknowledged(order, summary, resolution, caller, at);
  if (!decided[order.method][outcome] || !mayDecide(order, summary, outcome, at))
    return { kind: 'wrong_status', order };
  const orderNumber = gatewayOrderNumber ?? summary.orderNumber;
  const faults = faultsOf(order, summary, outcome, orderNumber, amountYen);
  if (faults.length > 0) return { kind: 'invalid', faults };
  return decide(order, { outcome, orderNumber, amountYen }, caller, note, at);
}

function acknowledged(order: Order, { attention }: Summary, { reasons, note }: Resolution, caller: Caller, at: Date) {
  const raised = attention.map(({ reason }) => reason);
  const standing = raised.filter(reason => reason !== 'outcome_unknown');
  // Asked for all that stand, it is the unknown outcome alone.
  const isUnknownAlone = reasons === null && raised.length > 0 && standing.length === 0;
  const faults = isUnknownAlone
    ? [faultOf('reasons', unknownMessage)]
    : (reasons ?? []).flatMap((reason, i) => {
        if (reason === 'outcome_unknown') return faultOf(`reasons.${i}`, unknownMessage);
        return standing.includes(reason) ? [] : faultOf(`reasons.${i}`, `does not stand: ${reason}`);
      });
  if (faults.length > 0) return { kind: 'invalid', faults } as const;
  if (standing.length === 0) return { kind: 'wrong_status', order } as const;
  return acknowledge(order, reasons ?? standing, caller, note, at);
}

const unknownMessage = 'must be decided: an unknown outcome cannot be acknowledged';
const faultOf = (field: string, message: string): Fault => ({ field, code: 'invalid', message });

const decidable: readonly Status[] = ['unknown', 'settling', 'cancelling'];

function mayDecide(order: Order, summary: Summary, outcome: DecisionOutcome, at: Date): boolean {
  const { status, open, shown, attention } = summary;
  const refunded: readonly AttentionReason[] = ['cancel_failed', 'money_after_cancel', 'duplicate_payment'];
  return (
    decidable.includes(status) ||
    open?.operation === 'withdraw' ||
    (status === 'settle_scheduled' && shown.booking?.by === 'gateway') ||
    // A card that waits for 3-D Secure has been asked for nothing, and expires by itself.
    (status === 'awaiting_customer' && order.method !== 'card') ||
    status === 'received' ||
    (status === 'authorized' && dayOf(at) > settleByOf(order)) ||
    (outcome === 'cancelled' && attention.some(({ reason }) => refunded.includes(reason)))
  );
}

/** What each method's operations can carry (manuals 001, 000 and 003, order number). */
const widestNumber = { card: 50, carrier: 38, cvs: 50 };

function faultsOf(
  { method, operation }: Order,
  { amountYen: first }: Summary,
  outcome: DecisionOutcome,
  orderNumber: string | null,
  amountYen: number | null,
): Fault[] {
  const faults: Fault[] = [];
  if ((outcome === 'paid' || outcome === 'authorized') && orderNumber === null) {
    faults.push({
      field: 'gatewayOrderNumber',
      code: 'required',
      message: 'is required: no number of the gateway is known',
    });
  }
  if (orderNumber !== null && orderNumber.length > widestNumber[method]) {
    const message = `must have at most ${widestNumber[method]} characters`;
    faults.push({ field: 'gatewayOrderNumber', code: 'invalid', message });
  }
  if (amountYen !== null && outcome !== 'paid') {
    faults.push({ field: 'amount', code: 'invalid', message: 'goes only with paid' });
  } else if (
    amountYen !== null &&
    (amountYen < 1 || (amountYen > first && !(operation === 'external' && first === 0)))
  ) {
    faults.push({
      field: 'amount',
      code: 'invalid',
      message: `must be a whole number from 1 to ${first}, the first amount`,
    });
  }
  return faults;
}
