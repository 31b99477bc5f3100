import type * as TokenClient from '../../web/token-client/token-client.ts';
import { input, select } from './dom.ts';
import { showAlert, showFault } from './field-faults.ts';
import { say } from './language.ts';
import { settings } from './settings.ts';

/** As a shop loads it: the module that `npm run build:browser` makes. */
const { createToken }: typeof TokenClient = await import('/token-client.js' as string);

const fieldIds: Record<TokenClient.TokenField, string> = {
  cardNumber: 'card-number',
  expiresYear: 'expires-year',
  expiresMonth: 'expires-month',
  expires: 'expires-month',
  cvv: 'cvv',
  cardName: 'card-name',
};

/** Null: the page now says what is wrong. */
export function newCardToken(): Promise<TokenClient.Token | null> {
  const fields = {
    cardNumber: input('card-number'),
    expiresYear: select('expires-year'),
    expiresMonth: select('expires-month'),
    cvv: input('cvv'),
    cardName: input('card-name'),
  };
  return askFor(fields, field => fieldIds[field]);
}

export function storedCardToken(): Promise<TokenClient.Token | null> {
  return askFor({ cvv: input('stored-cvv') }, () => 'stored-cvv');
}

async function askFor(
  fields: Parameters<typeof createToken>[1],
  idOf: (field: TokenClient.TokenField) => string,
): Promise<TokenClient.Token | null> {
  const { gatewayUrl, cardIpCode } = await settings;
  const result = await createToken({ gatewayUrl, ipCode: cardIpCode }, fields);
  if (result.kind === 'token') return result.token;
  for (const { field, code, message, payerMessage } of result.faults) {
    if (field) showFault(idOf(field), say([payerMessage, `${message}.`]));
    else showAlert([`${payerMessage}（${code}）`, `${message} (${code}).`]);
  }
  return null;
}
