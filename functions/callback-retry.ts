import { callbackRetryHandler } from '../shared/lambda/callback-retry.ts';
import { live } from '../shared/lambda/live/callback.ts';

/** The queue of callbacks that could not be stored when they came in; they keep the time at which they did. */
export const create = callbackRetryHandler;
export const handler = create(live);
