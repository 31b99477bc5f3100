/** Why an order with EMV 3-D Secure ended where the gateway named no reason of its own. */
import type { Failure } from '../domain/outcome.ts';

export const unsupported: Failure = {
  reason: 'authentication_unsupported',
  code: null,
  parameter: null,
  message: 'The card takes no part in EMV 3-D Secure, and such cards are not charged here',
  payerMessage: 'このカードは本人認証サービスに対応していないため、ご利用いただけません。別のカードをお試しください。',
};

export const notAuthenticated: Failure = {
  reason: 'authentication_failed',
  code: null,
  parameter: null,
  message: "The payer's browser came back without an authentication",
  payerMessage: 'カードの本人認証を完了できませんでした。別のカードをお試しいただくか、カード会社にご確認ください。',
};

export const browserMaintenance: Failure = {
  reason: 'maintenance',
  code: null,
  parameter: null,
  message: "The payer's browser met maintenance at the gateway",
  payerMessage: null,
};
