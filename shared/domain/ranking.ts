/** Which of several payments of an order is shown. */
import type { Fact } from './facts.ts';
import { isSend, type Order, type Step } from './order.ts';
import type { Payment } from './payment.ts';
import { furthestFirst } from './tables.ts';

/** The one furthest on first; among equals the one of our last step, then the later `payBy`, then the lower number. */
export function furthestOn(order: Order, whole: (n: string | null) => string | null) {
  const rank = ({ status }: Payment) => {
    if (status === 'registered') return 0;
    const place = furthestFirst.indexOf(status);
    return place < 0 ? furthestFirst.indexOf('awaiting_customer') + 0.5 : place;
  };
  const lastStep = ({ number }: Payment) =>
    order.steps.findLast(step => 'orderNumber' in step && numberOf(order, step, whole) === number)?.number ?? 0;
  const payBy = ({ facts }: Payment) =>
    facts
      .map(({ callback }) => callback?.cvs?.payBy ?? '')
      .sort()
      .at(-1) || answeredPayBy(facts);
  return (a: Payment, b: Payment): number =>
    rank(a) - rank(b) ||
    lastStep(b) - lastStep(a) ||
    (payBy(a) === payBy(b) ? 0 : payBy(a) > payBy(b) ? -1 : 1) ||
    ((a.number ?? '') < (b.number ?? '') ? -1 : 1);
}

/** A charge is about the number that its answer named; a carrier's or store's order about every number that it got. */
function numberOf(
  { method }: Order,
  step: Extract<Step, { orderNumber: unknown }>,
  whole: (n: string | null) => string | null,
): string | null | undefined {
  if (!isSend(step) || step.operation !== 'create') return whole(step.orderNumber);
  const { answer } = step;
  return method === 'card' && answer?.kind === 'done' && answer.orderNumber ? whole(answer.orderNumber) : undefined;
}

function answeredPayBy(facts: readonly Fact[]): string {
  for (const { step } of facts) {
    if (step?.kind === 'send' && step.answer?.kind === 'done') return step.answer.cvs?.payBy ?? '';
  }
  return '';
}
