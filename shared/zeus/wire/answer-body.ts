/** The body of an answer, or what is known without one. */
import type { Outcome } from '../../domain/outcome.ts';
import type { Reply } from './transport.ts';

/** Bytes read as Latin-1, trimmed: every word that the manuals define is ASCII. */
export type AnswerBody = { kind: 'body'; text: string } | Exclude<Outcome, { kind: 'done' | 'refused' }>;

/** The outcome where no connection was made, the answer was lost, is not HTTP 200, or is nothing but `maintenance`. */
export function answerBody(reply: Reply): AnswerBody {
  switch (reply.kind) {
    case 'not_sent':
      return { kind: 'not_processed', reason: 'connection_failed', code: null, message: reply.message };
    case 'lost':
      return { kind: 'unknown', message: reply.message };
    case 'answered': {
      if (reply.status !== 200) return { kind: 'unknown', message: `The gateway answered HTTP ${reply.status}` };
      const text = reply.body.toString('latin1').trim();
      if (text !== 'maintenance') return { kind: 'body', text };
      return { kind: 'not_processed', reason: 'maintenance', code: null, message: 'The gateway is under maintenance' };
    }
  }
}

/** Nothing that the manual defines, so nothing is known. */
export const notInManual = { kind: 'unknown', message: "The answer is none of the manual's" } as const;

/** `name=value` by name, split at the first `=`, both trimmed. Null when a name comes twice: which one holds? */
export function namedValues(parts: readonly string[]): Map<string, string> | null {
  const values = new Map<string, string>();
  for (const part of parts) {
    const equals = part.indexOf('=');
    if (equals < 0) continue;
    const name = part.slice(0, equals).trim();
    if (values.has(name)) return null;
    values.set(name, part.slice(equals + 1).trim());
  }
  return values;
}

/** A code as far as it can be one: 1 to 10 ASCII letters and digits. Null for `-`, blank or absent. */
export function codeOf(value: string | undefined): string | null {
  return value !== undefined && /^[0-9A-Za-z]{1,10}$/.test(value) ? value : null;
}
