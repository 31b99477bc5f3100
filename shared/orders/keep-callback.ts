import type { Notice } from '../zeus/callbacks/callback.ts';
import type { Applied } from './apply-callback.ts';

export interface KeepDeps {
  now(): Date;
  /** Waits for `work` no longer than this; then throws, and what is still under way is left to itself. */
  within<T>(milliseconds: number, work: Promise<T>): Promise<T>;
  /** Stores what the call says; tries for about 20 s. */
  apply(notice: Notice): Promise<Applied>;
  /** Durable when it returns. */
  queue(notice: Notice): Promise<void>;
  /** Told why a call went to the queue. */
  onError(error: unknown): void;
}

/**
 * The function has 35 s, and the gateway gives up at 40 s. A start without the secret may have cost 13 of them.
 *
 *   0 s  the call comes in
 *  23 s  storing is given up, whatever it waits for
 *  31 s  so is queueing
 */
const storedBy = 23_000;
const queuedBy = 31_000;

/** Stores a call, or leaves it in the queue (null), where it is as durable. Throws when neither went. */
export async function keepCallback(deps: KeepDeps, notice: Notice, cameInAt: Date): Promise<Applied | null> {
  const left = (by: number) => Math.max(0, cameInAt.getTime() + by - deps.now().getTime());
  try {
    return await deps.within(left(storedBy), deps.apply(notice));
  } catch (error) {
    deps.onError(error);
    await deps.within(left(queuedBy), deps.queue(notice));
    return null;
  }
}

/** JSON has no NaN, and null would say that the call named no amount. */
const noNumber = 'no number';

/** A waiting call's message: the notice, which holds nothing of the payer, and nothing else. */
export const toMessage = (notice: Notice): string =>
  JSON.stringify({ ...notice, amountYen: Number.isNaN(notice.amountYen) ? noNumber : notice.amountYen });

export function fromMessage(message: string): Notice {
  const read = JSON.parse(message) as Omit<Notice, 'amountYen'> & { amountYen: Notice['amountYen'] | typeof noNumber };
  return { ...read, amountYen: read.amountYen === noNumber ? Number.NaN : read.amountYen };
}
