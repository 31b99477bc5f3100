/**
 * The one payment request of a 3-D Secure session. Storing that it is to be sent is the point of no return: from then on
 * no call can send another, because the session has left the order.
 */
import { beginPayment } from '../domain/authentication.ts';
import { attemptOf } from '../domain/facts.ts';
import type { Order, Send as Step } from '../domain/order.ts';
import type { Authentication } from '../domain/stages.ts';
import { cardAuthorisation } from '../zeus/operations/card-authorisation.ts';
import type { Send } from '../zeus/wire/transport.ts';
import { type OrderDeps, record } from './engine.ts';
import { asClaimed, change } from './write.ts';

/** The write before the request may take 5 s, and the request begins at most 25 s after the call came in (three-d-secure.md, 7.5). */
export const lastStart = 20_000;

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
  const edit = (each: Order) => beginPayment(each, step.claim?.id ?? '', result, deps.now());
  // Its time is short: a payment that cannot be stored at once is not begun.
  const begun = await change(deps, order, edit, async next => asClaimed(next, await deps.store.replace(next)));
  if (!begun.isWritten) return begun.order;
  const attempt = attemptOf(begun.order) ?? step;
  const outcome = await cardAuthorisation(deps.send, { xid, orderId });
  return record(deps, begun.order, { ...deps, step: attempt, bySchedule: false }, outcome);
}
