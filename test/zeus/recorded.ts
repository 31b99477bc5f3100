/** For tests of operations: a `send` that notes what it is given and answers with what it is told. */
import { readFileSync } from 'node:fs';
import type { Kind } from '../../shared/zeus/wire/fields.ts';
import type { Reply, Send } from '../../shared/zeus/wire/transport.ts';

export interface Sent {
  path: string;
  contentType: string;
  body: string;
}

export function recorded(reply: Reply): { send: Send; sent: Sent[] } {
  const sent: Sent[] = [];
  const send: Send = async (path, contentType, body) => {
    sent.push({ path, contentType, body: Buffer.from(body).toString('latin1') });
    return reply;
  };
  return { send, sent };
}

export function answered(body: Buffer | string, status = 200): Reply {
  return { kind: 'answered', status, body: Buffer.from(body) };
}

/** `name` below test/fixtures, without its ending. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/${name}.bin`, import.meta.url));
}

export interface Row {
  valid: string[];
  invalid: string[];
}

/** What a kind accepts and refuses otherwise than the row says; [] when they agree. */
export function disagreements(kind: Kind, row: Row): string[] {
  const refused = row.valid.filter(value => kind.problem(value) !== null).map(value => `refuses ${value}`);
  const accepted = row.invalid.filter(value => kind.problem(value) === null).map(value => `accepts ${value}`);
  return [...refused, ...accepted];
}
