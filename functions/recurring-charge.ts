import { answerSubmitted, apiHandler } from '../shared/lambda/api.ts';
import { recurringChargeBody } from '../shared/lambda/bodies/card.ts';
import { readRequest } from '../shared/lambda/request.ts';
import { cardDeps, clock } from '../shared/lambda/wiring.ts';
import { recurringCharge } from '../shared/orders/recurring-charge.ts';

/** POST /card/recurring-charges */
export const handler = apiHandler('recurring_charge', async event => {
  const { body, ...identity } = readRequest(event, recurringChargeBody);
  const {
    amount: amountYen,
    matchPhone = false,
    tokenKey = null,
    installments = null,
    reference = null,
    ...payer
  } = body;
  const request = { ...identity, ...payer, amountYen, matchPhone, tokenKey, installments, reference };
  return answerSubmitted(await recurringCharge(await cardDeps(), request), clock.now());
});
