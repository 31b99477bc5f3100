/** The reasons why an order wants a person (contract 1.4), and what the alarm's mail says of each. */
export const attentionReasons: Record<string, string> = {
  outcome_unknown: "An answer was lost: the money may have moved. A callback or the gateway's console settles it",
  amount_mismatch: "The gateway called with another amount than the order's: compare with its console",
  ip_code_mismatch: 'The gateway called with another IP code than the contracted one',
  contradiction: "The gateway's word contradicts what is stored: compare with its console",
  duplicate_payment: 'A payer paid twice: return one of the payments',
  cancel_failed: 'The gateway could not cancel (09): the order is paid, refund the payer another way',
  money_after_cancel: 'Cash was taken for a number that was cancelled: refund or deliver',
  unlisted_status: 'The gateway sent a status that no manual lists: ask the vendor',
  unmatched: "The gateway called about an order that is none of this deployment's",
  settlement_due: 'An authorized order must be settled within 5 days, or the money is lost',
};
