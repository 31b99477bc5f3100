import { answerSubmitted, apiHandler } from '../shared/lambda/api.ts';
import { withTests } from '../shared/lambda/bodies/body.ts';
import { cvsOrderBody } from '../shared/lambda/bodies/cvs.ts';
import { type WithIpCodes, withIpCode } from '../shared/lambda/issued.ts';
import { live } from '../shared/lambda/live/gateway.ts';
import { readRequest } from '../shared/lambda/request.ts';
import { type CvsDeps, cvsOrder } from '../shared/orders/cvs-order.ts';

/** POST /cvs/orders */
export const create = (deps: Omit<CvsDeps, 'ipCode'> & WithIpCodes) =>
  apiHandler('cvs_order', async event => {
    const { body, ...identity } = readRequest(event, withTests(cvsOrderBody, deps.testsAccepted));
    const { amount: amountYen, reference = null, test = null, ...payer } = body;
    const request = { ...identity, ...payer, amountYen, reference, test };
    return answerSubmitted(await cvsOrder(await withIpCode(deps, 'cvs'), request), deps.now());
  });
export const handler = create(live);
