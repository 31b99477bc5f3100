import type { TokenResult } from '../../web/token-client/request-token.ts';

/**
 * What the page's callback gets. The manual names `result` and `error_code`; the rest of a success, named as in
 * token.cgi's answer, is what existing pages read.
 */
export type Answer =
  | { result: 0; error_code: string }
  | {
      result: 1;
      token_key: string;
      masked_card_number: string;
      masked_cvv: string;
      card_expires_month: string;
      card_expires_year: string;
      card_name: string;
    };

export function answerOf(result: TokenResult): Answer {
  if (result.kind === 'failed') return { result: 0, error_code: result.faults[0]?.code ?? '99999999' };
  const { token } = result;
  return {
    result: 1,
    token_key: token.tokenKey,
    masked_card_number: token.maskedCardNumber ?? '',
    masked_cvv: token.maskedCvv ?? '',
    card_expires_month: token.expiresMonth ?? '',
    card_expires_year: token.expiresYear ?? '',
    card_name: token.cardName ?? '',
  };
}
