import type { FaultName } from '../../local/simulator/state.ts';

/** Every fault that leaves the sender without a word of what became of its request. */
export const answerLosses = [
  'lost-answer',
  'garbage',
  'truncated',
  'truncated-close',
  'http-500',
  'http-302',
  'http-307',
  'closed-before',
] as const satisfies readonly FaultName[];
