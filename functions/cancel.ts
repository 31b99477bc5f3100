import { answerActed, apiHandler } from '../shared/lambda/api.ts';
import { emptyBody } from '../shared/lambda/bodies/orders.ts';
import { orderIdOf, readRequest } from '../shared/lambda/request.ts';
import { cardDeps, clock } from '../shared/lambda/wiring.ts';
import { cancel } from '../shared/orders/cancel.ts';

/** POST /card/charges/{orderId}/cancel */
export const handler = apiHandler('cancel', async event => {
  const { caller } = readRequest(event, emptyBody);
  return answerActed(await cancel(await cardDeps(), orderIdOf(event), caller), clock.now());
});
