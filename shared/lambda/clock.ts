import type { Clock } from '../orders/ports.ts';

export const clock: Clock = {
  now: () => new Date(),
  sleep: milliseconds => new Promise<void>(resolve => setTimeout(resolve, milliseconds)),
  async within(milliseconds, work) {
    let timer: NodeJS.Timeout | undefined;
    const timeIsUp = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`Not done within ${milliseconds} ms.`)), milliseconds);
    });
    return Promise.race([work, timeIsUp]).finally(() => clearTimeout(timer));
  },
};
