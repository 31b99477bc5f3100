import type { Brand, Carrier, PaymentNumber, Store } from '../zeus/callbacks/callback.ts';
import type { Failure } from './outcome.ts';

export type Method = 'card' | 'carrier' | 'cvs';
export type Operation = 'token_charge' | 'recurring_charge' | 'carrier_order' | 'cvs_order' | 'external';

export const statuses = [
  'sending',
  'not_processed',
  'unknown',
  'declined',
  'registered',
  'awaiting_customer',
  'authorized',
  'settle_scheduled',
  'settling',
  'settle_failed',
  'received',
  'paid',
  'cancelling',
  'cancelled',
  'expired',
  'reversed',
  'received_after_cancel',
  'paid_after_cancel',
  'reversed_after_cancel',
] as const;
export type Status = (typeof statuses)[number];

export type AttentionReason =
  | 'outcome_unknown'
  | 'amount_mismatch'
  | 'ip_code_mismatch'
  | 'contradiction'
  | 'duplicate_payment'
  | 'cancel_failed'
  | 'money_after_cancel'
  | 'unlisted_status'
  | 'unmatched'
  | 'settlement_due';

export interface HistoryEntry {
  at: string;
  source: 'api' | 'gateway' | 'callback' | 'schedule' | 'operator';
  event: string;
  /** Absent where one blind update moved the order: then it is the `to` of the entry before. */
  from?: Status | null;
  to: Status;
  code: string | null;
  note: string | null;
  count: number;
}

/** The right to send, held by one invocation; its answer is accepted from that invocation alone. */
export interface Claim {
  id: string;
  at: string;
}

/** A cancel, return, settlement or withdrawal whose word is not stored yet. */
export interface Pending {
  operation: 'cancel' | 'return' | 'settle' | 'withdraw';
  /** Digest of the key whose call began it. */
  key: string;
  /** What a refusal restores. */
  before: { status: Status; settlement: Settlement | null; retryAt: string | null };
  /** An earlier send's answer was lost: a refusal may now speak of that send. */
  lost: boolean;
}

export interface Settlement {
  on: string;
  amountYen: number;
  by: 'schedule' | 'gateway';
}

/** The last keys of calls on one order or card, by their digest. `done`: the call has had its effect. */
export type UsedKeys = Record<string, { request: string; at: string; done: boolean }>;

/** So many are compared with. */
export const keyLimit = 10;

/**
 * One order, all that is known of it, in one item. Times are ISO 8601 in UTC, days are JST (YYYY-MM-DD), amounts integers in yen.
 * Holds no payer name, phone, e-mail, token or key.
 */
export interface Order {
  orderId: string;
  method: Method;
  operation: Operation;
  status: Status;
  amountYen: number;
  reference: string | null;
  test: boolean;
  failure: Failure | null;
  attention: { reason: AttentionReason; since: string } | null;
  orderNumber: string | null;
  /** Whether `orderNumber` came with a success: only then does another number count as another payment. */
  numberBound: boolean;
  /** Numbers that a convenience-store re-issue replaced. */
  earlierNumbers: string[];
  gatewayStatus: string | null;
  card: { cardId: string | null; last4: string | null; brand: Brand | null; installments: string } | null;
  carrier: { type: Carrier | null; settlement: Settlement | null; settleBy: string | null } | null;
  cvs: {
    store: Store | null;
    paymentNumbers: PaymentNumber[];
    payBy: string | null;
    redirectUrl: string | null;
  } | null;
  createdAt: string;
  updatedAt: string;
  paidAt: string | null;
  history: HistoryEntry[];
  /** Digest of the creating request, its `tokenKey` left out. */
  request: string;
  claim: Claim | null;
  pending: Pending | null;
  keys: UsedKeys;
  /** Digests of the callbacks stored so far. */
  seen: string[];
  /** A convenience-store order cancelled by a person: cash that still comes is cash after cancellation. */
  cancelledByOperator: boolean;
  /** A settlement of our schedule that the gateway refused is not tried again before. */
  retryAt: string | null;
  /** When due work must look at it; null when nothing is due. */
  dueAt: string | null;
  version: number;
}

/** What a new order begins with, where nothing else is known. */
export const emptyOrder = {
  failure: null,
  attention: null,
  orderNumber: null,
  numberBound: false,
  earlierNumbers: [],
  gatewayStatus: null,
  card: null,
  carrier: null,
  cvs: null,
  paidAt: null,
  claim: null,
  pending: null,
  keys: {},
  seen: [],
  cancelledByOperator: false,
  retryAt: null,
  dueAt: null,
} satisfies Partial<Order>;

/** A claim older than this belongs to a run that is dead: function time-out 100 s, gateway time-out 75 s. */
export const claimSeconds = 120;

export const isFresh = (claim: Claim | null, now: Date): boolean =>
  claim !== null && now.getTime() - Date.parse(claim.at) < claimSeconds * 1000;

export const after = (now: Date, seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();

/** The order as of `now`: a claim that went stale is an unknown outcome, stored so or not yet. */
export function asOf(order: Order, now: Date): Order {
  if (order.status !== 'sending' || isFresh(order.claim, now)) return order;
  const since = after(new Date(order.claim?.at ?? order.updatedAt), claimSeconds);
  return {
    ...order,
    status: 'unknown',
    attention: order.attention ?? { reason: 'outcome_unknown', since },
    history: [...order.history, entryOf('schedule', 'claim_stale', 'unknown', since)],
  };
}

export const entryOf = (
  source: HistoryEntry['source'],
  event: string,
  to: Status,
  at: string,
  more: { code?: string | null; note?: string | null } = {},
): HistoryEntry => ({ at, source, event, to, code: more.code ?? null, note: more.note ?? null, count: 1 });

export const withFrom = (history: HistoryEntry[]): HistoryEntry[] =>
  history.map((entry, index) => ({ ...entry, from: entry.from ?? history[index - 1]?.to ?? null }));

/** The order as the merchant sees it (contract 1.3). */
export function present(order: Order, now: Date): Record<string, unknown> {
  const { orderId, method, operation, status, reference, test, failure, attention, ...rest } = asOf(order, now);
  return {
    orderId,
    method,
    operation,
    status,
    amount: rest.amountYen,
    currency: 'JPY',
    reference,
    test,
    failure,
    attention,
    gateway: { orderNumber: rest.orderNumber, status: rest.gatewayStatus },
    ...(rest.card && { card: rest.card }),
    ...(rest.carrier && { carrier: presentCarrier(rest.carrier) }),
    ...(rest.cvs && { cvs: rest.cvs }),
    createdAt: rest.createdAt,
    updatedAt: rest.updatedAt,
    history: withFrom(rest.history).map(({ at, source, event, from, to, code, note, count }) => ({
      at,
      source,
      event,
      from,
      to,
      code,
      note,
      count,
    })),
  };
}

function presentCarrier({ type, settlement, settleBy }: NonNullable<Order['carrier']>): Record<string, unknown> {
  const shown = settlement && { on: settlement.on, amount: settlement.amountYen, by: settlement.by };
  return { type, settlement: shown, settleBy };
}
