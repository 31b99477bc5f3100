import * as z from 'zod/mini';
import type { HistoryEntry } from '../../shared/domain/history.ts';
import type { Failure } from '../../shared/domain/outcome.ts';
import type { ShownAuthentication } from '../../shared/domain/shown-authentication.ts';
import {
  attentionReasons,
  type Brand,
  type Carrier,
  type Method,
  type OrderOperation,
  type Store,
  statuses,
} from '../../shared/domain/words.ts';
import type { ProblemCode } from '../../shared/lambda/problem.ts';

/** Every word of a type, and no other: the compiler sees to it. */
const wordsOf = <T extends string>(words: Record<T, true>) => z.enum(Object.keys(words) as [T, ...T[]]);

const method = wordsOf<Method>({ card: true, carrier: true, cvs: true });
const operation = wordsOf<OrderOperation>({
  token_charge: true,
  recurring_charge: true,
  authenticated_charge: true,
  authenticated_recurring_charge: true,
  carrier_order: true,
  cvs_order: true,
  external: true,
});
const brand = wordsOf<Brand>({
  visa: true,
  mastercard: true,
  jcb: true,
  amex: true,
  diners: true,
  discover: true,
  proper: true,
});
const carrier = wordsOf<Carrier>({ docomo: true, au: true, softbank: true });
const store = wordsOf<Store>({
  'seven-eleven': true,
  lawson: true,
  familymart: true,
  seicomart: true,
  ministop: true,
  'daily-yamazaki': true,
});
const source = wordsOf<HistoryEntry['source']>({
  api: true,
  gateway: true,
  callback: true,
  schedule: true,
  operator: true,
});
const authenticationState = wordsOf<ShownAuthentication['state']>({
  enrolling: true,
  pending: true,
  authenticated: true,
  attempted: true,
  outside: true,
  failed: true,
});
const attentionReason = z.enum(attentionReasons);
const failureReason = wordsOf<Failure['reason']>({
  refused: true,
  invalid_parameter: true,
  token_invalid: true,
  maintenance: true,
  connect_error: true,
  connection_failed: true,
  storage_failed: true,
  too_late: true,
  store_unavailable: true,
  gateway_error: true,
  authentication_failed: true,
  authentication_expired: true,
  authentication_unsupported: true,
  answer_lost: true,
  operator: true,
  test_payment: true,
});
const problemCode = wordsOf<ProblemCode>({
  invalid_request: true,
  card_data_refused: true,
  idempotency_key_invalid: true,
  order_not_found: true,
  card_not_found: true,
  authentication_required: true,
  in_progress: true,
  order_state: true,
  idempotency_key_reused: true,
  idempotency_key_declined: true,
  gateway_refused: true,
  gateway_maintenance: true,
  internal_error: true,
});

const time = z.iso.datetime({ precision: 3 });
const day = z.iso.date();
const textOrNull = z.nullable(z.string());
const status = z.enum(statuses);

/** `amount` null: the gateway has not named it. */
const money = z.strictObject({ amount: z.nullable(z.int()), at: time });

const orderFields = {
  orderId: z.string().check(z.regex(/^[A-Za-z0-9_-]{32}$/)),
  method,
  operation,
  status,
  amount: z.int().check(z.minimum(0), z.maximum(9_999_999)),
  currency: z.literal('JPY'),
  reference: textOrNull,
  test: z.boolean(),
  failure: z.nullable(
    z.strictObject({
      reason: failureReason,
      code: textOrNull,
      parameter: textOrNull,
      message: z.string(),
      payerMessage: textOrNull,
    }),
  ),
  attention: z.array(z.strictObject({ reason: attentionReason, since: time, note: textOrNull })),
  paid: z.nullable(money),
  returned: z.nullable(money),
  otherPayments: z.array(
    z.strictObject({ orderNumber: textOrNull, status, paid: z.nullable(money), returned: z.nullable(money) }),
  ),
  gateway: z.strictObject({ orderNumber: textOrNull, status: textOrNull }),
  card: z.optional(
    z.strictObject({
      cardId: textOrNull,
      last4: textOrNull,
      brand: z.nullable(brand),
      installments: z.string(),
      authentication: z.nullable(
        z.strictObject({ state: authenticationState, code: textOrNull, expiresAt: z.nullable(time) }),
      ),
    }),
  ),
  carrier: z.optional(
    z.strictObject({
      type: z.nullable(carrier),
      settlement: z.nullable(z.strictObject({ on: day, amount: z.int(), by: z.enum(['schedule', 'gateway']) })),
      settleBy: z.nullable(day),
    }),
  ),
  cvs: z.optional(
    z.strictObject({
      store: z.nullable(store),
      paymentNumbers: z.array(z.strictObject({ label: z.string(), value: z.string() })),
      payBy: z.nullable(day),
      redirectUrl: textOrNull,
    }),
  ),
  createdAt: time,
  updatedAt: time,
  version: z.int().check(z.minimum(1)),
  history: z.array(
    z.strictObject({
      at: time,
      source,
      event: z.string(),
      from: z.nullable(status),
      to: status,
      code: textOrNull,
      note: textOrNull,
      actor: textOrNull,
      count: z.int().check(z.minimum(1)),
    }),
  ),
};

const Order = z.strictObject(orderFields);

const form = z.strictObject({
  action: z.url(),
  method: z.literal('POST'),
  acceptCharset: z.literal('Shift_JIS'),
  fields: z.record(z.string(), z.string()),
  html: z.string(),
});

/** What the API answers. Tests hold every answer of the examples against these. */
export const answers = {
  Order,
  CardAuthenticationAnswer: z.strictObject({
    ...orderFields,
    browser: z.nullable(
      z.strictObject({
        md: z.string(),
        paReq: z.literal('PaReq'),
        threeDSMethod: z.literal('2'),
        iframeUrl: z.string(),
      }),
    ),
  }),
  CarrierOrderAnswer: z.strictObject({ ...orderFields, form: z.nullable(form) }),
  OrderList: z.strictObject({ orders: z.array(Order).check(z.maxLength(50)), cursor: textOrNull }),
  CardDeletionAnswer: z.strictObject({ cardId: z.string(), deleted: z.nullable(z.literal(true)) }),
  Problem: z.strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: problemCode,
    detail: z.string(),
    errors: z.optional(
      z.array(
        z.strictObject({
          field: z.string(),
          code: z.enum(['required', 'invalid', 'unknown_field', 'too_late_today', 'not_allowed']),
          message: z.string(),
        }),
      ),
    ),
    gatewayCode: z.optional(textOrNull),
    gatewayMeaning: z.optional(z.string()),
    order: z.optional(Order),
  }),
  /** What API Gateway says by itself. */
  GatewayMessage: z.strictObject({ message: z.string() }),
};
export type AnswerName = keyof typeof answers;

const descriptions: Record<AnswerName, string> = {
  Order: 'An order as it is now. Only the block of its own method is present; nothing of the payer is in it.',
  CardAuthenticationAnswer:
    'The order, with the arguments that the payer’s browser hands to the vendor’s script; null once the browser needs nothing more.',
  CarrierOrderAnswer: 'The order, with the form that the payer’s browser posts; null once the payer is through.',
  OrderList: 'At most 50 orders, and the cursor of the next page.',
  CardDeletionAnswer: '`deleted` is null where the gateway’s answer was lost: it is repeated until known.',
  Problem: 'RFC 9457. `errors` names every fault at once; `order` is the order as it is now.',
  GatewayMessage: 'Said by API Gateway, not by a function.',
};

export function answerSchemas(): Record<string, object> {
  const names = z.registry<{ id: string; description: string }>();
  for (const [id, schema] of Object.entries(answers))
    names.add(schema, { id, description: descriptions[id as AnswerName] });
  const { schemas } = z.toJSONSchema(names, { uri: id => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, id: ___, ...schema }]) => [id, schema]),
  );
}
