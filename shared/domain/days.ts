/** Business days are JST, written YYYY-MM-DD. Japan has no daylight saving time. */
const jstOffset = 9 * 3_600_000;

export const dayOf = (time: Date): string => new Date(time.getTime() + jstOffset).toISOString().slice(0, 10);

/** Midnight JST at which the day begins. */
export const startOfDay = (day: string): Date => new Date(`${day}T00:00:00+09:00`);

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** Whether the text is a day of the calendar, from 1900 to 2999: days before and after it can be written too. */
export const isDay = (text: string): boolean =>
  /^(?:19|2\d)\d{2}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) &&
  addDays(text, 0) === text;

/** `time` and the result: ISO 8601 in UTC. */
export const secondsAfter = (time: string, seconds: number): string =>
  new Date(Date.parse(time) + seconds * 1000).toISOString();
