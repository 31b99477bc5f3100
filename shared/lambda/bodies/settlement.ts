import * as z from 'zod/mini';
import { type Body, day, oneOfWords, yen } from './body.ts';

/** POST /carrier/orders/{orderId}/settlement */
const settlement = z.strictObject({
  amount: z.optional(yen(1, 100_000)),
  on: z.optional(day),
  by: z.optional(oneOfWords(['schedule', 'gateway'])),
});
export const settlementBody: Body<z.infer<typeof settlement>> = { schema: settlement };
