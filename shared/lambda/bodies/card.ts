import * as z from 'zod/mini';
import { fields as resultFields } from '../../zeus/operations/authentication-result.ts';
import { fields, paymentCounts } from '../../zeus/operations/card-enrolment.ts';
import { installmentValues } from '../../zeus/operations/token-charge.ts';
import { email, freeText, type Kind, oneOf, printable } from '../../zeus/wire/fields.ts';
import type { FieldFault } from '../problem.ts';
import { type Body, kindOf, masked, oneOfWords, phone, reference, required, text, yen } from './body.ts';

/** Byte 5C is a yen sign or a backslash, as the reader's font likes. */
const oneBackslash = (value: string): string => value.replaceAll('¥', '\\');

const plainId = freeText(25);
const cardIdKind: Kind = {
  ...plainId,
  problem: value => plainId.problem(value) ?? (value.trim() === value ? null : 'must not begin or end with a space'),
  rule: 'must not begin or end with a space',
};
export const cardId = text(cardIdKind, oneBackslash);
const tokenKey = masked(printable(1, 86));

const common = {
  phone: phone(7, 32),
  email: masked(email),
  installments: z.optional(text(oneOf(installmentValues))),
  reference: z.optional(reference),
};

/** POST /card/charges */
const tokenCharge = z.strictObject({ ...common, tokenKey, amount: yen(0, 9_999_999), cardId: z.optional(cardId) });

const registrationRule = ({ amount, cardId }: Record<string, unknown>): FieldFault[] =>
  amount === 0 && cardId === undefined
    ? [{ field: 'cardId', code: 'required', message: 'is required for amount 0, which registers the card under it' }]
    : [];

export const tokenChargeBody: Body<z.infer<typeof tokenCharge>> = { schema: tokenCharge, rules: registrationRule };

/** POST /card/recurring-charges */
const recurringCharge = z.strictObject({
  ...common,
  cardId,
  amount: yen(1, 9_999_999),
  matchPhone: z.optional(z.boolean(required('must be true or false'))),
  tokenKey: z.optional(tokenKey),
});
export const recurringChargeBody: Body<z.infer<typeof recurringCharge>> = { schema: recurringCharge };

const authenticated = {
  installments: z.optional(text(oneOf(paymentCounts))),
  cardholderName: z.optional(masked(kindOf(fields, 'cardholderName'))),
};

/** POST /card/authentications */
const authentication = z.extend(tokenCharge, authenticated);
export const authenticationBody: Body<z.infer<typeof authentication>> = {
  schema: authentication,
  rules: registrationRule,
};

/** POST /card/recurring-authentications */
const recurringAuthentication = z.extend(recurringCharge, authenticated);
export const recurringAuthenticationBody: Body<z.infer<typeof recurringAuthentication>> = {
  schema: recurringAuthentication,
};

/** POST /card/charges/{orderId}/completion: what the vendor's script posted. */
const completion = z.strictObject({
  md: text(kindOf(resultFields, 'md')),
  paRes: text(kindOf(resultFields, 'paRes')),
  status: oneOfWords(['success', 'outside', 'failure', 'invalid', 'maintenance']),
});
export const completionBody: Body<z.infer<typeof completion>> = { schema: completion };

/** POST /card/deletions */
const cardDeletion = z.strictObject({ cardId, phone: z.optional(common.phone) });
export const cardDeletionBody: Body<z.infer<typeof cardDeletion>> = { schema: cardDeletion };
