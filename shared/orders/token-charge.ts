import { orderIdOf } from '../domain/identity.ts';
import type { Masked } from '../domain/masked.ts';
import type { Outcome } from '../domain/outcome.ts';
import { tokenCharge as sendTokenCharge } from '../zeus/operations/token-charge.ts';
import type { Send } from '../zeus/wire/transport.ts';
import type { Draft, Submitted } from './new-order.ts';
import type { CardStore } from './ports.ts';
import { type Findings, type SubmitDeps, submitOnce } from './submit-once.ts';

export interface CardDeps extends SubmitDeps {
  cards: CardStore;
  send: Send;
  deploymentId: string;
  ipCode: string;
}

/** What the two card charges have in common. */
export interface ChargeRequest {
  idempotencyKey: string;
  /** Digest of the request, see `requestDigest`. */
  request: string;
  /** 0, by token only, registers the card under its `cardId` and charges nothing. */
  amountYen: number;
  phone: Masked;
  email: Masked;
  installments: string | null;
  reference: string | null;
}

export interface TokenChargeRequest extends ChargeRequest {
  tokenKey: Masked;
  cardId: string | null;
}

/** Charges a card by token, or registers it; with a `cardId` the card is kept for later charges. */
export function tokenCharge(deps: CardDeps, request: TokenChargeRequest): Promise<Submitted> {
  const draft = cardDraft(deps, 'token_charge', request);
  const { cardId, phone } = request;
  return submitOnce(deps, draft, async () => {
    const unnoted = cardId === null ? null : await noteCard(deps, cardId, phone);
    return unnoted ?? sendTokenCharge(deps.send, { ...request, ipCode: deps.ipCode, orderId: draft.orderId });
  });
}

/** The order that a card charge begins as. */
export const cardDraft = (
  { deploymentId }: Pick<CardDeps, 'deploymentId'>,
  operation: 'token_charge' | 'recurring_charge',
  { idempotencyKey, request, amountYen, cardId, installments, reference }: ChargeRequest & { cardId: string | null },
): Draft => ({
  orderId: orderIdOf(deploymentId, idempotencyKey),
  method: 'card',
  operation,
  amountYen,
  reference,
  test: false,
  request,
  card: { cardId, last4: null, brand: null, installments: installments ?? '01' },
});

/** A card that cannot be deleted later must not be registered: without the note nothing is sent. */
async function noteCard(deps: CardDeps, cardId: string, phone: Masked): Promise<Outcome<Findings> | null> {
  try {
    await deps.cards.remember(cardId, phone);
    return null;
  } catch {
    const message = 'The card could not be noted in the table, so nothing was sent.';
    return { kind: 'not_processed', reason: 'connection_failed', code: null, message };
  }
}
