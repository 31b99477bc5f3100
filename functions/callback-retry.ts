import { callbackRetryHandler } from '../shared/lambda/callback-retry.ts';
import { callbackDeps } from '../shared/lambda/wiring.ts';
import { applyCallback } from '../shared/orders/apply-callback.ts';

/** The queue of calls that could not be stored when they came in. They count from then: the days to settle do. */
export const handler = callbackRetryHandler(async (notice, cameInAt) =>
  applyCallback({ ...(await callbackDeps(notice.service)), now: () => cameInAt }, notice),
);
