import * as z from 'zod/mini';
import { isDay } from '../orders/days.ts';
import { statuses } from '../orders/order.ts';
import { resolutionOutcomes } from '../orders/resolve.ts';
import { digits, email, freeText, type Kind, oneOf, orderNumber, printable } from '../zeus/fields.ts';
import { Masked } from '../zeus/masked.ts';
import type { FieldFault } from './problem.ts';

/** How a request body is checked: field by field, then by rules between fields, so that all faults come at once. */
export interface Body<T> {
  schema: z.ZodMiniType<T>;
  rules?: (body: Record<string, unknown>) => FieldFault[];
}

const missingOr = (otherwise: string) => ({
  error: (issue: { input?: unknown }) => (issue.input === undefined ? 'is required' : otherwise),
});

/** A text that a field kind of the manuals judges, after `clean`. */
const text = (kind: Kind, clean: (value: string) => string = value => value) =>
  z.pipe(
    z.string(missingOr('must be a string')),
    z.transform((value, context): string => {
      const cleaned = clean(value);
      const message = kind.problem(cleaned);
      if (message !== null) context.issues.push({ code: 'custom', message, input: undefined });
      return cleaned;
    }),
  );

const masked = (kind: Kind, clean?: (value: string) => string) =>
  z.pipe(
    text(kind, clean),
    z.transform(value => new Masked(value)),
  );

const yen = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.int(missingOr(message)).check(z.minimum(min, message), z.maximum(max, message));
};

const withoutHyphens = (value: string): string => value.replace(/[-\s]/g, '');
/** Byte 5C is a yen sign or a backslash, as the reader's font likes. */
const oneBackslash = (value: string): string => value.replaceAll('¥', '\\');

const phone = masked(digits(7, 32), withoutHyphens);
const cardIdKind: Kind = {
  ...freeText(25),
  problem: value => freeText(25).problem(value) ?? (value.trim() === value ? null : 'must not begin or end with a space'),
};
const cardId = text(cardIdKind, oneBackslash);
const installments = text(oneOf(['01', '03', '05', '06', '10', '12', '15', '18', '20', '24', '99']));
const reference = text(characterCount(1, 64));

/** For texts that never travel to the gateway. */
function characterCount(min: number, max: number): Kind {
  const problem = (value: string) => {
    const length = [...value].length;
    return length >= min && length <= max ? null : `must have ${min} to ${max} characters`;
  };
  return { minBytes: min, maxBytes: max, problem };
}

/** POST /card/charges */
const tokenCharge = z.strictObject({
  tokenKey: masked(printable(1, 86)),
  amount: yen(0, 9_999_999),
  phone,
  email: masked(email),
  cardId: z.optional(cardId),
  installments: z.optional(installments),
  reference: z.optional(reference),
});

export const tokenChargeBody: Body<z.infer<typeof tokenCharge>> = {
  schema: tokenCharge,
  rules: body =>
    body.amount === 0 && body.cardId === undefined
      ? [{ field: 'cardId', code: 'required', message: 'is required for amount 0, which registers the card under it' }]
      : [],
};

/** POST /card/recurring-charges */
const recurringCharge = z.strictObject({
  cardId,
  amount: yen(1, 9_999_999),
  phone,
  email: masked(email),
  matchPhone: z.optional(z.boolean('must be true or false')),
  tokenKey: z.optional(masked(printable(1, 86))),
  installments: z.optional(installments),
  reference: z.optional(reference),
});
export const recurringChargeBody: Body<z.infer<typeof recurringCharge>> = { schema: recurringCharge };

/** POST /card/deletions */
const cardDeletion = z.strictObject({ cardId, phone: z.optional(phone) });
export const cardDeletionBody: Body<z.infer<typeof cardDeletion>> = { schema: cardDeletion };

/** Calls that say all in their path. */
export const emptyBody: Body<Record<string, never>> = { schema: z.strictObject({}) };

/** POST /orders/{orderId}/resolution */
const resolution = z.strictObject({
  outcome: z.enum(resolutionOutcomes, missingOr(`must be one of ${resolutionOutcomes.join(', ')}`)),
  gatewayOrderNumber: z.optional(text(orderNumber(50))),
  note: text(characterCount(1, 500)),
});
export const resolutionBody: Body<z.infer<typeof resolution>> = { schema: resolution };

/** GET /orders; `true` is the only word for `attention`. */
const orderList = z.strictObject({
  date: z.optional(z.string().check(z.refine(isDay, 'must be a day, YYYY-MM-DD'))),
  status: z.optional(z.enum(statuses, `must be one of ${statuses.join(', ')}`)),
  attention: z.optional(z.literal('true', 'must be true')),
  reference: z.optional(reference),
  cursor: z.optional(z.string()),
});
export const orderListQuery: Body<z.infer<typeof orderList>> = { schema: orderList };
