import type { FaultName } from '../../local/simulator/state.ts';

/** Every fault after which the outcome of the request is unknown to us. */
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
