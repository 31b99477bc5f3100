/** Which of our sends are open: neither answered, nor ended by a callback, nor closed by an operator; and how our newest attempt ended. */
import { attemptOf, decisionsOf, type Fact } from './facts.ts';
import { isSend, type Order, type Send } from './order.ts';
import type { FactKind } from './tables.ts';
import type { Status } from './words.ts';

/** Callbacks that end an open send of ours. */
const endedBy: Record<Send['operation'], readonly FactKind[] | 'any'> = {
  create: 'any',
  settle: ['06', '07', '08', '09'],
  withdraw: ['06', '07', '08', '09'],
  return: ['08', '09'],
  cancel: [],
};

/** What a payment shows while a send about it is open. */
export const openStatus: Record<Exclude<Send['operation'], 'create'>, Status> = {
  settle: 'settling',
  withdraw: 'settle_scheduled',
  cancel: 'cancelling',
  return: 'cancelling',
};

export function openSends(order: Order, facts: readonly Fact[], whole: (n: string | null) => string | null): Send[] {
  const attempt = attemptOf(order);
  return order.steps.filter(isSend).filter(step => {
    if (step.answer || (step.operation === 'create' && step !== attempt)) return false;
    const number = whole(step.orderNumber);
    const enders = endedBy[step.operation];
    const isEnded = facts.some(
      ({ kind, refusedTest, callback, id, ...fact }) =>
        callback !== null &&
        !step.seen.includes(id) &&
        (enders === 'any' || (enders.includes(refusedTest ?? kind) && fact.number === number)),
    );
    // The decision `cancelled` closes operations on its own payment only.
    const isClosed = decisionsOf(order).some(
      decision =>
        decision.number > step.number &&
        (decision.outcome !== 'cancelled' || step.operation === 'create' || whole(decision.orderNumber) === number),
    );
    return !isEnded && !isClosed;
  });
}

/** Where no line of the table applies: how our newest attempt ended. */
export function endOfAttempt(order: Order, own: readonly Fact[], all: readonly Fact[]): Status {
  if (order.operation === 'external') return 'unknown';
  if (order.method === 'carrier') return 'awaiting_customer';
  const attempt = attemptOf(order);
  if (attempt?.authentication?.stage === 'wait' && !attempt.answer) return 'awaiting_customer';
  switch (attempt?.answer?.kind) {
    case 'not_processed':
    case 'expired':
      return attempt.answer.kind;
    case 'refused':
      return 'declined';
    default:
      return own.some(({ kind }) => kind === 'ng_seen') && isAttemptKnown(order, all) ? 'declined' : 'unknown';
  }
}

/** Whether the outcome of the newest attempt is known: by its answer, or by a callback that it had not seen. */
function isAttemptKnown(order: Order, all: readonly Fact[]): boolean {
  const attempt = attemptOf(order);
  if (decisionsOf(order).some(({ number }) => number > (attempt?.number ?? 0))) return true;
  return attempt?.answer?.kind === 'done' || all.some(({ callback, id }) => callback && !attempt?.seen.includes(id));
}
