/**
 * What a request to the gateway came to, named by what is known about the money.
 * Only an explicit success or an explicit refusal of the manual becomes one; everything else is `unknown`.
 */
export type Outcome<Done = object> =
  | ({ kind: 'done' } & Done)
  | Refused
  | { kind: 'not_processed'; reason: NotProcessedReason; code: string | null; message: string }
  | { kind: 'unknown'; message: string };

export interface Refused {
  kind: 'refused';
  failure: Failure;
  /** The gateway's number of the refused order, where its answer carries one. */
  orderNumber: string | null;
  /** What a refusal of a repeatable operation proves about the payment. */
  truth: Truth | null;
}

/**
 * `already_done`: an earlier send took effect. `in_progress`: the gateway is still at it. `cancelled`: the payment was
 * cancelled instead. `proves_nothing`: the payment is in a status that the operation is not for. `expired`: the
 * session of EMV 3-D Secure is over, nothing was charged.
 */
export type Truth = 'already_done' | 'in_progress' | 'cancelled' | 'proves_nothing' | 'expired';

/** Nothing was sent, or the gateway took nothing. */
export type NotProcessedReason = 'connection_failed' | 'maintenance' | 'storage_failed' | 'too_late' | 'answer_lost';

export type FailureReason =
  | NotProcessedReason
  | 'refused'
  | 'invalid_parameter'
  /** The token was refused or used up: the payer should enter the card again. */
  | 'token_invalid'
  | 'connect_error'
  | 'store_unavailable'
  | 'gateway_error'
  | 'authentication_failed'
  | 'authentication_expired'
  | 'authentication_unsupported'
  | 'operator'
  /** Reported as a success, but a test, which the setting `testPayments` refuses. */
  | 'test_payment';

export interface Failure {
  reason: FailureReason;
  /** The gateway's own code. */
  code: string | null;
  /** The field of our API that the gateway objects to; null where it names none of ours. */
  parameter: string | null;
  /** English, for the merchant's developers. */
  message: string;
  /** Japanese, fit to be shown to the payer. */
  payerMessage: string | null;
}
