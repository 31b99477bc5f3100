import { wholeNumber } from '../domain/facts.ts';
import type { Order } from '../domain/order.ts';
import type { Caller } from '../domain/revise.ts';
import { carrierReturn as sendReturn } from '../zeus/operations/carrier-return.ts';
import type { CarrierDeps } from './carrier-settle.ts';
import { type Operated, type Operation, operate, operateBySchedule } from './operate.ts';

/** Returns a payment that is authorized, booked or paid; the gateway judges whether it is still in time. */
export const carrierReturn = (
  deps: CarrierDeps,
  orderId: string,
  caller: Caller,
  orderNumber: string | null,
): Promise<Operated> => operate(deps, orderId, caller, returnOperation(deps, orderNumber));

export const repeatReturn = (deps: CarrierDeps, order: Order): Promise<Operated | null> =>
  operateBySchedule(deps, order, returnOperation(deps, null));

const returnOperation = ({ send, ipCode, zkey }: CarrierDeps, orderNumber: string | null): Operation => ({
  name: 'return',
  method: 'carrier',
  from: ['authorized', 'settle_scheduled', 'paid'],
  orderNumber,
  asksFor: (open, order) => orderNumber === null || wholeNumber(order, open.orderNumber) === orderNumber,
  send: (_step, number) => sendReturn(send, { ipCode, zkey, orderNumber: number }),
});
