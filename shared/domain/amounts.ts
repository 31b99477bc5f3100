/** Which amounts were asked for, and which a callback may name. */
import { type Callback, isSend, type Order } from './order.ts';

/** The amounts that we asked the gateway to settle of one payment. */
export const askedAmounts = (order: Order, number: string | null, whole: (n: string | null) => string | null) =>
  order.steps
    .filter(isSend)
    .filter(step => step.settlement && whole(step.orderNumber) === number)
    .map(step => step.settlement?.amountYen ?? (order.operation === 'external' ? null : order.amountYen))
    .filter(amount => amount !== null);

/** Of these, what may have been settled: not refused, and no booking that was withdrawn. */
export function pendingAmounts(
  order: Order,
  number: string | null,
  whole: (n: string | null) => string | null,
): number[] {
  const ofNumber = order.steps.filter(isSend).filter(step => whole(step.orderNumber) === number);
  const withdrawn =
    ofNumber.findLast(step => step.operation === 'withdraw' && step.answer?.kind === 'done')?.number ?? 0;
  const steps = ofNumber.filter(
    ({ number: began, answer }) => began > withdrawn && (answer === null || answer.kind === 'done'),
  );
  return askedAmounts({ ...order, steps }, number, whole);
}

export function isRightAmount(
  order: Order,
  { status, amountYen }: Callback,
  asked: number[],
  is03Known: boolean,
): boolean {
  if (amountYen === 'invalid') return false;
  if (amountYen === null || order.operation === 'external' || amountYen === order.amountYen) return true;
  if (order.method !== 'carrier') return false;
  if (['06', '07', '08', '09'].includes(status) && asked.includes(amountYen)) return true;
  const isLower = amountYen > 0 && amountYen < order.amountYen;
  return status === '07' && order.carrier?.type !== 'softbank' && isLower && is03Known;
}
