/** What the three result notifications share: the callback they are read as, and how their ASCII values are read. */
import { digest } from '../../domain/identity.ts';
import type { Callback } from '../../domain/order.ts';
import type { Method } from '../../domain/words.ts';

export type CallbackReading =
  | { kind: 'read'; callback: ReceivedCallback }
  | { kind: 'conflicting'; callback: ConflictingCallback }
  | { kind: 'unreadable'; missing: string[] };

/** A callback as it was received: what it says, and which order and IP code it names. */
export interface ReceivedCallback extends Omit<Callback, 'at' | 'ipCode' | 'testsAccepted' | 'lacks'> {
  method: Method;
  /** The sendpoint that we gave. */
  orderId: string | null;
  /** Null: absent from the callback. `unreadable`: there, but no code; it equals none. */
  ipCode: string | null;
  /** A carrier's callback without the payer's name. */
  isNameless: boolean;
}

/** A callback in which a parameter that we read has two different values: which one holds is not known, so none does. */
export interface ConflictingCallback {
  method: Method;
  /** The gateway's names of these parameters. */
  conflicting: string[];
  /** Every sendpoint that it names. */
  orderIds: string[];
  /** Of what we read but the payer's name: nothing personal can be guessed from it. */
  digest: string;
}

export type Received = ReceivedCallback | ConflictingCallback;

/** Different values by name, see `decodeForm`. */
export type Form = ReadonlyMap<string, readonly Uint8Array[]>;

/** Where a service's notification keeps what all three have, and what else of it is read. Widths in bytes. */
export interface Names {
  method: Method;
  status: string;
  orderNumber: string;
  orderNumberBytes: number;
  more: readonly string[];
}

export type Common = Pick<ReceivedCallback, 'method' | 'status' | 'orderId' | 'orderNumber' | 'ipCode' | 'amountYen'>;

/** The payer's name, of which nothing but its end is read. */
export const payerName = 'username';

/** The shared part; or why there is none: conflicting values, or no status, or neither way to find the order. */
export function readCommon(form: Form, names: Names): Common | Exclude<CallbackReading, { kind: 'read' }> {
  const conflicting = conflictIn(form, names);
  if (conflicting) return { kind: 'conflicting', callback: conflicting };
  const status = asciiValue(form, names.status, 16);
  const orderId = asciiValue(form, 'sendpoint', 50);
  const orderNumber = asciiValue(form, names.orderNumber, names.orderNumberBytes);
  const missing = status === null ? [names.status] : [];
  if (orderId === null && orderNumber === null) missing.push('sendpoint', names.orderNumber);
  if (status === null || missing.length > 0) return { kind: 'unreadable', missing };
  return { method: names.method, status, orderId, orderNumber, ipCode: readIpCode(form), amountYen: readAmount(form) };
}

function conflictIn(form: Form, { method, status, orderNumber, more }: Names): ConflictingCallback | null {
  const read = [status, 'sendpoint', orderNumber, 'clientip', 'money', ...more];
  const conflicting = read.filter(name => (form.get(name)?.length ?? 0) > 1);
  if (conflicting.length === 0) return null;
  const said = read.filter(name => name !== payerName).map(name => [name, ...(form.get(name) ?? []).map(hex)]);
  const orderIds = (form.get('sendpoint') ?? []).flatMap(bytes => asciiText(bytes, 50) ?? []);
  return { method, conflicting, orderIds, digest: digest(JSON.stringify(said)) };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A value's text, trimmed. Empty, over-long, non-ASCII and control bytes all count as absent. */
export function asciiValue(form: Form, name: string, maxBytes: number): string | null {
  const bytes = form.get(name)?.[0];
  return bytes ? asciiText(bytes, maxBytes) : null;
}

function asciiText(bytes: Uint8Array, maxBytes: number): string | null {
  // Ten bytes of white space round a value are forgiven, a flood is not even looked at.
  if (bytes.length > maxBytes + 10) return null;
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

export function isBlank(form: Form, name: string): boolean {
  return form.get(name)?.[0]?.every(byte => byte === 0x20) ?? true;
}

/** IP codes have 5 or 10 digits, and the gateway may send a short one padded with zeros. */
export function sameIpCode(a: string, b: string): boolean {
  return withoutPadding(a) === withoutPadding(b);
}

function withoutPadding(ipCode: string): string {
  return ipCode.replace(/^0+/, '');
}
