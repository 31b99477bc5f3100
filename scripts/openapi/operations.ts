import type { AnswerName } from './answer-schemas.ts';
import type { BodyName } from './body-schemas.ts';

export interface OperationSpec {
  operationId: string;
  tag: 'card' | 'carrier' | 'cvs' | 'orders';
  summary: string;
  description: string;
  body: BodyName | null;
  answers: Record<number, AnswerSpec>;
}

export interface AnswerSpec {
  description: string;
  schemas: readonly AnswerName[];
  headers?: readonly ('Retry-After' | 'Idempotent-Replayed')[];
}

const problem = (description: string): AnswerSpec => ({ description, schemas: ['Problem'] });
const busy = (description: string): AnswerSpec => ({ description, schemas: ['Problem'], headers: ['Retry-After'] });

/** API Gateway's own answers are here too: a function that failed, ran out of time or was throttled. */
const ofEveryCall = {
  401: { description: 'With a JWT issuer: no valid token, by API Gateway.', schemas: ['GatewayMessage'] },
  403: { description: 'Not authorised, by API Gateway.', schemas: ['GatewayMessage'] },
  429: { description: 'Too many requests, by API Gateway.', schemas: ['GatewayMessage'] },
  500: {
    description: '`internal_error`, or a message by API Gateway: repeat with the same key.',
    schemas: ['Problem', 'GatewayMessage'],
  },
} satisfies Record<number, AnswerSpec>;

const badRequest = problem(
  '`invalid_request`, `card_data_refused`, `idempotency_key_invalid`: nothing was kept or sent.',
);

const creating = (answer: AnswerName): Record<number, AnswerSpec> => ({
  200: {
    description: 'The same request again: the order as it is now.',
    schemas: [answer],
    headers: ['Idempotent-Replayed'],
  },
  201: { description: 'Done.', schemas: [answer] },
  202: {
    description: '`unknown`: it may have happened. A callback or a resolution decides it; nothing is sent again.',
    schemas: [answer],
  },
  400: badRequest,
  402: { description: '`declined`, with `failure`.', schemas: [answer] },
  409: busy('`in_progress`: the first request with this key still runs.'),
  422: problem(
    '`idempotency_key_reused`: the key belongs to another request. `idempotency_key_declined`: the order is declined or expired, and this is another card: take a new key. `authentication_required`: cards are charged with EMV 3-D Secure only.',
  ),
  503: {
    description:
      'With an order: `not_processed`, provably nothing happened, and the same key sends again. With a message: cut off after 30 s, repeat with the same key.',
    schemas: [answer, 'GatewayMessage'],
    headers: ['Retry-After'],
  },
  ...ofEveryCall,
});

const completing: Record<number, AnswerSpec> = {
  200: { description: '`paid` or `registered`.', schemas: ['Order'], headers: ['Idempotent-Replayed'] },
  202: {
    description: '`unknown`: it may have been charged. A callback or a resolution decides it; nothing is sent again.',
    schemas: ['Order'],
    headers: ['Idempotent-Replayed'],
  },
  400: problem('`invalid_request`, also an `md` that is not this order’s: nothing was kept or sent.'),
  402: { description: '`declined`, with `failure`.', schemas: ['Order'], headers: ['Idempotent-Replayed'] },
  404: problem('`order_not_found`'),
  409: busy('`in_progress`: a completion runs; or `order_state`: the order does not wait, or its time is over.'),
  422: problem('`idempotency_key_reused`'),
  503: {
    description:
      'With an order: `not_processed`, nothing was charged; start over with the key of the creating call and a new token. `gateway_maintenance`: the order waits on, repeat with the same key. With a message: cut off after 30 s, repeat with the same key.',
    schemas: ['Order', 'Problem', 'GatewayMessage'],
    headers: ['Retry-After'],
  },
  ...ofEveryCall,
};

const acting: Record<number, AnswerSpec> = {
  200: { description: 'Done.', schemas: ['Order'], headers: ['Idempotent-Replayed'] },
  202: {
    description:
      'The answer was lost: the order needs attention (`outcome_unknown`), and due work repeats the request until the outcome is known.',
    schemas: ['Order'],
  },
  400: badRequest,
  404: problem('`order_not_found`'),
  409: busy('`in_progress`, or `order_state`: the status does not allow it.'),
  422: problem(
    '`gateway_refused`, with the gateway’s code, its meaning and the order as it is now; or `idempotency_key_reused`.',
  ),
  503: {
    description:
      '`gateway_maintenance`: the gateway took nothing, the order is as before. With a message: cut off after 30 s, repeat with the same key.',
    schemas: ['Problem', 'GatewayMessage'],
    headers: ['Retry-After'],
  },
  ...ofEveryCall,
};

const deleting: Record<number, AnswerSpec> = {
  ...acting,
  200: { description: 'Deleted.', schemas: ['CardDeletionAnswer'], headers: ['Idempotent-Replayed'] },
  202: {
    description: 'The answer was lost: due work repeats the deletion until the outcome is known.',
    schemas: ['CardDeletionAnswer'],
  },
  404: problem('`card_not_found`'),
  409: busy('`in_progress`'),
  422: problem('`gateway_refused` or `idempotency_key_reused`'),
};

/** Of calls that send nothing to the gateway. */
const cutOff: AnswerSpec = {
  description: 'By API Gateway: cut off after 30 s, or too many requests at once. Repeat with the same key.',
  schemas: ['GatewayMessage'],
};

const resolving: Record<number, AnswerSpec> = {
  200: { description: 'Stored.', schemas: ['Order'], headers: ['Idempotent-Replayed'] },
  400: badRequest,
  404: problem('`order_not_found`'),
  409: busy(
    '`order_state`: there is nothing to decide in this status; or `in_progress`: a request to the gateway is running.',
  ),
  422: problem('`idempotency_key_reused`'),
  503: cutOff,
  ...ofEveryCall,
};

/** By route, as infra/functions.ts has them. */
export const operations: Record<string, OperationSpec> = {
  'POST /card/charges': {
    operationId: 'chargeToken',
    tag: 'card',
    summary: 'Charge a card by token, or store it',
    description:
      'The token comes from the payer’s browser, which gets it from the gateway. With `cardId` the card is stored for later charges.',
    body: 'TokenCharge',
    answers: creating('Order'),
  },
  'POST /card/recurring-charges': {
    operationId: 'chargeStoredCard',
    tag: 'card',
    summary: 'Charge a stored card',
    description: 'Found by its card ID alone, or by card ID and phone with `matchPhone`.',
    body: 'RecurringCharge',
    answers: creating('Order'),
  },
  'POST /card/authentications': {
    operationId: 'authenticateCard',
    tag: 'card',
    summary: 'Charge or store a card with EMV 3-D Secure',
    description:
      'Opens a session. The order waits (`awaiting_customer`) until the payer’s browser has run the vendor’s script with `browser`, and the shop’s server has sent what that posted to the completion. With `cardId` the card is stored.',
    body: 'CardAuthentication',
    answers: creating('CardAuthenticationAnswer'),
  },
  'POST /card/recurring-authentications': {
    operationId: 'authenticateStoredCard',
    tag: 'card',
    summary: 'Charge a stored card with EMV 3-D Secure',
    description: 'For a payer who is present. Otherwise as `POST /card/authentications`.',
    body: 'RecurringAuthentication',
    answers: creating('CardAuthenticationAnswer'),
  },
  'POST /card/charges/{orderId}/completion': {
    operationId: 'completeCharge',
    tag: 'card',
    summary: 'Complete a charge with EMV 3-D Secure',
    description:
      'Asks the gateway whether the payer was authenticated, and charges once if so. What the browser says can end the order, never pay it. May take over 30 s.',
    body: 'Completion',
    answers: completing,
  },
  'POST /card/charges/{orderId}/cancel': {
    operationId: 'cancelCharge',
    tag: 'card',
    summary: 'Cancel a charge',
    description: 'Waits until 10 s after the charge, which the gateway asks for, so that it may take 20 s and more.',
    body: 'Empty',
    answers: acting,
  },
  'POST /card/deletions': {
    operationId: 'deleteCard',
    tag: 'card',
    summary: 'Delete a stored card at the gateway',
    description: 'Without `phone`: under every phone with which it was registered here.',
    body: 'CardDeletion',
    answers: deleting,
  },
  'POST /carrier/orders': {
    operationId: 'openCarrierOrder',
    tag: 'carrier',
    summary: 'Open a carrier order',
    description:
      'Answers the form that the payer’s browser posts to the gateway. `form.html` is ASCII, right in a page of any charset.',
    body: 'CarrierOrder',
    answers: creating('CarrierOrderAnswer'),
  },
  'POST /carrier/orders/{orderId}/settlement': {
    operationId: 'settle',
    tag: 'carrier',
    summary: 'Settle, or book a settlement',
    description:
      'For an `authorized` payment. Without `on`: today, from 23:55:00 JST on tomorrow. `by`: who keeps the booking, this deployment or the gateway. Of several payments of the order `gatewayOrderNumber` names the one; default: the one shown.',
    body: 'Settlement',
    answers: acting,
  },
  'DELETE /carrier/orders/{orderId}/settlement': {
    operationId: 'withdrawSettlement',
    tag: 'carrier',
    summary: 'Withdraw a booked settlement',
    description: 'Until the day before.',
    body: null,
    answers: acting,
  },
  'POST /carrier/orders/{orderId}/return': {
    operationId: 'returnPayment',
    tag: 'carrier',
    summary: 'Return a payment, or release an authorization',
    description:
      'Within 50 days: of authorization, or of settlement once settled. Of several payments of the order `gatewayOrderNumber` names the one; default: the one shown.',
    body: 'Return',
    answers: acting,
  },
  'POST /cvs/orders': {
    operationId: 'issuePaymentNumber',
    tag: 'cvs',
    summary: 'Issue payment numbers for a convenience store',
    description: 'Show the payer every number under its label, and the deadline; for 7-Eleven lead to `redirectUrl`.',
    body: 'CvsOrder',
    answers: creating('Order'),
  },
  'GET /orders': {
    operationId: 'listOrders',
    tag: 'orders',
    summary: 'List orders',
    description:
      'Newest first. Days are those of `createdAt` in Japan: one `date`, or `from` and `to`, both included, at most 92 days; `from` alone: until today; none: today. With `attention` and no day: all days, oldest first. `attention`, `reference`, `gatewayOrderNumber` and `cardId` exclude each other.',
    body: null,
    answers: {
      200: { description: 'A page.', schemas: ['OrderList'] },
      400: problem('`invalid_request`: also a cursor that came under other filters.'),
      503: cutOff,
      ...ofEveryCall,
    },
  },
  'GET /orders/{orderId}': {
    operationId: 'readOrder',
    tag: 'orders',
    summary: 'Read an order',
    description: 'As it is now, with its history.',
    body: null,
    answers: {
      200: { description: 'The order.', schemas: ['Order'] },
      404: problem('`order_not_found`'),
      503: cutOff,
      ...ofEveryCall,
    },
  },
  'POST /orders/{orderId}/resolution': {
    operationId: 'resolve',
    tag: 'orders',
    summary: 'Record an operator’s decision',
    description:
      'What the operator found out in the gateway’s console. `acknowledged` clears attention and changes no status. Any other outcome ends what is open.',
    body: 'Resolution',
    answers: resolving,
  },
};
