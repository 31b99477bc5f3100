import { orderIdOf } from '../../shared/domain/identity.ts';
import { tokenChargeBody } from '../../shared/lambda/bodies/card.ts';
import { readRequest } from '../../shared/lambda/request.ts';
import { newOrder } from '../../shared/orders/new-order.ts';
import type { Call } from './handlers.ts';

/** The request of a token charge as its function reads it, and the order that it makes. */
export function chargeOf({ deps, event }: Call) {
  const { body, ...identity } = readRequest(event, tokenChargeBody);
  const { amount: amountYen, cardId = null, installments = null, ...payer } = body;
  const orderId = orderIdOf(deps.deploymentId, identity.idempotencyKey);
  const { ipCode } = deps;
  const draft = {
    orderId,
    method: 'card',
    operation: 'token_charge',
    amountYen,
    reference: null,
    test: false,
    request: identity.request,
    card: { cardId, last4: null, brand: null, installments: installments ?? '01' },
  } as const;
  return {
    order: newOrder(draft, 'sending', deps.now()),
    wire: { ...payer, ipCode, amountYen, cardId, installments, orderId },
  };
}
