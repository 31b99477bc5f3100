import * as z from 'zod/mini';
import { addDays, isDay } from '../../domain/days.ts';
import { attentionReasons, statuses } from '../../domain/words.ts';
import { resolutionOutcomes } from '../../orders/resolve.ts';
import { printable } from '../../zeus/wire/fields.ts';
import type { FieldFault } from '../problem.ts';
import { type Body, characterCount, day, oneOfWords, reference, text, yen } from './body.ts';
import { cardId } from './card.ts';

/** Calls that say all in their path. */
export const emptyBody: Body<Record<string, never>> = { schema: z.strictObject({}) };

export const gatewayOrderNumber = text(printable(1, 50));

/** POST /orders/{orderId}/resolution */
const resolution = z.strictObject({
  outcome: oneOfWords(resolutionOutcomes),
  gatewayOrderNumber: z.optional(gatewayOrderNumber),
  amount: z.optional(yen(1, 9_999_999)),
  reasons: z.optional(z.array(oneOfWords(attentionReasons), 'must be a list of reasons').check(z.minLength(1))),
  note: text(characterCount(1, 500, true)),
});
export const resolutionBody: Body<z.infer<typeof resolution>> = {
  schema: resolution,
  rules: ({ outcome, amount, reasons }) => [
    ...onlyWith('amount', amount, outcome === 'paid', 'goes only with the outcome paid'),
    ...onlyWith('reasons', reasons, outcome === 'acknowledged', 'goes only with the outcome acknowledged'),
  ],
};

const onlyWith = (field: string, value: unknown, isRight: boolean, message: string): FieldFault[] =>
  value === undefined || isRight ? [] : [{ field, code: 'not_allowed', message }];

/** GET /orders; `true` is the only word for `attention`. */
const orderList = z.strictObject({
  date: z.optional(day),
  from: z.optional(day),
  to: z.optional(day),
  status: z.optional(oneOfWords(statuses)),
  attention: z.optional(z.literal('true', 'must be true')),
  reference: z.optional(reference),
  gatewayOrderNumber: z.optional(gatewayOrderNumber),
  cardId: z.optional(cardId),
  cursor: z.optional(z.string()),
});
export const orderListQuery: Body<z.infer<typeof orderList>> = { schema: orderList, rules: listRules };

const exclusive = ['attention', 'reference', 'gatewayOrderNumber', 'cardId'] as const;
/** Days of one list (contract 1.7). */
export const longestRange = 92;

function listRules(query: Record<string, unknown>): FieldFault[] {
  const faults: FieldFault[] = [];
  const fault = (field: string, message: string) => faults.push({ field, code: 'not_allowed', message });
  const [first, ...rest] = exclusive.filter(name => query[name] !== undefined);
  for (const name of rest) fault(name, `does not go with ${first}`);
  const { date, from, to } = query;
  if (date !== undefined && from !== undefined) fault('from', 'does not go with date');
  if (date !== undefined && to !== undefined) fault('to', 'does not go with date');
  if (to !== undefined && from === undefined && date === undefined) fault('to', 'goes only with from');
  if (typeof from === 'string' && typeof to === 'string' && isDay(from) && isDay(to)) {
    if (to < from) fault('to', 'must not be before from');
    else if (to >= addDays(from, longestRange)) fault('to', `must be within ${longestRange} days`);
  }
  return faults;
}
