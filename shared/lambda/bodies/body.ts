import * as z from 'zod/mini';
import { isDay } from '../../domain/days.ts';
import { Masked } from '../../domain/masked.ts';
import { digits, type Field, type Kind } from '../../zeus/wire/fields.ts';
import type { FieldFault } from '../problem.ts';

/** How a request body is checked: field by field, then by rules between fields, so that all faults come at once. */
export interface Body<T> {
  schema: z.ZodMiniType<T>;
  rules?: (body: Record<string, unknown>) => FieldFault[];
}

export const required = (otherwise: string) => ({
  error: (issue: { input?: unknown }) => (issue.input === undefined ? 'is required' : otherwise),
});

type Clean = (value: string) => string;

const longestCleaned = 1000;

/** By which kind each text of a body is judged, and after what cleaning: for the API's description. */
export const textRules = new WeakMap<object, { kind: Kind; clean: Clean | null }>();

/** A text that a field kind of the manuals judges, after `clean`. */
export function text(kind: Kind, clean: Clean | null = null) {
  const input = z.string(required('must be a string'));
  textRules.set(input, { kind, clean });
  return z.pipe(
    input,
    z.transform((value, context): string => {
      // Unicode's normal forms take quadratic time, and nothing so long fits any field.
      const cleaned = clean && value.length <= longestCleaned ? clean(value) : value;
      const message = kind.problem(cleaned);
      if (message !== null) context.issues.push({ code: 'custom', message, input: undefined });
      return cleaned;
    }),
  );
}

/** The same for what must never be printed. */
export const masked = (kind: Kind, clean?: Clean) =>
  z.pipe(
    text(kind, clean),
    z.transform(value => new Masked(value)),
  );

export const yen = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.int(required(message)).check(z.minimum(min, message), z.maximum(max, message));
};

export const oneOfWords = <const T extends readonly [string, ...string[]]>(words: T) =>
  z.enum(words, required(`must be one of ${words.join(', ')}`));

/** For texts that never travel to the gateway: one line each. */
export function characterCount(min: number, max: number, hasLines = false): Kind {
  const problem = (value: string) => {
    if (!value.isWellFormed()) return 'must be well-formed Unicode';
    const checked = hasLines ? value.replaceAll(/\r?\n/g, '') : value;
    if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(checked))
      return `must have no control characters${hasLines ? '' : ' and no line breaks'}`;
    const length = [...value].length;
    return length >= min && length <= max ? null : `must have ${min} to ${max} characters`;
  };
  return { minBytes: min, maxBytes: max, problem, description: 'text' };
}

/** A day of the calendar, JST. */
export const day = z.string(required('must be a string')).check(z.refine(isDay, 'must be a day, YYYY-MM-DD'));

/** The kind that an operation's table gives to a field of ours. */
export function kindOf(fields: readonly Field[], name: string): Kind {
  const found = fields.find(({ field }) => field === name);
  if (!found) throw new Error(`No table row is ${name}.`);
  return found.kind;
}

export const withoutHyphens = (value: string): string => value.replace(/[-\s]/g, '');

/** Digits of a phone number; hyphens and spaces are forgiven. */
export const phone = (min: number, max: number) => masked(digits(min, max), withoutHyphens);

/** The body with test orders, which are refused unless the setting `testPayments` accepts them. */
export const withTests = <T>(body: Body<T>, testsAccepted: boolean): Body<T> => ({
  ...body,
  rules: given => [...(body.rules?.(given) ?? []), ...(testsAccepted || given.test === undefined ? [] : [testRefused])],
});

const testRefused: FieldFault = {
  field: 'test',
  code: 'not_allowed',
  message: 'is refused here: the setting testPayments does not accept test payments',
};

/** The merchant's own number for the order. */
export const reference = text(characterCount(1, 64));
