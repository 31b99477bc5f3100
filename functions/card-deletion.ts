import { answerDeleted, apiHandler } from '../shared/lambda/api.ts';
import { cardDeletionBody } from '../shared/lambda/bodies/card.ts';
import { readRequest } from '../shared/lambda/request.ts';
import { cardDeps } from '../shared/lambda/wiring.ts';
import { cardDeletion } from '../shared/orders/card-deletion.ts';

/** POST /card/deletions */
export const handler = apiHandler('card_deletion', async event => {
  const { body, caller } = readRequest(event, cardDeletionBody);
  const { cardId, phone = null } = body;
  return answerDeleted(await cardDeletion(await cardDeps(), cardId, phone, caller), cardId);
});
