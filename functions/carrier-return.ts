import { answerOperated, apiHandler } from '../shared/lambda/api.ts';
import { returnBody } from '../shared/lambda/bodies/carrier.ts';
import { type WithCarrierKey, withCarrierKey } from '../shared/lambda/issued.ts';
import { carrierKey } from '../shared/lambda/live/carrier-key.ts';
import { live } from '../shared/lambda/live/gateway.ts';
import { orderIdOf, readRequest } from '../shared/lambda/request.ts';
import { carrierReturn } from '../shared/orders/carrier-return.ts';
import type { CarrierDeps } from '../shared/orders/carrier-settle.ts';

/** POST /carrier/orders/{orderId}/return */
export const create = (deps: Omit<CarrierDeps, 'ipCode' | 'zkey'> & WithCarrierKey) =>
  apiHandler('carrier_return', async event => {
    const { body, caller } = readRequest(event, returnBody);
    const { gatewayOrderNumber = null } = body;
    const returned = await carrierReturn(await withCarrierKey(deps), orderIdOf(event), caller, gatewayOrderNumber);
    return answerOperated(returned, deps.now());
  });
export const handler = create({ ...live, carrierKey });
