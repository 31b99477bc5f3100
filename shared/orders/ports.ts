import type { Brand, PaymentNumber } from '../zeus/callback.ts';
import type { Masked } from '../zeus/masked.ts';
import type { Failure } from '../zeus/outcome.ts';
import type { HistoryEntry, Method, Order, Status } from './order.ts';

/** Orders at rest. Every write is one conditional request; a condition that fails returns the order as it is. */
export interface OrderStore {
  /** Stores the order if there is none of its id. One request. */
  create(order: Order): Promise<Written>;
  /** Stores the next version if the one before it is still the stored one. One request. */
  replace(next: Order): Promise<Written>;
  /** Moves an order that nobody has read, if it stands where the move may begin. One request. */
  advance(move: Advance): Promise<Written>;
  find(orderId: string): Promise<Order | null>;
}

/** `stored` is the order as it now is; `existing` the one that stood in the way (null: there is none). */
export type Written = { stored: Order } | { stored: null; existing: Order | null };

/** A callback's normal move, complete in one update: conditions of the transition table, then what it fills in. */
export interface Advance {
  orderId: string;
  method: Method;
  from: readonly Status[];
  to: Status;
  amountYen: number | null;
  /** The amount is compared with the settlement's, where there is one. */
  ofSettlement: boolean;
  orderNumber: string | null;
  gatewayStatus: string;
  failure: Failure | null;
  /** Digest of the callback: one that is stored already moves nothing. */
  seen: string;
  entry: HistoryEntry;
  card: { last4: string | null; brand: Brand | null } | null;
  cvs: { paymentNumbers: PaymentNumber[]; payBy: string | null } | null;
  settleBy: string | null;
  dueAt: string | null;
}

/** Time as a dependency. `sleep` in milliseconds. */
export interface Clock {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}

/** Stored cards: which phones each was registered with. The only place where a payer's phone is kept. */
export interface CardStore {
  /** Notes a registration before it is sent. One request; repeating it changes nothing that matters. */
  remember(cardId: string, phone: Masked): Promise<void>;
}
