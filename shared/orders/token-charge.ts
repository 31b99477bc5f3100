import { orderIdOf, tokenDigest } from '../domain/identity.ts';
import type { Masked } from '../domain/masked.ts';
import type { Draft } from '../domain/new-order.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { OrderOperation } from '../domain/words.ts';
import { tokenCharge as sendTokenCharge } from '../zeus/operations/token-charge.ts';
import type { Send } from '../zeus/wire/transport.ts';
import { type OrderDeps, submit } from './engine.ts';
import type { CardStore } from './ports.ts';
import { replayedOf, type Submitted } from './replay.ts';

export interface CardDeps extends OrderDeps {
  cards: CardStore;
  send: Send;
  deploymentId: string;
  ipCode: string;
}

export interface TokenChargeDeps extends CardDeps {
  threeDSecure: 'off' | 'optional' | 'required';
}

/** What the calls that charge a card have in common. */
export interface ChargeRequest {
  idempotencyKey: string;
  /** Digest of the request, see `requestDigest`. */
  request: string;
  actor: string | null;
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

/**
 * Charges a card by token, or registers it; with a `cardId` the card is kept for later charges. Where EMV 3-D Secure is
 * required nothing is sent; an order made before it was is still answered.
 */
export async function tokenCharge(deps: TokenChargeDeps, request: TokenChargeRequest): Promise<Submitted> {
  const draft = cardDraft(deps, 'token_charge', request);
  const { cardId, phone } = request;
  const send = () => sendTokenCharge(deps.send, { ...request, ipCode: deps.ipCode, orderId: draft.orderId });
  if (deps.threeDSecure === 'required') return answerExisting(deps, draft);
  return submit(deps, draft, () => (cardId === null ? send() : sendRegistering(deps, cardId, phone, send)));
}

/** The order that a card charge begins as. */
export const cardDraft = (
  { deploymentId }: Pick<CardDeps, 'deploymentId'>,
  operation: Exclude<OrderOperation, 'carrier_order' | 'cvs_order' | 'external'>,
  {
    idempotencyKey,
    request,
    actor,
    amountYen,
    cardId,
    tokenKey,
    installments,
    reference,
  }: ChargeRequest & { cardId: string | null; tokenKey: Masked | null },
): Draft => ({
  orderId: orderIdOf(deploymentId, idempotencyKey),
  method: 'card',
  operation,
  amountYen,
  reference,
  test: false,
  request,
  actor,
  token: tokenKey && tokenDigest(tokenKey.reveal()),
  card: { cardId, installments: installments ?? '01' },
});

/** What is known under the key; nothing is sent. */
async function answerExisting({ store, now }: CardDeps, draft: Draft): Promise<Submitted> {
  const order = await store.find(draft.orderId);
  const known = order && replayedOf(order, draft, now());
  return known ?? { kind: 'authentication_required' };
}

/** A card that cannot be deleted later must not be registered: unless its phone is kept first, nothing is sent. */
export async function sendRegistering<T extends { kind: string }>(
  { cards, now }: Pick<CardDeps, 'cards' | 'now'>,
  cardId: string,
  phone: Masked,
  send: () => Promise<T>,
): Promise<T | Extract<Outcome, { kind: 'not_processed' }>> {
  const registration = await cards.remember(cardId, phone).catch(() => null);
  if (!registration) {
    const message = 'The card could not be noted in the table, so nothing was sent.';
    return { kind: 'not_processed', reason: 'storage_failed', code: null, message };
  }
  const outcome = await send();
  // Nothing may throw between a POST and its stored outcome; the deletion's own caller may repeat it.
  if (outcome.kind === 'not_processed' && registration.restedDeletion)
    await cards.forget(cardId, registration, now()).catch(() => {});
  return outcome;
}
