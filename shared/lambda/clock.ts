import type { Clock } from '../orders/ports.ts';

export const clock: Clock = {
  now: () => new Date(),
  sleep: milliseconds => new Promise<void>(resolve => setTimeout(resolve, milliseconds)),
};
