import { type ApiHandler, answerSubmitted, apiHandler } from '../shared/lambda/api.ts';
import { authenticationBody, recurringAuthenticationBody } from '../shared/lambda/bodies/card.ts';
import { type WithCardKey, withCardKey } from '../shared/lambda/issued.ts';
import { cardKey } from '../shared/lambda/live/card-key.ts';
import { live } from '../shared/lambda/live/cards.ts';
import { readRequest } from '../shared/lambda/request.ts';
import {
  type AuthenticationDeps,
  type AuthenticationRequest,
  authenticateCard,
  browserStepOf,
} from '../shared/orders/card-authentication.ts';

/** POST /card/authentications, POST /card/recurring-authentications */
export const create = (deps: Omit<AuthenticationDeps, 'ipCode' | 'key'> & WithCardKey) => {
  const answer = async (request: AuthenticationRequest) => {
    const submitted = await authenticateCard(await withCardKey(deps), request);
    const now = deps.now();
    const browser = submitted.kind === 'answered' ? browserStepOf(submitted.order, now) : null;
    return answerSubmitted(submitted, now, { browser });
  };

  const newCard: ApiHandler = event => {
    const { body, ...identity } = readRequest(event, authenticationBody);
    const { amount: amountYen, cardId = null, installments = null, reference = null, ...more } = body;
    const { cardholderName = null, ...payer } = more;
    const request = { ...identity, ...payer, amountYen, cardId, installments, reference, cardholderName };
    return answer({ ...request, lookUp: null });
  };

  const storedCard: ApiHandler = event => {
    const { body, ...identity } = readRequest(event, recurringAuthenticationBody);
    const { amount: amountYen, matchPhone, tokenKey = null, installments = null, reference = null, ...more } = body;
    const { cardholderName = null, ...payer } = more;
    const request = { ...identity, ...payer, amountYen, tokenKey, installments, reference, cardholderName };
    return answer({ ...request, lookUp: matchPhone ? 'card_id_and_phone' : 'card_id' });
  };

  return apiHandler('card_authentication', async event =>
    event.routeKey === 'POST /card/recurring-authentications' ? storedCard(event) : newCard(event),
  );
};
export const handler = create({ ...live, cardKey });
