import { answerDeleted, apiHandler } from '../shared/lambda/api.ts';
import { cardDeletionBody } from '../shared/lambda/bodies/card.ts';
import { type WithIpCodes, withIpCode } from '../shared/lambda/issued.ts';
import { live } from '../shared/lambda/live/cards.ts';
import { readRequest } from '../shared/lambda/request.ts';
import { cardDeletion, type DeletionDeps } from '../shared/orders/card-deletion.ts';

/** POST /card/deletions */
export const create = (deps: Omit<DeletionDeps, 'ipCode'> & WithIpCodes) =>
  apiHandler('card_deletion', async event => {
    const { body, caller } = readRequest(event, cardDeletionBody);
    const { cardId, phone = null } = body;
    return answerDeleted(await cardDeletion(await withIpCode(deps, 'card'), cardId, phone, caller), cardId);
  });
export const handler = create(live);
