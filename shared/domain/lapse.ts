/** How an attempt ends of which nothing more is heard: its claim is stale, or the payer did not come back in time. */
import type { Answer, Send } from './order.ts';
import type { Failure } from './outcome.ts';

export function lapsedAnswer({ authentication }: Send, at: string): Answer {
  switch (authentication?.stage) {
    case 'enrol':
      return { at, kind: 'not_processed', failure: enrolmentLost, orderNumber: null };
    case 'wait':
      return { at, kind: 'expired', failure: notInTime, orderNumber: null };
    default:
      return { at, kind: 'unknown' };
  }
}

const enrolmentLost: Failure = {
  reason: 'answer_lost',
  code: null,
  parameter: null,
  message: 'What came of the enrolment is not known; no payment was asked for.',
  payerMessage: null,
};

const notInTime: Failure = {
  reason: 'authentication_expired',
  code: null,
  parameter: null,
  message: 'The payer was not authenticated in time; nothing was charged.',
  payerMessage: '本人認証の有効期限が切れました。お手数ですが、はじめからもう一度お手続きください。',
};
