import type { Order } from '../domain/order.ts';
import { carrierReturn as sendReturn } from '../zeus/operations/carrier-return.ts';
import { type Acted, actOnOrder, type Caller, type Operation, repeatPending } from './act-on-order.ts';
import type { CarrierDeps } from './carrier-settle.ts';

/** Returns an order that is authorized, booked or paid; the gateway judges whether it is still in time. */
export const carrierReturn = (deps: CarrierDeps, orderId: string, caller: Caller): Promise<Acted> =>
  actOnOrder(deps, orderId, caller, returnOperation(deps));

export const repeatReturn = (deps: CarrierDeps, order: Order): Promise<Acted | null> =>
  repeatPending(deps, order, returnOperation(deps));

function returnOperation({ send, ipCode, zkey }: CarrierDeps): Operation<object> {
  return {
    name: 'return',
    method: 'carrier',
    during: 'cancelling',
    // A booking of our own schedule never reached the gateway: it rests while the return is out.
    prepare: ({ status, carrier }) =>
      status === 'settle_scheduled' && carrier?.settlement?.by === 'schedule'
        ? { carrier: { ...carrier, settlement: null } }
        : {},
    send: order => sendReturn(send, { ipCode, zkey, orderNumber: order.orderNumber ?? '' }),
  };
}
