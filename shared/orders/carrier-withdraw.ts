import { withdrawBooking } from '../domain/changes.ts';
import { dayOf } from '../domain/days.ts';
import { isTryOf } from '../domain/due.ts';
import { isSend, type Order } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';
import type { Caller } from '../domain/revise.ts';
import { carrierWithdraw as sendWithdraw } from '../zeus/operations/carrier-settle.ts';
import type { CarrierDeps } from './carrier-settle.ts';
import { type Operated, type Operation, operate, operateBySchedule } from './operate.ts';

/** Withdraws a booking, until the day before; one of our schedule without asking the gateway. */
export function carrierWithdraw(deps: CarrierDeps, orderId: string, caller: Caller): Promise<Operated> {
  return operate(deps, orderId, caller, {
    ...withdrawOperation(deps),
    from: ['settle_scheduled'],
    isBarred: (order, payment) => !isWithdrawable(order, payment, dayOf(deps.now())),
    local: (order, { number, booking }, by) =>
      booking?.by === 'schedule' ? withdrawBooking(order, number, by, deps.now()) : null,
  });
}

/** A booking of ours that the gateway refused on its day never took effect, so it may be withdrawn later as well. */
function isWithdrawable(order: Order, { booking }: Payment, today: string): boolean {
  if (!booking) return false;
  const tries = order.steps.filter(isSend).filter(step => isTryOf(booking.step, step));
  const wasRefused = tries.some(({ answer }) => answer?.kind === 'refused');
  return booking.request.on > today || (booking.by === 'schedule' && wasRefused);
}

export const repeatWithdraw = (deps: CarrierDeps, order: Order): Promise<Operated | null> =>
  operateBySchedule(deps, order, withdrawOperation(deps));

function withdrawOperation({ send, ipCode, zkey }: CarrierDeps): Pick<Operation, 'name' | 'method' | 'send'> {
  return {
    name: 'withdraw',
    method: 'carrier',
    send: (_step, orderNumber) => sendWithdraw(send, { ipCode, zkey, orderNumber }),
  };
}
