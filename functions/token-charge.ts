import { answerSubmitted, apiHandler } from '../shared/lambda/api.ts';
import { tokenChargeBody } from '../shared/lambda/bodies/card.ts';
import { readRequest } from '../shared/lambda/request.ts';
import { cardDeps, clock } from '../shared/lambda/wiring.ts';
import { tokenCharge } from '../shared/orders/token-charge.ts';

/** POST /card/charges */
export const handler = apiHandler('token_charge', async event => {
  const { body, ...identity } = readRequest(event, tokenChargeBody);
  const { amount: amountYen, cardId = null, installments = null, reference = null, ...payer } = body;
  const request = { ...identity, ...payer, amountYen, cardId, installments, reference };
  return answerSubmitted(await tokenCharge(await cardDeps(), request), clock.now());
});
