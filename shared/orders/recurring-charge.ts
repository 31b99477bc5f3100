import type { Masked } from '../zeus/masked.ts';
import { recurringCharge as sendRecurringCharge } from '../zeus/recurring-charge.ts';
import { orderIdOf } from './identity.ts';
import type { Submitted } from './new-order.ts';
import { submitOnce } from './submit-once.ts';
import type { CardDeps, ChargeRequest } from './token-charge.ts';

export interface RecurringChargeRequest extends ChargeRequest {
  cardId: string;
  /** Carries the security code; needed where the contract with the vendor asks for one. */
  tokenKey: Masked | null;
  /** Finds the card by card ID and phone; else by card ID alone, because people change phones. */
  matchPhone: boolean;
}

/** Charges a card that a token charge kept. */
export function recurringCharge(deps: Omit<CardDeps, 'cards'>, request: RecurringChargeRequest): Promise<Submitted> {
  const { amountYen, cardId, installments, reference } = request;
  const orderId = orderIdOf(deps.deploymentId, request.idempotencyKey);
  const draft = {
    orderId,
    method: 'card',
    operation: 'recurring_charge',
    amountYen,
    reference,
    test: false,
    request: request.request,
    card: { cardId, last4: null, brand: null, installments: installments ?? '01' },
  } as const;
  return submitOnce(deps, draft, () => sendRecurringCharge(deps.send, { ...request, ipCode: deps.ipCode, orderId }));
}
