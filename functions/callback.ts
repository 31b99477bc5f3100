import { callbackHandler } from '../shared/lambda/callback.ts';
import { callbackDeps, keepDeps } from '../shared/lambda/wiring.ts';
import { applyCallback } from '../shared/orders/apply-callback.ts';
import { persist } from '../shared/orders/persist.ts';

/** The public function URL: GET and POST /{pathToken}/card, /{pathToken}/carrier, /{pathToken}/cvs */
export const handler = callbackHandler({
  ...keepDeps(),
  async apply(notice) {
    const deps = await callbackDeps(notice.service);
    return persist(deps, () => applyCallback(deps, notice));
  },
});
