/** The reasons for attention (contract 1.4), and what the alarm's mail says of each. */
export const attentionReasons: Record<string, string> = {
  outcome_unknown:
    "a response of the gateway was lost, so money may have moved. A callback or an operator's resolution decides the outcome; cancels, settlements, withdrawals and returns are also repeated",
  amount_mismatch:
    "a callback names another amount than the order's and is not counted. Compare with the gateway's console",
  ip_code_mismatch: 'a callback names another IP code than the contracted one and is not counted',
  contradiction: "what the gateway said contradicts itself or an operator's decision. Compare with its console",
  duplicate_payment: 'an order has two payments. Return one of them',
  cancel_failed: 'the gateway could not cancel (09). The order is paid: refund the payer another way',
  money_after_cancel: 'cash was taken for a cancelled order. Refund it or deliver',
  unlisted_status: 'a callback has a status that no manual lists. Ask the vendor',
  unmatched: "a callback names an order that is none of this deployment's",
  settlement_due:
    'an authorized order is not settled: its last day is at most 5 days away, or the booked day passed without a result. Settle it, or the money is lost',
  settled_elsewhere:
    "the gateway settled an amount that this deployment did not ask for. Check the amount in the gateway's console",
  test_payment: 'a test payment succeeded, and test payments are refused. It does not count as money: deliver nothing',
  conflicting_parameters:
    "a callback names a parameter twice with different values, so nothing in it counts. Compare the order in its sendpoint with the gateway's console",
};
