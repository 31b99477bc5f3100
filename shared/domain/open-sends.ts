/** Which of our sends are open: neither answered, nor ended by a callback, nor closed by an operator. */
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
      ({ kind, callback, id, ...fact }) =>
        callback !== null &&
        !step.seen.includes(id) &&
        (enders === 'any' || (enders.includes(kind) && fact.number === number)),
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
