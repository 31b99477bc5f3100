import * as z from 'zod/mini';
import { isDay } from '../../orders/days.ts';
import { type Body, oneOfWords, required, yen } from './body.ts';

/** POST /carrier/orders/{orderId}/settlement */
const settlement = z.strictObject({
  amount: z.optional(yen(1, 100_000)),
  on: z.optional(z.string(required('must be a string')).check(z.refine(isDay, 'must be a day, YYYY-MM-DD'))),
  by: z.optional(oneOfWords(['schedule', 'gateway'])),
});
export const settlementBody: Body<z.infer<typeof settlement>> = { schema: settlement };
