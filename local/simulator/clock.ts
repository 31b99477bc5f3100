/** Real time plus an offset that can be moved. The gateway's days are JST (UTC+9, no summer time). */
export type Clock = { now: () => number; set: (iso: string | null) => void };

export function createClock(realNow: () => number = Date.now): Clock {
  let offset = 0;
  return {
    now: () => realNow() + offset,
    set: iso => {
      if (iso === null) offset = 0;
      else {
        const target = Date.parse(iso);
        if (Number.isNaN(target)) throw new Error('clock: not an ISO 8601 time');
        offset = target - realNow();
      }
    },
  };
}

const JST_MS = 9 * 3_600_000;
export const DAY_MS = 86_400_000;

/** JST day as YYYYMMDD. */
export function jstDay(ms: number): string {
  return new Date(ms + JST_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

/** JST time of day as HHMMSS. */
export function jstTime(ms: number): string {
  return new Date(ms + JST_MS).toISOString().slice(11, 19).replaceAll(':', '');
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(dashed(day)) + days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

/** True for an existing day in the form YYYYMMDD. */
export function isDay(day: string): boolean {
  const ms = Date.parse(dashed(day));
  return /^\d{8}$/.test(day) && !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(dashed(day));
}

function dashed(day: string): string {
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}`;
}
