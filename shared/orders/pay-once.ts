/**
 * The one payment request of a 3-D Secure session. Storing that it is to be sent is the point of no return: from then on
 * nobody can send another, because the session has left the order.
 */
import { beginPayment } from '../domain/authentication.ts';
import { attemptOf } from '../domain/facts.ts';
import type { Order, Send as Step } from '../domain/order.ts';
import type { Authentication } from '../domain/stages.ts';
import { summarize } from '../domain/summarize.ts';
import { cardAuthorisation } from '../zeus/operations/card-authorisation.ts';
import type { Send } from '../zeus/wire/transport.ts';
import { type OrderDeps, persist, record } from './engine.ts';

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
  const begun = await change(deps, order, edit, next => deps.store.replace(next));
  const attempt = attemptOf(begun.order) ?? step;
  if (!begun.isWritten && !isBegunBy(step, begun.order)) return begun.order;
  const outcome = await cardAuthorisation(deps.send, { xid, orderId });
  return record(deps, begun.order, { ...deps, step: attempt, bySchedule: false }, outcome);
}

/** The client repeats a write whose response was lost. A callback that came after the write then stands in its way, not another claim. */
function isBegunBy({ claim }: Step, order: Order): boolean {
  const { open } = summarize(order);
  return open?.authentication?.stage === 'pay' && open.claim !== null && open.claim.id === claim?.id;
}

/** Writes what `edit` makes of the order, as often as something else comes first; by default for 20 s. Null: there is nothing to change. */
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
