import { type ApiHandler, answerOperated, apiHandler } from '../shared/lambda/api.ts';
import { settlementBody } from '../shared/lambda/bodies/carrier.ts';
import { emptyBody } from '../shared/lambda/bodies/orders.ts';
import { type WithCredentials, withIssued } from '../shared/lambda/issued.ts';
import { live } from '../shared/lambda/live/gateway.ts';
import { orderIdOf, readRequest } from '../shared/lambda/request.ts';
import { type CarrierDeps, carrierSettle } from '../shared/orders/carrier-settle.ts';
import { carrierWithdraw } from '../shared/orders/carrier-withdraw.ts';

/** POST and DELETE /carrier/orders/{orderId}/settlement */
export const create = (deps: Omit<CarrierDeps, 'ipCode' | 'zkey'> & WithCredentials): ApiHandler => {
  const settle = apiHandler('carrier_settle', async event => {
    const { body, caller } = readRequest(event, settlementBody);
    const { amount: amountYen = null, on = null, by = 'schedule', gatewayOrderNumber: orderNumber = null } = body;
    const request = { amountYen, on, by, orderNumber };
    const settled = await carrierSettle(await withIssued(deps, 'carrier'), orderIdOf(event), caller, request);
    return answerOperated(settled, deps.now());
  });
  const withdraw = apiHandler('carrier_withdraw', async event => {
    const { caller } = readRequest(event, emptyBody);
    return answerOperated(
      await carrierWithdraw(await withIssued(deps, 'carrier'), orderIdOf(event), caller),
      deps.now(),
    );
  });
  return event => (event.requestContext.http.method === 'DELETE' ? withdraw(event) : settle(event));
};
export const handler = create(live);
