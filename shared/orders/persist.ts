import type { Clock } from './ports.ts';

const persistSeconds = 20;

/** Tries a write whose loss would cost an outcome for about 20 s; then throws what the store last threw. */
export async function persist<T>(clock: Clock, write: () => Promise<T>): Promise<T> {
  const until = clock.now().getTime() + persistSeconds * 1000;
  for (let pause = 100; ; pause = Math.min(2 * pause, 2000)) {
    try {
      return await write();
    } catch (error) {
      if (clock.now().getTime() + pause >= until) throw error;
      await clock.sleep(pause);
    }
  }
}
