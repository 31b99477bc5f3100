/** Every time that an order was shown, in answers and events, by its version. */

import type { Order } from '../../shared/domain/order.ts';
import { type Reading, read } from '../domain/second-reading.ts';
import { type Index, never } from './judge-index.ts';

/** An order as the API shows it, as far as the judge looks at it. */
export interface ShownOrder {
  orderId: string;
  method: 'card' | 'carrier' | 'cvs';
  operation: string;
  status: string;
  amount: number;
  attention: { reason: string }[];
  paid: { amount: number | null } | null;
  returned: { amount: number | null } | null;
  otherPayments: {
    orderNumber: string | null;
    status: string;
    paid: { amount: number | null } | null;
    returned: { amount: number | null } | null;
  }[];
  gateway: { orderNumber: string | null };
  carrier?: { type: string; settlement: { on: string; amount: number; by: string } | null; settleBy: string | null };
  createdAt: string;
  version: number;
}

/** One version of an order, in all the forms in which it was shown. */
export interface Version {
  version: number;
  shown: ShownOrder[];
  /** It was the present one at some time not before `since`, and at some time not after `until` (places in the history). */
  since: number;
  until: number;
}

export function versionsOf({ calls, history }: Index): Map<string, Version[]> {
  const orders = new Map<string, Map<number, Version>>();
  const add = (order: ShownOrder, from: number, to: number) => {
    const versions = orders.get(order.orderId) ?? new Map<number, Version>();
    orders.set(order.orderId, versions);
    const known = versions.get(order.version) ?? { version: order.version, shown: [], since: 0, until: never };
    versions.set(order.version, known);
    known.since = Math.max(known.since, from);
    known.until = Math.min(known.until, to);
    const text = textOf(order);
    if (!known.shown.some(each => textOf(each) === text)) known.shown.push(order);
  };
  for (const { response, from, to } of calls) {
    for (const order of [response, response?.order, ...(response?.orders ?? [])]) {
      if (typeof order?.orderId === 'string' && typeof order.version === 'number') add(order, from, to);
    }
  }
  history.forEach((entry, place) => {
    if (entry.kind === 'published') add(entry.event.detail.order as unknown as ShownOrder, 0, place);
  });
  return new Map(
    [...orders].map(([id, versions]) => [id, [...versions.values()].sort((a, b) => a.version - b.version)]),
  );
}

type Amount = { amount: number | null } | null;
const amountOf = (money: Amount) => (money ? String(money.amount) : '-');
const line = (number: string | null, status: string, paid: Amount, returned: Amount) =>
  `${number} ${status} ${amountOf(paid)} ${amountOf(returned)}`;

/** What facts decide, as a text: equal texts show the same. */
export function textOf({ status, attention, gateway, paid, returned, otherPayments }: ShownOrder): string {
  const reasons = attention.map(({ reason }) => reason).sort();
  const others = otherPayments.map(each => line(each.orderNumber, each.status, each.paid, each.returned)).sort();
  return [line(gateway.orderNumber, status, paid, returned), reasons.join(), ...others].join(' | ');
}

const readings = new WeakMap<Order, Reading>();

/** The specification's view of the facts, each set of facts read once. */
export function readingOf(order: Order): Reading {
  const known = readings.get(order) ?? read(order);
  readings.set(order, known);
  return known;
}

const moneyOf = (money: Reading['paid']): Amount => money && { amount: money.amountYen };

export function textOfReading({ status, attention, orderNumber, paid, returned, others }: Reading): string {
  const lines = others.map(each => line(each.number, each.status, moneyOf(each.paid), moneyOf(each.returned))).sort();
  return [line(orderNumber, status, moneyOf(paid), moneyOf(returned)), attention.join(), ...lines].join(' | ');
}
