import { answerSubmitted, apiHandler } from '../shared/lambda/api.ts';
import { recurringChargeBody } from '../shared/lambda/bodies/card.ts';
import { type WithIpCodes, withIpCode } from '../shared/lambda/issued.ts';
import { live } from '../shared/lambda/live/gateway.ts';
import { readRequest } from '../shared/lambda/request.ts';
import { recurringCharge } from '../shared/orders/recurring-charge.ts';
import type { CardDeps } from '../shared/orders/token-charge.ts';

/** POST /card/recurring-charges */
export const create = (deps: Omit<CardDeps, 'ipCode' | 'cards'> & WithIpCodes) =>
  apiHandler('recurring_charge', async event => {
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
    return answerSubmitted(await recurringCharge(await withIpCode(deps, 'card'), request), deps.now());
  });
export const handler = create(live);
