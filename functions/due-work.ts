import { issued, type WithCredentials } from '../shared/lambda/issued.ts';
import { live } from '../shared/lambda/live/cards.ts';
import { log, logError, logOrder } from '../shared/lambda/log.ts';
import { type DueDeps, dueWork } from '../shared/orders/due-work.ts';
import { oldestUnknownMinutes } from '../shared/orders/oldest-unknown.ts';

interface Context {
  getRemainingTimeInMillis(): number;
}

/** A send to the gateway may take its 75 s, a cancel waits for 20 s before it, and its outcome must be stored after it. */
const longestPiece = 125_000;

/** EventBridge Scheduler. Throws when a piece of work failed, so that a failed run is seen. */
export const create =
  (deps: Omit<DueDeps, 'card' | 'carrier' | 'onChange' | 'onError'> & WithCredentials) =>
  async (_event: unknown, context: Context): Promise<void> => {
    const all = await deps.credentials();
    const lastStart = new Date(deps.now().getTime() + context.getRemainingTimeInMillis() - longestPiece);
    const methods = { card: () => issued(all, 'card'), carrier: () => issued(all, 'carrier') };
    const { done, failed, left } = await dueWork(
      { ...deps, ...methods, onChange: logOrder, onError: logError },
      lastStart,
    );
    log({ event: 'due_work', done, failed, left });
    log({ event: 'oldest_unknown', ageMinutes: await oldestUnknownMinutes(deps) });
    if (failed > 0) throw new Error(`Due work: ${failed} of ${done + failed} failed.`);
  };
export const handler = create(live);
