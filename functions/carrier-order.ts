import { answerSubmitted, apiHandler } from '../shared/lambda/api.ts';
import { carrierOrderBody } from '../shared/lambda/bodies/carrier.ts';
import { readRequest } from '../shared/lambda/request.ts';
import { carrierDeps, clock } from '../shared/lambda/wiring.ts';
import { carrierOrder } from '../shared/orders/carrier-order.ts';

/** POST /carrier/orders */
export const handler = apiHandler('carrier_order', async event => {
  const { body, ...identity } = readRequest(event, carrierOrderBody);
  const { amount: amountYen, email = null, success = null, failure = null, reference = null, test, ...payer } = body;
  const request = { ...identity, ...payer, amountYen, email, success, failure, reference, testId: test?.id ?? null };
  const { submitted, form } = await carrierOrder(await carrierDeps(), request);
  return answerSubmitted(submitted, clock.now(), { form });
});
