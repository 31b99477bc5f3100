import { answerActed, apiHandler } from '../shared/lambda/api.ts';
import { emptyBody } from '../shared/lambda/bodies/orders.ts';
import { settlementBody } from '../shared/lambda/bodies/settlement.ts';
import { orderIdOf, readRequest } from '../shared/lambda/request.ts';
import { carrierDeps, clock } from '../shared/lambda/wiring.ts';
import { carrierSettle, carrierWithdraw } from '../shared/orders/carrier-settle.ts';

const settle = apiHandler('carrier_settle', async event => {
  const { body, caller } = readRequest(event, settlementBody);
  const { amount: amountYen = null, on = null, by = 'schedule' } = body;
  const acted = await carrierSettle(await carrierDeps(), orderIdOf(event), caller, { amountYen, on, by });
  return answerActed(acted, clock.now());
});

const withdraw = apiHandler('carrier_withdraw', async event => {
  const { caller } = readRequest(event, emptyBody);
  return answerActed(await carrierWithdraw(await carrierDeps(), orderIdOf(event), caller), clock.now());
});

/** POST and DELETE /carrier/orders/{orderId}/settlement */
export const handler: typeof settle = event =>
  event.requestContext.http.method === 'DELETE' ? withdraw(event) : settle(event);
