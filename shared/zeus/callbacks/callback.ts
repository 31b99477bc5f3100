/** What the three result notifications share: the notice they become, and how their ASCII values are read. */

export type Brand = 'visa' | 'mastercard' | 'jcb' | 'amex' | 'diners' | 'proper';
export type Carrier = 'docomo' | 'au' | 'softbank';
export type Store = 'seven-eleven' | 'lawson' | 'familymart' | 'seicomart' | 'ministop' | 'daily-yamazaki';

export interface PaymentNumber {
  label: string;
  value: string;
}

export type CallbackReading = { kind: 'notice'; notice: Notice } | { kind: 'unreadable'; missing: string[] };

export interface Notice {
  service: 'card' | 'carrier' | 'cvs';
  /** As sent, trimmed; one that no manual lists is passed on. */
  status: string;
  /** The sendpoint that we gave. */
  orderId: string | null;
  /** The gateway's own number: ordd or order_no. */
  orderNumber: string | null;
  /** Null: absent from the call. `unreadable`: there, but no code; it equals none. */
  ipCode: string | null;
  /** Null: absent from the call. NaN: there, but no number. */
  amountYen: number | null;
  code: string | null;
  codeMeaning: string | null;
  card: { last4: string | null; brand: Brand | null; installments: string | null } | null;
  carrier: { type: Carrier | null } | null;
  cvs: { store: Store | null; paymentNumbers: PaymentNumber[]; payBy: string | null } | null;
}

export type Form = ReadonlyMap<string, Uint8Array>;

/** Where a service's notification keeps what all three have. Widths in bytes. */
export interface Names {
  status: string;
  orderNumber: string;
  orderNumberBytes: number;
}

export type Common = Pick<Notice, 'status' | 'orderId' | 'orderNumber' | 'ipCode' | 'amountYen'>;

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
function readAmount(form: Form): number | null {
  if (isBlank(form, 'money')) return null;
  const value = asciiValue(form, 'money', 10);
  return value !== null && /^[0-9]+$/.test(value) ? Number(value) : Number.NaN;
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
