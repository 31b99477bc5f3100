/** What settlement and return share: rows that have a code of their own, the key, the order. */
import { type Field, textOf } from './form.ts';
import type { Call, Callback, Gateway } from './gateway.ts';
import { holds, type Row } from './rows.ts';
import type { CarrierOrder } from './state.ts';

/** What was done: a code other than `-` says why not. `date` only in answers to settlements. */
export type Verdict = { code: string; date?: string; callbacks?: Callback[] };

export type CodedRow = Row & { code: string };

export function firstBadCode(rows: CodedRow[], fields: Field[]): string | null {
  return rows.find(row => !holds(row, fields))?.code ?? null;
}

export const ORDER_NO = /^[A-Za-z0-9.-]+$/;
export const ZKEY = /^[!-~]+$/;

/** The order, or the code for a wrong key (`wrongKey`) or an order that is none of the carrier's (`unknown`). */
export function findOrder(gateway: Gateway, call: Call, wrongKey: string, unknown: string): CarrierOrder | string {
  const { clientip, zkey } = gateway.contracts.carrier;
  if (textOf(call.fields, 'clientip') !== clientip || textOf(call.fields, 'zkey') !== zkey) return wrongKey;
  const order = gateway.state.orders.get(textOf(call.fields, 'order_no'));
  if (order?.service !== 'carrier') return unknown;
  call.record.orderNumber = order.orderNumber;
  call.record.sendpoint = order.sendpoint;
  return order;
}
