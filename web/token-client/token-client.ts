/**
 * The token client for a shop's payment page: card fields in, token out; then EMV 3-D Secure where the card needs it. The
 * card goes to the gateway alone.
 * Built by `npm run build:browser` into one ES module; docs/token-client.md says how to use it.
 */
import {
  checkCvv,
  checkNewCard,
  encodeNewCard,
  encodeQuick,
  type NewCard,
} from '../../shared/zeus/operations/token.ts';
import { defaultGateway, failed, requestToken, type TokenGateway, type TokenResult } from './request-token.ts';

export type { Token, TokenFault, TokenField } from '../../shared/zeus/operations/token.ts';
export {
  type AuthenticationResult,
  type AuthenticationSettings,
  authenticate,
  type BrowserBlock,
} from './authenticate.ts';
export type { TokenFailure, TokenFailureReason, TokenResult } from './request-token.ts';

/** An input or a select of the page. Without `name`, so that no form can post it. */
export interface CardField {
  value: string;
  readonly name?: string;
}

/** Leave out what the page does not ask for. */
export interface NewCardFields {
  cardNumber: CardField;
  expiresYear: CardField;
  expiresMonth: CardField;
  cvv?: CardField | null;
  cardName?: CardField | null;
}

/** Of a stored card the payer gives the security code at most. */
export interface StoredCardFields {
  cvv?: CardField | null;
}

export interface TokenSettings extends Partial<TokenGateway> {
  /** The shop's IP code for cards. */
  ipCode: string;
}

/** Every failure is a result. Rejects only for a mistake in the page: a field with a name, a gateway without https. */
export async function createToken(
  settings: TokenSettings,
  fields: NewCardFields | StoredCardFields,
): Promise<TokenResult> {
  const used: CardField[] = Object.values(fields).filter(field => field);
  if (used.some(({ name }) => name)) throw new Error('Card fields must have no name');
  const [xml, faults] = 'cardNumber' in fields ? newCard(settings.ipCode, fields) : storedCard(settings.ipCode, fields);
  if (faults.length > 0) return failed('invalid_input', faults);
  const gateway = { gatewayUrl: defaultGateway, timeoutMs: 30_000, ...settings };
  const result = await requestToken(xml, gateway);
  if (result.kind === 'token') for (const field of used) field.value = '';
  return result;
}

function newCard(ipCode: string, fields: NewCardFields) {
  const card: NewCard = {
    cardNumber: read(fields.cardNumber).replace(/[\s-]/g, ''),
    expiresYear: read(fields.expiresYear).replace(/^\d\d$/, '20$&'),
    expiresMonth: read(fields.expiresMonth).replace(/^\d$/, '0$&'),
    cvv: fields.cvv ? read(fields.cvv) : null,
    cardName: fields.cardName ? read(fields.cardName) : null,
  };
  return [encodeNewCard(ipCode, card), checkNewCard(card)] as const;
}

function storedCard(ipCode: string, fields: StoredCardFields) {
  const cvv = fields.cvv ? read(fields.cvv) : null;
  return [encodeQuick(ipCode, cvv), checkCvv(cvv)] as const;
}

/** Full-width digits and letters are what Japanese keyboards give. */
function read(field: CardField): string {
  return field.value.normalize('NFKC').trim();
}
