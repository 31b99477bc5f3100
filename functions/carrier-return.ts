import { answerOperated, apiHandler } from '../shared/lambda/api.ts';
import { returnBody } from '../shared/lambda/bodies/carrier.ts';
import { type WithCredentials, withIssued } from '../shared/lambda/issued.ts';
import { live } from '../shared/lambda/live/gateway.ts';
import { orderIdOf, readRequest } from '../shared/lambda/request.ts';
import { carrierReturn } from '../shared/orders/carrier-return.ts';
import type { CarrierDeps } from '../shared/orders/carrier-settle.ts';

/** POST /carrier/orders/{orderId}/return */
export const create = (deps: Omit<CarrierDeps, 'ipCode' | 'zkey'> & WithCredentials) =>
  apiHandler('carrier_return', async event => {
    const { body, caller } = readRequest(event, returnBody);
    const { gatewayOrderNumber = null } = body;
    const returned = await carrierReturn(
      await withIssued(deps, 'carrier'),
      orderIdOf(event),
      caller,
      gatewayOrderNumber,
    );
    return answerOperated(returned, deps.now());
  });
export const handler = create(live);
