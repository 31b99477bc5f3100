import type { Masked } from '../domain/masked.ts';
import type { Order } from '../domain/order.ts';
import type { Caller } from '../domain/revise.ts';
import { summarize } from '../domain/summarize.ts';
import { cardCancel } from '../zeus/operations/card-cancel.ts';
import type { Send } from '../zeus/wire/transport.ts';
import type { OrderDeps } from './engine.ts';
import { type Operated, type Operation, operate, operateBySchedule } from './operate.ts';

export interface CancelDeps extends OrderDeps {
  send: Send;
  ipCode: string;
  key: Masked;
}

/** The gateway takes a cancel 5 to 10 s after the charge at the earliest (manual 003). */
const waitAfterCharge = 10_000;
const betweenSends = 5_000;
/** No send begins later than this after the call came in. */
export const lastStart = 20_000;

/** Takes a card charge back. Waits and repeats as the manual asks, within one call. */
export const cancel = (deps: CancelDeps, orderId: string, caller: Caller): Promise<Operated> =>
  operate(deps, orderId, caller, cancelOperation(deps));

export const repeatCancel = (deps: CancelDeps, order: Order): Promise<Operated | null> =>
  operateBySchedule(deps, order, cancelOperation(deps));

function cancelOperation(deps: CancelDeps): Operation {
  const calledAt = deps.now().getTime();
  return {
    name: 'cancel',
    method: 'card',
    from: ['paid'],
    async send(_step, orderNumber, order) {
      const { paid } = summarize(order);
      if (paid) await waitUntil(deps, Math.min(Date.parse(paid.at) + waitAfterCharge, calledAt + lastStart));
      const request = { ipCode: deps.ipCode, key: deps.key, orderNumber };
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
