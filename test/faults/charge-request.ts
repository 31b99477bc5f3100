import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { newOrder } from '../../shared/domain/new-order.ts';
import { tokenChargeBody } from '../../shared/lambda/bodies/card.ts';
import { readRequest } from '../../shared/lambda/request.ts';
import { cardDraft } from '../../shared/orders/token-charge.ts';
import type { Deps } from './functions.ts';

/** The request of a token charge as its function reads it, and the order that it makes. */
export function chargeOf({ deploymentId, now }: Deps, ipCode: string, event: APIGatewayProxyEventV2) {
  const { body, ...identity } = readRequest(event, tokenChargeBody);
  const { amount: amountYen, cardId = null, installments = null, reference = null, ...payer } = body;
  const request = { ...identity, ...payer, amountYen, cardId, installments, reference };
  const order = newOrder(cardDraft({ deploymentId }, 'token_charge', request), true, now());
  return { order, wire: { ...payer, ipCode, amountYen, cardId, installments, orderId: order.orderId } };
}
