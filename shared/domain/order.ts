/**
 * One order: the request that made it, the callbacks about it, our own steps. Status, attention and the rest are computed from
 * it by `summarize()`. Times are ISO 8601 in UTC, days JST (YYYY-MM-DD), amounts integers in yen.
 * Holds no payer name, phone, e-mail, token or key.
 */
import type { HistoryEntry } from './history.ts';
import type { Failure } from './outcome.ts';
import type { Authentication } from './stages.ts';
import type {
  AttentionReason,
  Brand,
  Carrier,
  DecisionOutcome,
  Method,
  OrderOperation,
  PaymentNumber,
  SendOperation,
  Store,
} from './words.ts';

/** One callback. Callbacks with equal order number, status and amount are the same one. */
export interface Callback {
  orderNumber: string | null;
  /** As sent; one that no manual lists is kept. */
  status: string;
  /** Null: absent from the callback. `invalid`: there, but no number. */
  amountYen: number | null | 'invalid';
  ipCode: 'right' | 'other' | 'absent';
  /** The payer's name ends in a test ID (manual 001, operation test). The name itself is never kept. */
  testId: boolean;
  /** The setting `testPayments` as it was when the callback came in. */
  testsAccepted: boolean;
  /** Under the setting `strictCallbacks`: what the callback lacks. One that lacks anything does not count. */
  lacks: Lacking[];
  /** When it came in. */
  at: string;
  code: string | null;
  /** Of a failed payment. */
  failure: Failure | null;
  card: { last4: string | null; brand: Brand | null; installments: string | null } | null;
  carrier: Carrier | null;
  cvs: { store: Store | null; paymentNumbers: PaymentNumber[]; payBy: string | null } | null;
}

export type Lacking = 'amount' | 'ipCode' | 'orderNumber' | 'name';

/** The right to send, held by one invocation. */
export interface Claim {
  id: string;
  at: string;
}

/** What a settlement asks for. `amountYen` null: the first amount. */
export interface SettlementRequest {
  on: string;
  amountYen: number | null;
  by: 'schedule' | 'gateway';
}

/** What is known of a send. `unknown` is kept for creating sends only: those are never repeated. */
export type Answer = { at: string } & (
  | {
      kind: 'done';
      orderNumber: string | null;
      /** Settlements: the day of a booking at the gateway; null: settled. */
      bookedOn: string | null;
      /** The gateway said on a first send that it was done before: by whom and for how much is not known. */
      elsewhere: boolean;
      /** The setting `testPayments` as it was when the answer came. */
      testsAccepted: boolean;
      /** Payments with 3-D Secure. `isOtherOrder`: the response echoed another order ID than ours. */
      authorised?: { last4: string | null; brand: Brand | null; isOtherOrder: boolean };
      cvs: { paymentNumbers: PaymentNumber[]; payBy: string | null; redirectUrl: string | null } | null;
    }
  /** A settlement was refused because the payment is cancelled at the gateway. */
  | { kind: 'cancelled' }
  /** `expired`: the payer's time for 3-D Secure is over, and nothing was charged. */
  | { kind: 'refused' | 'not_processed' | 'expired'; failure: Failure; orderNumber: string | null }
  | { kind: 'unknown' }
);

interface StepBase {
  /** Steps are numbered by the conditional write that began them, from 1. */
  number: number;
  at: string;
  /** Ids of the facts that were stored when the step began. */
  seen: string[];
}

/** A request of ours to the gateway. Repeats of one operation after a lost answer are the same step. */
export interface Send extends StepBase {
  kind: 'send';
  operation: SendOperation;
  orderNumber: string | null;
  settlement: SettlementRequest | null;
  /** Null: no invocation is at it. */
  claim: Claim | null;
  attempts: number;
  /** When the last attempt whose answer was lost ended. */
  triedAt: string | null;
  /** An earlier attempt's answer was lost: a refusal may now be about that attempt. */
  lost: boolean;
  answer: Answer | null;
  /** Of card attempts with 3-D Secure. */
  authentication?: Authentication;
  /** Of card attempts: a digest of the token, which is random and cannot be guessed back. */
  token?: string;
}

/** A settlement booked in our own schedule; nothing was sent. */
export interface Booking extends StepBase {
  kind: 'booking';
  orderNumber: string | null;
  settlement: SettlementRequest;
}

/** An operator's decision. */
export interface Decision extends StepBase {
  kind: 'decision';
  outcome: DecisionOutcome;
  orderNumber: string | null;
  amountYen: number | null;
}

export interface Acknowledgement extends StepBase {
  kind: 'acknowledgement';
  reasons: AttentionReason[];
}

/** What due work wrote down: a settlement that needs attention for `day`, or a booking of ours that ended unsettled. */
export interface Note extends StepBase {
  kind: 'settlement_due' | 'booking_ended';
  orderNumber: string | null;
  day: string;
  code: string | null;
}

export type Step = Send | Booking | Decision | Acknowledgement | Note;

/** The last keys of calls on one order, by their digest, and the step each of them began or repeated. */
export type UsedKeys = Record<string, { request: string; at: string; step: number }>;

/** So many keys are compared with. */
export const keyLimit = 10;

export interface Order {
  orderId: string;
  method: Method;
  operation: OrderOperation;
  /** The amount asked for; 0 for external orders, whose amount callbacks name. */
  amountYen: number;
  reference: string | null;
  /** Asked for as a test. */
  test: boolean;
  /** Kept for one callback that contradicts itself: nothing in that is a fact. */
  conflicting: boolean;
  /** Digest of the creating request; empty for external orders. */
  request: string;
  card: { cardId: string | null; installments: string } | null;
  carrier: { type: Carrier | null } | null;
  cvs: { store: Store | null } | null;
  createdAt: string;
  updatedAt: string;
  version: number;
  callbacks: Callback[];
  steps: Step[];
  keys: UsedKeys;
  history: HistoryEntry[];
  /** Every gateway order number heard, and with which version; for finding the order by it, no rule reads it. */
  numbers: { number: string; version: number }[];
  /** Since when each reason has stood; no rule reads it. */
  attentionSince: Partial<Record<AttentionReason, string>>;
}

/** No request of ours is still under way after this: waits and gateway time-out come to 95 s at most. An answer stored later still counts. */
export const claimSeconds = 120;

export const isFresh = (claim: Claim | null, now: Date): boolean =>
  claim !== null && now.getTime() - Date.parse(claim.at) < claimSeconds * 1000;

export const isSend = (step: Step): step is Send => step.kind === 'send';
