import { answerCompleted, apiHandler } from '../shared/lambda/api.ts';
import { completionBody } from '../shared/lambda/bodies/card.ts';
import { live } from '../shared/lambda/live/completion.ts';
import { orderIdOf, readRequest } from '../shared/lambda/request.ts';
import { type CompletionDeps, completeCharge } from '../shared/orders/card-completion.ts';

/** POST /card/charges/{orderId}/completion */
export const create = (deps: CompletionDeps) =>
  apiHandler('card_completion', async event => {
    const { caller, body } = readRequest(event, completionBody);
    return answerCompleted(await completeCharge(deps, orderIdOf(event), caller, body), deps.now());
  });
export const handler = create(live);
