import { type ApiHandler, answerOperated, apiHandler } from '../shared/lambda/api.ts';
import { settlementBody } from '../shared/lambda/bodies/carrier.ts';
import { emptyBody } from '../shared/lambda/bodies/orders.ts';
import { type WithCarrierKey, withCarrierKey } from '../shared/lambda/issued.ts';
import { carrierKey } from '../shared/lambda/live/carrier-key.ts';
import { live } from '../shared/lambda/live/gateway.ts';
import { orderIdOf, readRequest } from '../shared/lambda/request.ts';
import { type CarrierDeps, carrierSettle } from '../shared/orders/carrier-settle.ts';
import { carrierWithdraw } from '../shared/orders/carrier-withdraw.ts';

/** POST and DELETE /carrier/orders/{orderId}/settlement */
export const create = (deps: Omit<CarrierDeps, 'ipCode' | 'zkey'> & WithCarrierKey): ApiHandler => {
  const settle = apiHandler('carrier_settle', async event => {
    const { body, caller } = readRequest(event, settlementBody);
    const { amount: amountYen = null, on = null, by = 'schedule', gatewayOrderNumber: orderNumber = null } = body;
    const request = { amountYen, on, by, orderNumber };
    const settled = await carrierSettle(await withCarrierKey(deps), orderIdOf(event), caller, request);
    return answerOperated(settled, deps.now());
  });
  const withdraw = apiHandler('carrier_withdraw', async event => {
    const { caller } = readRequest(event, emptyBody);
    return answerOperated(await carrierWithdraw(await withCarrierKey(deps), orderIdOf(event), caller), deps.now());
  });
  return event => (event.requestContext.http.method === 'DELETE' ? withdraw(event) : settle(event));
};
export const handler = create({ ...live, carrierKey });
