import type { Masked } from '../zeus/masked.ts';
import type { Outcome } from '../zeus/outcome.ts';
import { tokenCharge as sendTokenCharge } from '../zeus/token-charge.ts';
import type { Send } from '../zeus/transport.ts';
import { orderIdOf } from './identity.ts';
import type { Submitted } from './new-order.ts';
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
  const { amountYen, cardId, installments, reference } = request;
  const orderId = orderIdOf(deps.deploymentId, request.idempotencyKey);
  const draft = {
    orderId,
    method: 'card',
    operation: 'token_charge',
    amountYen,
    reference,
    test: false,
    request: request.request,
    card: { cardId, last4: null, brand: null, installments: installments ?? '01' },
  } as const;
  return submitOnce(deps, draft, async () => {
    const unnoted = cardId === null ? null : await noteCard(deps, cardId, request.phone);
    return unnoted ?? sendTokenCharge(deps.send, { ...request, ipCode: deps.ipCode, orderId });
  });
}

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
