import type { Masked } from '../domain/masked.ts';
import { recurringCharge as sendRecurringCharge } from '../zeus/operations/recurring-charge.ts';
import { submit } from './engine.ts';
import type { Submitted } from './replay.ts';
import { type CardDeps, type ChargeRequest, cardDraft } from './token-charge.ts';

export interface RecurringChargeRequest extends ChargeRequest {
  cardId: string;
  /** Carries the security code; needed where the contract with the vendor asks for one. */
  tokenKey: Masked | null;
  /** Finds the card by card ID and phone; else by card ID alone, because people change phones. */
  matchPhone: boolean;
}

/** Charges a card that a token charge kept. */
export function recurringCharge(deps: Omit<CardDeps, 'cards'>, request: RecurringChargeRequest): Promise<Submitted> {
  const draft = cardDraft(deps, 'recurring_charge', request);
  const wire = { ...request, ipCode: deps.ipCode, orderId: draft.orderId };
  return submit(deps, draft, () => sendRecurringCharge(deps.send, wire));
}
