import { answerSubmitted, apiHandler } from '../shared/lambda/api.ts';
import { tokenChargeBody } from '../shared/lambda/bodies/card.ts';
import { type WithIpCodes, withIpCode } from '../shared/lambda/issued.ts';
import { live } from '../shared/lambda/live/cards.ts';
import { readRequest } from '../shared/lambda/request.ts';
import { type TokenChargeDeps, tokenCharge } from '../shared/orders/token-charge.ts';

/** POST /card/charges */
export const create = (deps: Omit<TokenChargeDeps, 'ipCode'> & WithIpCodes) =>
  apiHandler('token_charge', async event => {
    const { body, ...identity } = readRequest(event, tokenChargeBody);
    const { amount: amountYen, cardId = null, installments = null, reference = null, ...payer } = body;
    const request = { ...identity, ...payer, amountYen, cardId, installments, reference };
    return answerSubmitted(await tokenCharge(await withIpCode(deps, 'card'), request), deps.now());
  });
export const handler = create(live);
