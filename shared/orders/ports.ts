import type { Masked } from '../domain/masked.ts';
import type { Claim, HistoryEntry, Method, Order, Pending, Status, UsedKeys } from '../domain/order.ts';
import type { Failure } from '../domain/outcome.ts';
import type { Brand, PaymentNumber } from '../zeus/callbacks/callback.ts';

/** Orders at rest. Every write is one conditional request; a condition that fails returns the order as it is. */
export interface OrderStore {
  /** Stores the order if there is none of its id. One request. */
  create(order: Order): Promise<Written>;
  /** Stores the next version if the one before it is still the stored one. One request. */
  replace(next: Order): Promise<Written>;
  /** Moves an order that nobody has read, if it stands where the move may begin. One request. */
  advance(move: Advance): Promise<Written>;
  /** Claims an order for an operation that nobody has begun, unread. One request. */
  claim(claim: BlindClaim): Promise<Written>;
  find(orderId: string): Promise<Order | null>;
  /** A page of an index, and its orders as they stand. `after`: the sort value with which the page before ended. */
  list(list: OrderList, limit: number, after: string | null): Promise<ListPage>;
  /** What is due by then, orders and cards. */
  due(by: Date): AsyncIterable<DueKey>;
}

/** Which orders, by which index. `day`: JST day of creation; null: of all days. */
export type OrderList = { newestFirst: boolean; day: string | null } & (
  | { index: 'byDay'; day: string }
  | { index: 'byStatus'; statuses: readonly Status[] }
  | { index: 'byReference'; reference: string }
  | { index: 'byAttention' }
);

export interface ListPage {
  orders: Order[];
  /** Where the next page goes on; null: this was the last. */
  last: string | null;
}

export type DueKey = { orderId: string } | { cardId: string };

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

/** An operation's first claim, possible where the order stands in `before` and its key is new. */
export interface BlindClaim {
  orderId: string;
  method: Method;
  before: Status;
  to: Status;
  claim: Claim;
  pending: Pending;
  request: string;
  entry: HistoryEntry;
  dueAt: string;
}

/** Time as a dependency. `sleep` in milliseconds. */
export interface Clock {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}

/** A stored card: what it takes to delete it at the gateway, which deletes pairs of phone and card ID. */
export interface CardRecord {
  cardId: string;
  /** Every phone it was registered with and not deleted since. The only place where a payer's phone is kept. */
  phones: Masked[];
  /** Counts registrations: a deletion ordered before the last one is about a card that is gone. */
  registrations: number;
  keys: Record<string, UsedKeys[string] & { registrations: number }>;
  claim: Claim | null;
  /** Pairs whose deletion was sent and whose answer is not known, and the keys of the calls that asked for it. */
  deletion: { phones: Masked[]; keys: string[] } | null;
  dueAt: string | null;
  version: number;
}

export interface CardStore {
  /** Notes a registration before it is sent, and ends a deletion that waits. One request. */
  remember(cardId: string, phone: Masked): Promise<void>;
  find(cardId: string): Promise<CardRecord | null>;
  /** Stores the next version if the one before it is still the stored one; version 1: if there is none. */
  replace(next: CardRecord): Promise<boolean>;
}
