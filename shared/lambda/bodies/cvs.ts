import * as z from 'zod/mini';
import { cvsName, fields } from '../../zeus/operations/cvs-order.ts';
import { type Body, kindOf, masked, oneOfWords, reference, text, withoutHyphens, yen } from './body.ts';

const stores = ['seven-eleven', 'lawson', 'familymart', 'seicomart', 'ministop', 'daily-yamazaki'] as const;

/** POST /cvs/orders */
const cvsOrder = z.strictObject({
  store: oneOfWords(stores),
  amount: yen(200, 299_999),
  name: masked(kindOf(fields, 'name'), cvsName),
  phone: masked(kindOf(fields, 'phone'), withoutHyphens),
  email: masked(kindOf(fields, 'email')),
  reference: z.optional(reference),
  test: z.optional(
    z.strictObject({ id: text(kindOf(fields, 'test.id')), type: oneOfWords(['unpaid', 'paid', 'reversed']) }),
  ),
});
export const cvsOrderBody: Body<z.infer<typeof cvsOrder>> = { schema: cvsOrder };
