import { filled, type WithCardKey, type WithCarrierKey } from '../shared/lambda/issued.ts';
import { cardKey } from '../shared/lambda/live/card-key.ts';
import { live } from '../shared/lambda/live/cards.ts';
import { carrierKey } from '../shared/lambda/live/carrier-key.ts';
import { log, logError, logOrder } from '../shared/lambda/log.ts';
import { type DueDeps, dueWork, longestPiece } from '../shared/orders/due-work.ts';
import { oldestUnknownMinutes } from '../shared/orders/oldest-unknown.ts';

interface Context {
  getRemainingTimeInMillis(): number;
}

/** EventBridge Scheduler. Throws when a piece of work failed, so that a failed run is seen. */
export const create =
  (deps: Omit<DueDeps, 'card' | 'carrier' | 'onChange' | 'onError'> & WithCardKey & WithCarrierKey) =>
  async (_event: unknown, context: Context): Promise<void> => {
    const [codes, key, zkey] = await Promise.all([deps.ipCodes(), deps.cardKey(), deps.carrierKey()]);
    const lastStart = new Date(deps.now().getTime() + context.getRemainingTimeInMillis() - longestPiece);
    // Read where they are used: a method without a contract has none, and no work.
    const methods = {
      card: () => ({ ipCode: filled(codes.card, 'card'), key: filled(key, 'card') }),
      carrier: () => ({ ipCode: filled(codes.carrier, 'carrier'), zkey: filled(zkey, 'carrier') }),
    };
    const { done, failed, left } = await dueWork(
      { ...deps, ...methods, onChange: logOrder, onError: logError },
      lastStart,
    );
    log({ event: 'due_work', done, failed, left });
    log({ event: 'oldest_unknown', ageMinutes: await oldestUnknownMinutes(deps) });
    if (failed > 0) throw new Error(`Due work: ${failed} of ${done + failed} failed.`);
  };
export const handler = create({ ...live, cardKey, carrierKey });
