/** The words of the contract: a misspelt one does not compile. */

export type Method = 'card' | 'carrier' | 'cvs';
export type OrderOperation =
  | 'token_charge'
  | 'recurring_charge'
  | 'authenticated_charge'
  | 'authenticated_recurring_charge'
  | 'carrier_order'
  | 'cvs_order'
  | 'external';
export type Brand = 'visa' | 'mastercard' | 'jcb' | 'amex' | 'diners' | 'discover' | 'proper';
export type Carrier = 'docomo' | 'au' | 'softbank';
export type Store = 'seven-eleven' | 'lawson' | 'familymart' | 'seicomart' | 'ministop' | 'daily-yamazaki';

/** What a setting says of test payments: counted as refusals, or like any other. */
export type TestPayments = 'refuse' | 'accept';

export interface PaymentNumber {
  label: string;
  value: string;
}

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

/** The statuses of callbacks that each manual lists (000, 001 and 002, result notification). */
export type CardStatus = 'OK' | 'NG';
export type CarrierStatus = '02' | '03' | '06' | '07' | '08' | '09';
export type CvsStatus = '01' | '02' | '03' | '04' | '05' | '06' | '11' | '12' | '13';

export const attentionReasons = [
  'outcome_unknown',
  'amount_mismatch',
  'ip_code_mismatch',
  'contradiction',
  'duplicate_payment',
  'cancel_failed',
  'money_after_cancel',
  'unlisted_status',
  'unmatched',
  'settlement_due',
  'settled_elsewhere',
  'test_payment',
  'conflicting_parameters',
] as const;
export type AttentionReason = (typeof attentionReasons)[number];

export type SendOperation = 'create' | 'cancel' | 'settle' | 'withdraw' | 'return';

export const decisionOutcomes = [
  'paid',
  'received',
  'authorized',
  'settle_failed',
  'declined',
  'cancelled',
  'expired',
  'awaiting_customer',
] as const;
export type DecisionOutcome = (typeof decisionOutcomes)[number];

type SendEvent = Exclude<SendOperation, 'create'>;
export type HistoryEvent =
  | OrderOperation
  | 'done'
  | 'refused'
  | 'not_processed'
  | 'unknown'
  | SendEvent
  | `${SendEvent}_${'done' | 'refused' | 'not_processed' | 'unknown'}`
  | 'enrolled'
  | 'authenticate'
  | `authenticate_${'done' | 'not_processed' | 'unknown'}`
  | 'settle_booked'
  | 'settle_cancelled'
  | 'book'
  | `card_${Lowercase<CardStatus>}`
  | `carrier_${CarrierStatus}`
  | `cvs_${CvsStatus}`
  | `${Method}_unlisted`
  | 'unmatched'
  | 'conflicting_parameters'
  | 'claim_stale'
  | 'settlement_due'
  | 'booking_ended'
  | DecisionOutcome
  | 'acknowledged';
