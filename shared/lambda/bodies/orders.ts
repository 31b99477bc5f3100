import * as z from 'zod/mini';
import { statuses } from '../../domain/order.ts';
import { resolutionOutcomes } from '../../orders/resolve.ts';
import { printable } from '../../zeus/wire/fields.ts';
import { type Body, characterCount, day, oneOfWords, reference, text } from './body.ts';

/** Calls that say all in their path. */
export const emptyBody: Body<Record<string, never>> = { schema: z.strictObject({}) };

/** POST /orders/{orderId}/resolution */
const resolution = z.strictObject({
  outcome: oneOfWords(resolutionOutcomes),
  gatewayOrderNumber: z.optional(text(printable(1, 50))),
  note: text(characterCount(1, 500)),
});
export const resolutionBody: Body<z.infer<typeof resolution>> = { schema: resolution };

/** GET /orders; `true` is the only word for `attention`. */
const orderList = z.strictObject({
  date: z.optional(day),
  status: z.optional(oneOfWords(statuses)),
  attention: z.optional(z.literal('true', 'must be true')),
  reference: z.optional(reference),
  cursor: z.optional(z.string()),
});
export const orderListQuery: Body<z.infer<typeof orderList>> = { schema: orderList };
