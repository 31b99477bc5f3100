/** EMV 3-D Secure in an attempt: what its stages mean for facts, and how long it may go on without news. */
import { secondsAfter } from './days.ts';
import { claimSeconds, type Send } from './order.ts';

/** EMV 3-D Secure of a card attempt. The payment is asked for in stage `pay`, once. */
export interface Authentication {
  stage: 'enrol' | 'wait' | 'pay';
  /** The gateway's session, kept while the payer's browser needs it. */
  session: { xid: string; iframeUrl: string } | null;
  /** Why the payment was asked for: the gateway vouched, or the card is outside 3-D Secure. */
  result: { kind: 'success' | 'outside'; code: string | null } | null;
}

/** The gateway's session has 60 minutes, counted from before the enrolment was sent; no completion begins in the last 2. */
const sessionSeconds = 58 * 60;

/** A completion that died before its payment request costs nothing: the next may begin so long after it. */
const completionSeconds = 60;

export const expiresAtOf = ({ at }: Send): string => secondsAfter(at, sessionSeconds);

/** Whether a completion is running. */
export const isCompleting = ({ claim, authentication }: Send, now: Date): boolean =>
  authentication?.stage === 'wait' && claim !== null && now.toISOString() < secondsAfter(claim.at, completionSeconds);

/** When an attempt without an answer ends by itself: its claim is stale, or the payer's time is over. */
export function lapsesAt(attempt: Send): string {
  const { at, claim, authentication } = attempt;
  if (authentication?.stage !== 'wait') return claim ? secondsAfter(claim.at, claimSeconds) : at;
  const expiresAt = expiresAtOf(attempt);
  const completed = claim ? secondsAfter(claim.at, completionSeconds) : '';
  return completed > expiresAt ? completed : expiresAt;
}

/** No payment was asked for yet, and none is out. */
export const isBeforePayment = ({ authentication, answer }: Send): boolean =>
  authentication !== undefined && authentication.stage !== 'pay' && answer === null;

/** An NG is about the payment asked for only if the request had not seen it, and the session was not over by then. */
export const isWithoutEffect = ({ authentication, seen, answer }: Send, ngId: string): boolean =>
  authentication !== undefined && (authentication.stage !== 'pay' || seen.includes(ngId) || answer?.kind === 'expired');

/** How an authentication ended says nothing of the payment that another completion has asked for since. */
export const isSameStage = (now: Send, sent: Send): boolean => now.authentication?.stage === sent.authentication?.stage;
