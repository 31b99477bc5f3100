import { digest } from '../domain/identity.ts';
import { InvalidInput } from './problem.ts';

/** Where a page ended, and the day it was of: a list without a date must not change its day at midnight. */
export interface Position {
  after: string;
  day: string | null;
}

/** An opaque cursor: the position, sealed with the filters it belongs to. */
export const cursorOf = ({ after, day }: Position, filters: object): string =>
  Buffer.from(JSON.stringify([after, day, sealOf({ ...filters, after, day })])).toString('base64url');

/** Throws `InvalidInput` for a cursor that is none, or of other filters. */
export function positionOf(cursor: string, filters: object): Position {
  const [after, day, seal] = parse(cursor);
  const isPosition = typeof after === 'string' && (typeof day === 'string' || day === null);
  if (isPosition && seal === sealOf({ ...filters, after, day })) return { after, day };
  const message = 'is not a cursor that a list with these filters gave';
  throw new InvalidInput('invalid_request', { errors: [{ field: 'cursor', code: 'invalid', message }] });
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
