import { addDays, jstDay } from './clock.ts';
import type { Gateway } from './gateway.ts';
import type { CvsOrder } from './state.ts';

/** Digits of payment numbers 1 and 2 by store; the manual gives only their labels and the limit of 20. */
const STORES: Record<string, [first: number, second: number]> = {
  D001: [13, 0],
  D002: [8, 9],
  D030: [12, 5],
  D015: [6, 0],
  D050: [8, 9],
  D060: [11, 0],
};

export function isStore(code: string): boolean {
  return Object.hasOwn(STORES, code);
}

/** Numbers are not unique (002 p.6): every fifth order of a store gets the numbers of the one before it again. */
export function issueNumbers(gateway: Gateway, order: CvsOrder): void {
  const [first, second] = STORES[order.payCvs] ?? [0, 0];
  const last = gateway.state.payNumbers.get(order.payCvs);
  const count = (last?.count ?? 0) + 1;
  const repeated = count % 5 === 0 ? last : undefined;
  order.payNo1 = repeated?.payNo1 ?? digits(gateway, first);
  order.payNo2 = repeated?.payNo2 ?? digits(gateway, second);
  gateway.state.payNumbers.set(order.payCvs, { count, payNo1: order.payNo1, payNo2: order.payNo2 });
  order.payLimit = addDays(jstDay(gateway.clock.now()), gateway.settings.payDays);
  // The URL holds more than one `=`, as the real one does.
  if (order.payCvs === 'D001') order.payUrl = `${gateway.url}/cvs/result?order=${order.orderNumber}&view=1`;
}

function digits(gateway: Gateway, count: number): string {
  let text = '';
  while (text.length < count) text += Math.floor(gateway.random() * 10);
  return text;
}
