import type { FunctionSpec } from './functions.ts';

/** Below this quota nothing can be reserved. */
export const SMALLEST_QUOTA = 100;

/** AWS keeps so many for functions that reserve nothing; it refuses a deployment that leaves less. */
export const UNRESERVED = 100;

/** Waiting for a gateway that hangs, they would take every run of the account: together they get half. */
const SHARE_OF_WAITING = 1 / 2;
/** The gateway never repeats a callback that was throttled. */
const SHARE_OF_CALLBACKS = 1 / 10;
/** As many as its queue invokes at a time. */
export const RETRY_RUNS = 5;

/**
 * Runs reserved for a function, which are also the most it gets; null: none, it shares what is left. `functions`: all that are
 * deployed.
 */
export function reservedFor(spec: FunctionSpec, functions: readonly FunctionSpec[], quota: number): number | null {
  if (quota < SMALLEST_QUOTA) return null;
  if ('publicUrl' in spec.trigger) return Math.floor(quota * SHARE_OF_CALLBACKS);
  if ('callbackQueue' in spec.trigger) return RETRY_RUNS;
  if (!spec.waitsForGateway) return null;
  const waiting = functions.filter(each => each.waitsForGateway).length;
  return Math.max(1, Math.floor((quota * SHARE_OF_WAITING) / waiting));
}

/** All that these functions reserve. */
export const reservedInAll = (functions: readonly FunctionSpec[], quota: number): number =>
  functions.reduce((sum, spec) => sum + (reservedFor(spec, functions, quota) ?? 0), 0);

/** Requests a second of the whole API: as many as run at once where each takes half a second. */
export const apiRate = (quota: number): number => 2 * quota;
