/**
 * The one payment request of a 3-D Secure session. Storing that it is to be sent is the point of no return: from then on
 * nobody can send another, because the session has left the order.
 */
import { beginPayment } from '../domain/authentication.ts';
import { attemptOf } from '../domain/facts.ts';
import type { Authentication, Order, Send as Step } from '../domain/order.ts';
import { cardAuthorisation } from '../zeus/operations/card-authorisation.ts';
import type { Send } from '../zeus/wire/transport.ts';
import { change, type OrderDeps, record } from './engine.ts';

/** The request may take 75 s, and its outcome must be stored within the function's 120 s. */
export const lastStart = 25_000;

export const isTooLateToPay = ({ now }: Pick<OrderDeps, 'now'>, calledAt: Date): boolean =>
  now().getTime() - calledAt.getTime() > lastStart;

/** Nothing is sent if the claim was taken over, or the order is not one to be paid any more. `step`: as it was claimed. */
export async function payOnce(
  deps: OrderDeps & { send: Send },
  order: Order,
  step: Step,
  xid: string,
  result: NonNullable<Authentication['result']>,
): Promise<Order> {
  const { orderId } = order;
  const begun = await change(deps, order, each => beginPayment(each, step.claim?.id ?? '', result, deps.now()));
  if (!begun.isWritten) return begun.order;
  const attempt = attemptOf(begun.order) ?? step;
  const outcome = await cardAuthorisation(deps.send, { xid, orderId });
  return record(deps, begun.order, { step: attempt, bySchedule: false, testsAccepted: deps.testsAccepted }, outcome);
}
