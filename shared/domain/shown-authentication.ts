/** What an order shows of EMV 3-D Secure: the merchant's evidence in a dispute (three-d-secure.md, 7.2). */

import type { Send } from './order.ts';
import type { Authentication } from './stages.ts';
import { expiresAtOf } from './stages.ts';

export interface ShownAuthentication {
  state: 'enrolling' | 'pending' | 'authenticated' | 'attempted' | 'outside' | 'failed';
  /** The gateway's own code for `authenticated`, `attempted` and `outside`. */
  code: string | null;
  /** Until when the payer's browser may complete; null: it need not, or no longer can. */
  expiresAt: string | null;
}

/** Null: the attempt is without 3-D Secure. */
export function shownAuthentication(attempt: Send, isOpen: boolean): ShownAuthentication | null {
  const { authentication, answer } = attempt;
  if (!authentication) return null;
  const { stage, result } = authentication;
  if (isOpen && stage === 'enrol') return { state: 'enrolling', code: null, expiresAt: null };
  if (isOpen && stage === 'wait') return { state: 'pending', code: null, expiresAt: expiresAtOf(attempt) };
  if (result) return { state: stateOf(result), code: result.code, expiresAt: null };
  const failure = answer && 'failure' in answer ? answer.failure : null;
  const isOutside = failure?.reason === 'authentication_unsupported';
  return { state: isOutside ? 'outside' : 'failed', code: isOutside ? failure.code : null, expiresAt: null };
}

/** No more than the code says: whether a success of another code is an authentication is not known. */
function stateOf({ kind, code }: NonNullable<Authentication['result']>): ShownAuthentication['state'] {
  if (kind === 'outside') return 'outside';
  return code === '001' || code === '002' ? 'authenticated' : 'attempted';
}
