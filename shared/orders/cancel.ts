import type { Masked } from '../domain/masked.ts';
import type { Order } from '../domain/order.ts';
import { cardCancel } from '../zeus/operations/card-cancel.ts';
import type { Send } from '../zeus/wire/transport.ts';
import { type ActDeps, type Acted, actUnread, type Caller, type Operation, repeatPending } from './act-on-order.ts';

export interface CancelDeps extends ActDeps {
  send: Send;
  ipCode: string;
  key: Masked;
}

/** The gateway takes a cancel 5 to 10 s after the charge at the earliest (manual 003). */
const waitAfterCharge = 10_000;
const betweenSends = 5_000;
/** No send begins later than this after the call came in. */
const lastStart = 20_000;

/** Takes a card charge back. Waits and repeats as the manual asks, within one call. */
export function cancel(deps: CancelDeps, orderId: string, caller: Caller): Promise<Acted> {
  return actUnread(deps, orderId, caller, cancelOperation(deps));
}

export const repeatCancel = (deps: CancelDeps, order: Order): Promise<Acted | null> =>
  repeatPending(deps, order, cancelOperation(deps));

function cancelOperation(deps: CancelDeps): Operation<object> & { before: 'paid' } {
  const calledAt = deps.now().getTime();
  return {
    name: 'cancel',
    method: 'card',
    before: 'paid',
    during: 'cancelling',
    async send(order) {
      if (order.paidAt)
        await waitUntil(deps, Math.min(Date.parse(order.paidAt) + waitAfterCharge, calledAt + lastStart));
      const request = { ipCode: deps.ipCode, key: deps.key, orderNumber: order.orderNumber ?? '' };
      const begun = deps.now().getTime();
      const first = await cardCancel(deps.send, request);
      const again = Math.max(begun + betweenSends, deps.now().getTime());
      if (first.kind !== 'refused' || !first.mayRepeat || again > calledAt + lastStart) return first;
      await waitUntil(deps, again);
      return cardCancel(deps.send, request);
    },
  };
}

const waitUntil = (deps: CancelDeps, time: number): Promise<void> =>
  deps.sleep(Math.max(0, time - deps.now().getTime()));
