import { answerSubmitted, apiHandler } from '../shared/lambda/api.ts';
import { cvsOrderBody } from '../shared/lambda/bodies/cvs.ts';
import { readRequest } from '../shared/lambda/request.ts';
import { clock, cvsDeps } from '../shared/lambda/wiring.ts';
import { cvsOrder } from '../shared/orders/cvs-order.ts';

/** POST /cvs/orders */
export const handler = apiHandler('cvs_order', async event => {
  const { body, ...identity } = readRequest(event, cvsOrderBody);
  const { amount: amountYen, reference = null, test = null, ...payer } = body;
  const request = { ...identity, ...payer, amountYen, reference, test };
  return answerSubmitted(await cvsOrder(await cvsDeps(), request), clock.now());
});
