/** What the property test and the hunt share: both readings in one form, every arrival order, and orders as text. */
import { addCallback } from '../../shared/domain/changes.ts';
import type { Callback, Order } from '../../shared/domain/order.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import type { Random } from './random-orders.ts';
import { type Money, type Reading, read } from './second-reading.ts';

const money = (taken: { amountYen: number | null } | null): Money => taken && { amountYen: taken.amountYen };

/** `summarize()` in the form of the second reading. */
export function firstReading(order: Order): Reading {
  const { status, attention, orderNumber, paid, returned, others, test } = summarize(order);
  return {
    status,
    attention: attention.map(({ reason }) => reason).sort(),
    orderNumber,
    paid: money(paid),
    returned: money(returned),
    others: others
      .map(other => ({
        number: other.number,
        status: other.status,
        paid: money(other.paid),
        returned: money(other.returned),
      }))
      .sort((a, b) => ((a.number ?? '') < (b.number ?? '') ? -1 : 1)),
    test,
  };
}

export function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((item, index) => permutations(list.toSpliced(index, 1)).map(rest => [item, ...rest]));
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const keyed = list.map(item => ({ item, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/** All orders of up to five callbacks, else 30 of them. */
export const arrivals = (callbacks: Callback[], random: Random): Callback[][] =>
  callbacks.length <= 5 ? permutations(callbacks) : Array.from({ length: 30 }, () => shuffled(callbacks, random));

/** Adds callbacks one by one, as they come in. */
export function arrive(order: Order, callbacks: Callback[], now: Date): Order {
  return callbacks.reduce((known, callback) => addCallback(known, callback, now) ?? known, {
    ...order,
    callbacks: [] as Callback[],
  });
}

export interface Difference {
  what: string;
  first: unknown;
  second: unknown;
}

const equal = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

const thrown = <T>(compute: () => T): T | { threw: string } => {
  try {
    return compute();
  } catch (error) {
    return { threw: String(error) };
  }
};

/** Between `summarize()` and the second reading; null: none. */
export function differenceOfReadings(order: Order): Difference | null {
  const first = thrown(() => firstReading(order));
  const second = thrown(() => read(order));
  return equal(first, second) ? null : { what: 'summarize() and the second reading differ', first, second };
}

/** Between arrival orders and repetitions of the same callbacks; null: none. */
export function differenceOfArrivals(order: Order, random: Random): Difference | null {
  const first = thrown(() => firstReading(order));
  for (const callbacks of arrivals(order.callbacks, random)) {
    const second = thrown(() => firstReading({ ...order, callbacks }));
    if (!equal(first, second)) return { what: `another order of arrival: ${callbacks.map(textOf)}`, first, second };
  }
  const now = new Date(order.createdAt);
  const repeated = shuffled([...order.callbacks, ...order.callbacks, ...order.callbacks], random);
  const second = thrown(() => firstReading(arrive(order, repeated, now)));
  return equal(first, second) ? null : { what: `with repeats: ${repeated.map(textOf)}`, first, second };
}

export const textOf = ({ status, orderNumber, amountYen, ipCode, cvs }: Callback): string =>
  [status, orderNumber ?? 'no number', amountYen ?? 'no amount', ipCode === 'other' && 'other IP code', cvs?.payBy]
    .filter(word => word !== false && word !== undefined && word !== null)
    .join(' ');

/** An order as lines that a person can read. */
export function orderText(order: Order): string {
  const seen = (ids: string[]) => `seen [${ids.map(id => id.replaceAll('\t', ' ')).join(', ')}]`;
  const lines = order.steps.map(({ kind, number, seen: ids, at: _at, ...rest }) => {
    const named = Object.entries(rest).filter(
      ([name, value]) => value !== null && value !== false && name !== 'attempts' && name !== 'settlement',
    );
    const request =
      'settlement' in rest && rest.settlement ? [`asks ${rest.settlement.amountYen ?? 'first amount'}`] : [];
    const words = named.map(([name, value]) => {
      if (name !== 'answer') return `${name} ${value}`;
      const { at: _when, failure: _failure, ...answer } = value as { at: string; failure?: unknown };
      return `answer ${JSON.stringify(answer)}`;
    });
    return `  step ${number} ${kind} ${[...words, ...request, seen(ids)].join(', ')}`;
  });
  const type = order.carrier?.type ? ` ${order.carrier.type}` : '';
  return [
    `${order.method}${type} ${order.operation} ${order.amountYen} yen`,
    ...order.callbacks.map(callback => `  callback ${textOf(callback)}`),
    ...lines,
  ].join('\n');
}
