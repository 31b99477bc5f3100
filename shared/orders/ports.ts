/** What the use cases need from outside: orders and cards at rest, and the time. */
import type { Masked } from '../domain/masked.ts';
import type { Claim, Order } from '../domain/order.ts';
import type { Status } from '../domain/words.ts';

/** Time as a dependency. `sleep` in milliseconds. */
export interface Clock {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
  /** Waits for `work` no longer than this; then throws, and what is still under way is left to itself. */
  within<T>(milliseconds: number, work: Promise<T>): Promise<T>;
}

/** Orders at rest. Every write is one conditional request; a condition that fails returns the order as it is. */
export interface OrderStore {
  /** Stores the order if there is none of its ID. One request. */
  create(order: Order): Promise<Written>;
  /** Stores the next version if the one before it is still the stored one. One request, and one for each further gateway number. */
  replace(next: Order): Promise<Written>;
  find(orderId: string): Promise<Order | null>;
  /** A page of an index, and its orders as they stand. `after`: the sort value with which the page before ended. */
  list(list: OrderList, limit: number, after: string | null): Promise<ListPage>;
  /** What is due by then, orders and cards. */
  due(by: Date): AsyncIterable<DueKey>;
}

/** `stored` is the order as it now is; `existing` the one that stood in the way (null: there is none). */
export type Written = { stored: Order } | { stored: null; existing: Order | null };

/** Which orders, by which index. `from` and `to`: JST days of creation, both included; null: of all days. */
export type OrderList = { newestFirst: boolean; days: { from: string; to: string } | null } & (
  | { index: 'byMonth'; days: { from: string; to: string } }
  | { index: 'byStatus'; statuses: readonly Status[] }
  | { index: 'byReference' | 'byOrderNumber' | 'byCard'; value: string }
  | { index: 'byAttention' }
);

export interface ListPage {
  orders: Order[];
  /** Where the next page goes on; null: this was the last. */
  last: string | null;
}

export type DueKey = { orderId: string } | { cardId: string };

/** A stored card: what it takes to delete it at the gateway, which deletes pairs of phone and card ID. */
export interface CardRecord {
  cardId: string;
  /** Every phone it was registered with and not deleted since. The only place where a payer's phone is kept. */
  phones: Masked[];
  /** Counts registrations: a deletion asked for before the last one is about a card that is gone. */
  registrations: number;
  keys: Record<string, { request: string; at: string; done: boolean; registrations: number }>;
  claim: Claim | null;
  /** Pairs whose deletion was sent and whose outcome is not known, and the keys of the calls that asked for it. */
  deletion: { phones: Masked[]; keys: string[]; attempts: number; registrations: number } | null;
  dueAt: string | null;
  version: number;
}

export interface CardStore {
  /** Notes a registration before it is sent; a deletion that is open rests. Its count of registrations. One request. */
  remember(cardId: string, phone: Masked): Promise<Registration>;
  /** The registration was never sent: a deletion that rested because of it goes on. */
  forget(cardId: string, registration: Registration, at: Date): Promise<void>;
  find(cardId: string): Promise<CardRecord | null>;
  /** Stores the next version if the one before it is still the stored one; version 1: if there is none. */
  replace(next: CardRecord): Promise<boolean>;
}

/** `restedDeletion`: a deletion was open when the registration was noted. */
export interface Registration {
  number: number;
  restedDeletion: boolean;
}
