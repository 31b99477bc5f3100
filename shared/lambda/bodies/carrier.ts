import * as z from 'zod/mini';
import { amounts, carrierName, fields, nameProblem } from '../../zeus/operations/carrier-link.ts';
import { digits, katakana } from '../../zeus/wire/fields.ts';
import { type Body, day, kindOf, masked, oneOfWords, phone, reference, text, yen } from './body.ts';
import { gatewayOrderNumber } from './orders.ts';

const carriers = ['docomo', 'au', 'softbank'] as const;

const link = (name: 'success' | 'failure') =>
  z.optional(z.strictObject({ url: text(kindOf(fields, `${name}.url`)), text: text(kindOf(fields, `${name}.text`)) }));

/** POST /carrier/orders */
const carrierOrder = z.strictObject({
  carrier: oneOfWords(carriers),
  amount: yen(1, 100_000),
  name: masked(katakana(50), carrierName),
  phone: phone(1, 32),
  email: z.optional(masked(kindOf(fields, 'email'))),
  success: link('success'),
  failure: link('failure'),
  reference: z.optional(reference),
  test: z.optional(z.strictObject({ id: text(digits(8, 8)) })),
});

export const carrierOrderBody: Body<z.infer<typeof carrierOrder>> = {
  schema: carrierOrder,
  rules: body => [...amountRule(body), ...testNameRule(body)],
};

/** Each carrier's own limit, where the amount is one at all. */
function amountRule({ carrier, amount }: Record<string, unknown>) {
  const known = carriers.find(each => each === carrier);
  if (!known || !Number.isInteger(amount) || Number(amount) < 1 || Number(amount) > 100_000) return [];
  const message = amounts[known].problem(String(amount));
  return message === null ? [] : [{ field: 'amount', code: 'invalid', message: `${message} for ${known}` } as const];
}

/** A test order's name carries the test ID within its own width. */
function testNameRule({ name, test }: Record<string, unknown>) {
  const id = (test as { id?: unknown } | undefined)?.id;
  if (typeof name !== 'string' || typeof id !== 'string' || !/^\d{8}$/.test(id)) return [];
  const clean = carrierName(name);
  const isTooLong = katakana(50).problem(clean) === null && nameProblem(clean, id) !== null;
  return isTooLong
    ? [{ field: 'name', code: 'invalid', message: 'must be at most 50 bytes together with _ and the test ID' } as const]
    : [];
}

/** POST /carrier/orders/{orderId}/settlement */
const settlement = z.strictObject({
  amount: z.optional(yen(1, 100_000)),
  on: z.optional(day),
  by: z.optional(oneOfWords(['schedule', 'gateway'])),
  gatewayOrderNumber: z.optional(gatewayOrderNumber),
});
export const settlementBody: Body<z.infer<typeof settlement>> = { schema: settlement };

/** POST /carrier/orders/{orderId}/return */
const carrierReturn = z.strictObject({ gatewayOrderNumber: z.optional(gatewayOrderNumber) });
export const returnBody: Body<z.infer<typeof carrierReturn>> = { schema: carrierReturn };
