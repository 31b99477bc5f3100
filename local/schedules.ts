import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from './intrinsics.ts';
import type { Invoke } from './lambda.ts';
import { type Answer, jsonAnswer } from './server.ts';

export interface Schedule {
  functionName: string;
  everyMinutes: number;
  invoke: Invoke;
}

/** Runs each at its rate, from now on, until stopped. A failed run is left to the next one. */
export function startSchedules(schedules: readonly Schedule[]): () => void {
  const timers = schedules.map(({ everyMinutes, invoke }) =>
    setInterval(() => void invoke(scheduledEvent()), everyMinutes * 60_000),
  );
  return () => timers.forEach(clearInterval);
}

/** `POST /_local/schedule[?now=…]`: runs all of them at once and waits; with `now`, on a clock that is set to it. */
export async function runSchedules(schedules: readonly Schedule[], rawQuery: string): Promise<Answer> {
  // A plus sign is the offset's, not a space.
  const now = new URLSearchParams(rawQuery.replaceAll('+', '%2B')).get('now');
  const at = now === null ? Date.now() : Date.parse(now);
  if (Number.isNaN(at)) return jsonAnswer(400, { message: 'now must be a time as 2026-12-01T00:10:00Z' });
  const clockOffsetMs = now === null ? 0 : at - Date.now();
  const ran = await Promise.all(
    schedules.map(async ({ functionName, invoke }) => {
      const { kind } = await invoke(scheduledEvent(), clockOffsetMs);
      return { function: functionName, ok: kind === 'returned' };
    }),
  );
  const ok = ran.every(run => run.ok);
  return jsonAnswer(ok ? 200 : 500, { now: new Date(at).toISOString(), ran });
}

/** What EventBridge Scheduler sends where the schedule says nothing else. */
function scheduledEvent(): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: ACCOUNT,
    time: new Date().toISOString(),
    region: REGION,
    resources: [],
    detail: '{}',
  };
}
