/** What the three result notifications share: the callback they are read as, and how their ASCII values are read. */
import type { Callback } from '../../domain/order.ts';
import type { Method } from '../../domain/words.ts';

export type CallbackReading = { kind: 'read'; callback: ReceivedCallback } | { kind: 'unreadable'; missing: string[] };

/** A callback as it was received: what it says, and which order and IP code it names. */
export interface ReceivedCallback extends Omit<Callback, 'at' | 'ipCode'> {
  method: Method;
  /** The sendpoint that we gave. */
  orderId: string | null;
  /** Null: absent from the callback. `unreadable`: there, but no code; it equals none. */
  ipCode: string | null;
}

export type Form = ReadonlyMap<string, Uint8Array>;

/** Where a service's notification keeps what all three have. Widths in bytes. */
export interface Names {
  status: string;
  orderNumber: string;
  orderNumberBytes: number;
}

export type Common = Pick<ReceivedCallback, 'status' | 'orderId' | 'orderNumber' | 'ipCode' | 'amountYen'>;

/** The shared part, or the names of what is missing: the status, or both ways to find the order. */
export function readCommon(form: Form, names: Names): Common | { missing: string[] } {
  const status = asciiValue(form, names.status, 16);
  const orderId = asciiValue(form, 'sendpoint', 50);
  const orderNumber = asciiValue(form, names.orderNumber, names.orderNumberBytes);
  const missing = status === null ? [names.status] : [];
  if (orderId === null && orderNumber === null) missing.push('sendpoint', names.orderNumber);
  if (status === null || missing.length > 0) return { missing };
  return { status, orderId, orderNumber, ipCode: readIpCode(form), amountYen: readAmount(form) };
}

/** A value's text, trimmed. Empty, over-long, non-ASCII and control bytes all count as absent. */
export function asciiValue(form: Form, name: string, maxBytes: number): string | null {
  const bytes = form.get(name);
  // Ten bytes of white space round a value are forgiven, a flood is not even looked at.
  if (bytes === undefined || bytes.length > maxBytes + 10) return null;
  const value = Buffer.from(bytes).toString('latin1').trim();
  return value.length <= maxBytes && /^[ -~]+$/.test(value) ? value : null;
}

/** `money` in yen. */
function readAmount(form: Form): Callback['amountYen'] {
  if (isBlank(form, 'money')) return null;
  const value = asciiValue(form, 'money', 10);
  return value !== null && /^[0-9]+$/.test(value) ? Number(value) : 'invalid';
}

function readIpCode(form: Form): string | null {
  return isBlank(form, 'clientip') ? null : (asciiValue(form, 'clientip', 16) ?? 'unreadable');
}

function isBlank(form: Form, name: string): boolean {
  return form.get(name)?.every(byte => byte === 0x20) ?? true;
}

/** IP codes have 5 or 10 digits, and the gateway may send a short one padded with zeros. */
export function sameIpCode(a: string, b: string): boolean {
  return withoutPadding(a) === withoutPadding(b);
}

function withoutPadding(ipCode: string): string {
  return ipCode.replace(/^0+/, '');
}
