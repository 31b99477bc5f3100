import { log, logError, logOrder } from '../shared/lambda/log.ts';
import { dueDeps } from '../shared/lambda/wiring.ts';
import { dueWork } from '../shared/orders/due-work.ts';
import { oldestUnknownMinutes } from '../shared/orders/oldest-unknown.ts';

interface Context {
  getRemainingTimeInMillis(): number;
}

/** A call to the gateway may take its 75 s, a cancel waits for 20 s before it, and its outcome must be stored after it. */
const longestPiece = 125_000;

/** EventBridge Scheduler. Throws when a piece of work failed, so that a failed run is seen. */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  const deps = await dueDeps({ onChange: logOrder, onError: logError });
  const lastStart = new Date(deps.now().getTime() + context.getRemainingTimeInMillis() - longestPiece);
  const { done, failed, left } = await dueWork(deps, lastStart);
  log({ event: 'due_work', done, failed, left });
  log({ event: 'oldest_unknown', ageMinutes: await oldestUnknownMinutes(deps) });
  if (failed > 0) throw new Error(`Due work: ${failed} of ${done + failed} failed.`);
};
