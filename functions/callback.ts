import { callbackHandler } from '../shared/lambda/callback.ts';
import { live } from '../shared/lambda/live/callback.ts';
import { pathTokens } from '../shared/lambda/live/path-tokens.ts';
import { queue } from '../shared/lambda/live/queue.ts';

/** The public function URL: GET and POST /{pathToken}/card, /{pathToken}/carrier, /{pathToken}/cvs */
export const create = callbackHandler;
export const handler = create({ ...live, pathTokens, queue });
