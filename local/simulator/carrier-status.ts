/** The statuses of a carrier order (001 p.10), how it gets from one to the next, and what is called (p.13). */
import { jstDay } from './clock.ts';
import { book, type Callback, callbackOf, type Gateway, isoNow, moveTo } from './gateway.ts';
import type { CarrierOrder, CarrierStatus } from './state.ts';

/** Two digits of a callback; null: the status is never called. */
const STATUS_CODES: Record<CarrierStatus, string | null> = {
  accepted: null,
  failed: '02',
  authorized: '03',
  booked: null,
  settling: null,
  settle_failed: '06',
  settled: '07',
  cancelled: '08',
  cancel_failed: '09',
  auth_cancelled: null,
  auth_cancel_failed: null,
};

/** A purchase the carrier refused, a settlement or return the carrier could not do. */
const PURCHASE_REFUSED = '010201301';
export const CARRIER_FAILED = '010100086';

/** The payer went through the carrier's pages. */
export function complete(gateway: Gateway, order: CarrierOrder): Callback[] {
  order.completedAt = isoNow(gateway);
  order.errorCode = '-';
  if (gateway.settings.carrierSale === 'immediate') return settle(gateway, order);
  moveTo(gateway, order, 'authorized');
  book(gateway, order, 'authorization', order.money);
  return carrierCallbacks(gateway, order);
}

export function fail(gateway: Gateway, order: CarrierOrder, code = PURCHASE_REFUSED): Callback[] {
  order.errorCode = code;
  moveTo(gateway, order, 'failed');
  return carrierCallbacks(gateway, order);
}

/** Settles now; `order.settleMoney` is the amount where it is not the first one. */
export function settle(gateway: Gateway, order: CarrierOrder): Callback[] {
  order.bookedFor = null;
  if (order.nextSettlementFails) return failSettlement(gateway, order);
  order.settledAt = isoNow(gateway);
  moveTo(gateway, order, 'settled');
  book(gateway, order, 'settlement', order.settleMoney ?? order.money);
  return carrierCallbacks(gateway, order);
}

export function failSettlement(gateway: Gateway, order: CarrierOrder): Callback[] {
  order.nextSettlementFails = false;
  order.bookedFor = null;
  order.errorCode = CARRIER_FAILED;
  moveTo(gateway, order, 'settle_failed');
  return carrierCallbacks(gateway, order);
}

/** Gives back what was settled, or releases what was not. */
export function giveBack(gateway: Gateway, order: CarrierOrder): Callback[] {
  if (order.nextReturnFails) return failReturn(gateway, order);
  if (!wasSettled(order)) dropBooking(order);
  order.errorCode = '-';
  moveTo(gateway, order, wasSettled(order) ? 'cancelled' : 'auth_cancelled');
  book(gateway, order, 'return', order.settleMoney ?? order.money);
  return carrierCallbacks(gateway, order);
}

export function failReturn(gateway: Gateway, order: CarrierOrder): Callback[] {
  order.nextReturnFails = false;
  if (!wasSettled(order)) dropBooking(order);
  order.errorCode = CARRIER_FAILED;
  moveTo(gateway, order, wasSettled(order) ? 'cancel_failed' : 'auth_cancel_failed');
  return carrierCallbacks(gateway, order);
}

export function dropBooking(order: CarrierOrder): void {
  order.bookedFor = null;
  order.settleMoney = null;
}

export function wasSettled(order: CarrierOrder): boolean {
  return order.status === 'settled' || order.status === 'cancel_failed';
}

/** Bookings run on their day, by themselves. */
export function runBookings(gateway: Gateway): Callback[] {
  const today = jstDay(gateway.clock.now());
  return [...gateway.state.orders.values()]
    .filter((order): order is CarrierOrder => order.service === 'carrier' && order.status === 'booked')
    .filter(order => (order.bookedFor ?? '') <= today)
    .flatMap(order => settle(gateway, order));
}

type Action = { from: CarrierStatus[]; run: (gateway: Gateway, order: CarrierOrder) => Callback[] };

const open: CarrierStatus[] = ['authorized', 'booked', 'auth_cancel_failed'];

/** What can be done from outside: by the payer (`complete`, `fail`), or to make the carrier fail now or next time. */
export const CARRIER_ACTIONS: Record<string, Action> = {
  complete: { from: ['accepted', 'failed'], run: complete },
  fail: { from: ['accepted'], run: (gateway, order) => fail(gateway, order) },
  'fail-settlement': { from: open, run: failSettlement },
  'fail-return': { from: [...open, 'settled'], run: failReturn },
  'next-settlement-fails': { from: ['accepted', ...open], run: mark({ nextSettlementFails: true }) },
  'next-return-fails': { from: ['accepted', ...open, 'settled'], run: mark({ nextReturnFails: true }) },
};

function mark(flags: Partial<CarrierOrder>): Action['run'] {
  return (_gateway, order) => {
    Object.assign(order, flags);
    return [];
  };
}

export function actOnCarrierOrder(gateway: Gateway, order: CarrierOrder, name: string): Callback[] {
  const action = CARRIER_ACTIONS[name];
  if (!action?.from.includes(order.status)) throw new Error(`carrier: ${order.status} allows no ${name}`);
  return action.run(gateway, order);
}

/** A returned provisional sale is called only where agreed; the manual lists no code of its own for it, so 08. */
function carrierCallbacks(gateway: Gateway, order: CarrierOrder): Callback[] {
  const agreed = gateway.settings.optionalCallbacks.includes('carrier-provisional-return');
  const status = order.status === 'auth_cancelled' && agreed ? '08' : STATUS_CODES[order.status];
  if (status === null) return [];
  return [
    callbackOf(order, status, [
      ['clientip', order.clientip],
      ['money', String(order.settleMoney ?? order.money)],
      ['username', order.username],
      ['telno', order.telno],
      ['email', order.email],
      ['sendid', order.sendid],
      ['sendpoint', order.sendpoint],
      ['order_no', order.orderNumber],
      ['carrier_type', order.carrierType],
      ['status', status],
      ['error_code', order.errorCode],
    ]),
  ];
}
