/** What a creating call under a known key comes to (contract 1.1). */
import { asOf } from '../domain/changes.ts';
import { attemptOf } from '../domain/facts.ts';
import type { Draft } from '../domain/new-order.ts';
import type { Order } from '../domain/order.ts';
import { summarize } from '../domain/summarize.ts';

/** What a creating call came to. */
export type Submitted =
  | { kind: 'answered'; order: Order; replayed: boolean }
  /** `token_used`: it opened a session that ended without a charge. `authentication_required`: by the settings. */
  | { kind: 'in_progress' | 'key_reused' | 'token_used' | 'authentication_required' }
  /** The order ended without a charge, and this is another card. */
  | { kind: 'key_declined'; order: Order };

/** The answer with nothing sent; null: it may be sent again. */
export function replayedOf(stored: Order, draft: Draft, now: Date): Submitted | null {
  const order = asOf(stored, now);
  if (order.request !== draft.request) return { kind: 'key_reused' };
  const { status } = summarize(order);
  if (status === 'sending') return { kind: 'in_progress' };
  if (status === 'not_processed') return null;
  // Final, but only for the card that was tried.
  const isFinal = order.method === 'card' && (status === 'declined' || status === 'expired');
  const isOtherCard = isFinal && (attemptOf(order)?.token ?? null) !== (draft.token ?? null);
  return isOtherCard ? { kind: 'key_declined', order } : { kind: 'answered', order: stored, replayed: true };
}

/** An enrolment uses its token up, once it may have arrived. */
export function isTokenUsed(order: Order, { token = null }: Draft): boolean {
  const attempt = attemptOf(order);
  if (!attempt?.authentication || attempt.answer?.kind !== 'not_processed') return false;
  const { reason } = attempt.answer.failure;
  const isSent = attempt.authentication.stage !== 'enrol' || !['connection_failed', 'storage_failed'].includes(reason);
  return isSent && token !== null && attempt.token === token;
}
