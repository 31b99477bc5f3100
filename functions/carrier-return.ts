import { answerActed, apiHandler } from '../shared/lambda/api.ts';
import { emptyBody } from '../shared/lambda/bodies/orders.ts';
import { orderIdOf, readRequest } from '../shared/lambda/request.ts';
import { carrierDeps, clock } from '../shared/lambda/wiring.ts';
import { carrierReturn } from '../shared/orders/carrier-return.ts';

/** POST /carrier/orders/{orderId}/return */
export const handler = apiHandler('carrier_return', async event => {
  const { caller } = readRequest(event, emptyBody);
  return answerActed(await carrierReturn(await carrierDeps(), orderIdOf(event), caller), clock.now());
});
