/**
 * The one payment request of a 3-D Secure session. Storing that it is to be sent is the point of no return: from then on
 * nobody can send another, because the session has left the order.
 */
import { beginPayment } from '../domain/authentication.ts';
import { attemptOf } from '../domain/facts.ts';
import type { Order, Send as Step } from '../domain/order.ts';
import type { Authentication } from '../domain/stages.ts';
import { cardAuthorisation } from '../zeus/operations/card-authorisation.ts';
import type { Send } from '../zeus/wire/transport.ts';
import { type OrderDeps, persist, record } from './engine.ts';

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
  const edit = (each: Order) => beginPayment(each, step.claim?.id ?? '', result, deps.now());
  // Its time is short: a payment that cannot be stored at once is not begun, and the claim lapses.
  const begun = await change(deps, order, edit, next => deps.store.replace(next));
  if (!begun.isWritten) return begun.order;
  const attempt = attemptOf(begun.order) ?? step;
  const outcome = await cardAuthorisation(deps.send, { xid, orderId });
  return record(deps, begun.order, { ...deps, step: attempt, bySchedule: false }, outcome);
}

/** Writes what `edit` makes of the order, as often as something else comes first. Null: there is nothing to change. */
export async function change(
  deps: OrderDeps,
  from: Order,
  edit: (order: Order) => Order | null,
  write = (next: Order) => persist(deps, () => deps.store.replace(next)),
): Promise<{ order: Order; isWritten: boolean }> {
  for (let order = from; ; ) {
    const next = edit(order);
    if (!next) return { order, isWritten: false };
    const written = await write(next);
    if (written.stored) return { order: written.stored, isWritten: true };
    if (!written.existing) throw new Error(`Order ${order.orderId} is gone.`);
    order = written.existing;
  }
}
