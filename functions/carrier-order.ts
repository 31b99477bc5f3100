import { answerSubmitted, apiHandler } from '../shared/lambda/api.ts';
import { withTests } from '../shared/lambda/bodies/body.ts';
import { carrierOrderBody } from '../shared/lambda/bodies/carrier.ts';
import { type WithIpCodes, withIpCode } from '../shared/lambda/issued.ts';
import { live } from '../shared/lambda/live/gateway.ts';
import { readRequest } from '../shared/lambda/request.ts';
import { type CarrierOrderDeps, carrierOrder } from '../shared/orders/carrier-order.ts';

/** POST /carrier/orders */
export const create = (deps: Omit<CarrierOrderDeps, 'ipCode'> & WithIpCodes) =>
  apiHandler('carrier_order', async event => {
    const { body, ...identity } = readRequest(event, withTests(carrierOrderBody, deps.testsAccepted));
    const { amount: amountYen, email = null, success = null, failure = null, reference = null, test, ...payer } = body;
    const request = { ...identity, ...payer, amountYen, email, success, failure, reference, testId: test?.id ?? null };
    const { submitted, form } = await carrierOrder(await withIpCode(deps, 'carrier'), request);
    return answerSubmitted(submitted, deps.now(), { form });
  });
export const handler = create(live);
