/**
 * How a call to the gateway ended, named by what is known about the money.
 * Only an explicit success or an explicit refusal of the manual becomes one; everything else is `unknown`.
 */
export type Outcome<Done = object> =
  | ({ kind: 'done' } & Done)
  | Refused
  | { kind: 'not_processed'; reason: 'connection_failed' | 'maintenance'; code: string | null; message: string }
  | { kind: 'unknown'; message: string };

export interface Refused {
  kind: 'refused';
  failure: Failure;
  /** The gateway's number of the refused order, where its answer carries one. */
  orderNumber: string | null;
  /** What a refusal of a repeatable operation reveals about the order's real state. */
  truth: Truth | null;
}

/**
 * `already_done`: an earlier send took effect. `in_progress`: the gateway is still at it. `cancelled`: the order was
 * cancelled instead. `proves_nothing`: the order is in a status the operation is not for, whoever brought it there.
 */
export type Truth = 'already_done' | 'in_progress' | 'cancelled' | 'proves_nothing';

export type FailureReason =
  | 'refused'
  | 'invalid_parameter'
  | 'maintenance'
  | 'connect_error'
  | 'connection_failed'
  | 'store_unavailable'
  | 'gateway_error'
  | 'operator';

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
