import { answerOperated, apiHandler } from '../shared/lambda/api.ts';
import { emptyBody } from '../shared/lambda/bodies/orders.ts';
import { type WithCardKey, withCardKey } from '../shared/lambda/issued.ts';
import { cardKey } from '../shared/lambda/live/card-key.ts';
import { live } from '../shared/lambda/live/gateway.ts';
import { orderIdOf, readRequest } from '../shared/lambda/request.ts';
import { type CancelDeps, cancel } from '../shared/orders/cancel.ts';

/** POST /card/charges/{orderId}/cancel */
export const create = (deps: Omit<CancelDeps, 'ipCode' | 'key'> & WithCardKey) =>
  apiHandler('cancel', async event => {
    const { caller } = readRequest(event, emptyBody);
    return answerOperated(await cancel(await withCardKey(deps), orderIdOf(event), caller), deps.now());
  });
export const handler = create({ ...live, cardKey });
