import type { Failure } from '../../domain/outcome.ts';

/** A declined card payment, in the answer (`failure_order`) and in the notification (NG) alike; the gateway gives no code. */
export const cardDeclined: Failure = {
  reason: 'refused',
  code: null,
  parameter: null,
  message: 'The gateway or the card issuer refused',
  payerMessage:
    'このカードではお支払いいただけませんでした。別のカードをお試しいただくか、カード会社にご確認ください。',
};
