import { addDays, dayOf, isDay, startOfDay } from '../domain/days.ts';
import { digest } from '../domain/identity.ts';
import { longestRange } from './bodies/orders.ts';
import { InvalidInput } from './problem.ts';

/** JST days, both included. */
interface Days {
  from: string;
  to: string;
}

/** Where a page ended, and the days it was of: a list without a date must not change its day at midnight. */
export interface Position {
  after: string;
  days: Days | null;
}

interface DayFilters {
  date?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  attention?: string | undefined;
}

/** The days of a list's first page. `from` alone: until today; nothing: today, with `attention` all days (null). */
export function daysOf({ date, from, to, attention }: DayFilters, now: Date): Days | null {
  const today = dayOf(now);
  if (date !== undefined) return { from: date, to: date };
  if (from === undefined) return attention === undefined ? { from: today, to: today } : null;
  if (to === undefined && today >= addDays(from, longestRange)) {
    invalid('from', `must be within the last ${longestRange} days, or come with to`);
  }
  return { from, to: to ?? today };
}

/** An opaque cursor: the position, sealed with the filters it belongs to. */
export const cursorOf = ({ after, days }: Position, filters: object): string =>
  Buffer.from(JSON.stringify([after, days, sealOf({ ...filters, after, days })])).toString('base64url');

/** Throws `InvalidInput` for a cursor that is none, or of other filters. */
export function positionOf(cursor: string, filters: DayFilters, now: Date): Position {
  const [after, days, seal] = parse(cursor);
  if (
    typeof after === 'string' &&
    isDays(days) &&
    seal === sealOf({ ...filters, after, days }) &&
    isWithin(after, days) &&
    areDaysOf(filters, days, now)
  )
    return { after, days };
  return invalid('cursor', 'is not a cursor that a list with these filters gave');
}

function invalid(field: string, message: string): never {
  throw new InvalidInput('invalid_request', { errors: [{ field, code: 'invalid', message }] });
}

const isDays = (value: unknown): value is Days | null =>
  value === null ||
  (typeof value === 'object' &&
    [(value as Days).from, (value as Days).to].every(each => typeof each === 'string' && isDay(each)));

/** The seal is no secret, so a cursor may hold anything: a place that no list of these days can end at is refused. */
function isWithin(after: string, days: Days | null): boolean {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z#[A-Za-z0-9_-]{32}$/.test(after)) return false;
  if (days === null) return true;
  return startOfDay(days.from).toISOString() <= after && after < startOfDay(addDays(days.to, 1)).toISOString();
}

/** A page's days are those asked for; where none or only their beginning was, they end on a day that has been today. */
function areDaysOf({ date, from, to, attention }: DayFilters, days: Days | null, now: Date): boolean {
  if (date === undefined && from === undefined && attention !== undefined) return days === null;
  if (days === null || days.to < days.from || days.to >= addDays(days.from, longestRange)) return false;
  if (date !== undefined) return days.from === date && days.to === date;
  if (from === undefined) return days.from === days.to && days.to <= dayOf(now);
  return days.from === from && (to === undefined ? days.to <= dayOf(now) : days.to === to);
}

const sealOf = (filters: object): string => digest(JSON.stringify(Object.entries(filters).sort()), 8);

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
