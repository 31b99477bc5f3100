import { randomBytes } from 'node:crypto';
import { Complaint } from './run.ts';

/** The secret's parts and what each value must be (manuals 000 to 003: IP codes, authentication keys). */
const parts: Record<string, Record<string, [form: RegExp, says: string]>> = {
  card: { clientip: [/^(\d{5}|\d{10})$/, '5 or 10 digits'], key: keyForm() },
  carrier: { clientip: [/^\d{10}$/, '10 digits'], zkey: keyForm() },
  cvs: { clientip: [/^\d{10}$/, '10 digits'] },
  callback: { pathToken: [/^[A-Za-z0-9_-]{16,128}$/, '16 to 128 letters, digits, - or _'] },
};

function keyForm(): [RegExp, string] {
  return [/^[!-~]{1,40}$/, '1 to 40 printable characters without spaces'];
}

export type Content = Record<string, Record<string, string>>;

export interface Filled {
  content: Content;
  pathToken: 'kept' | 'generated' | 'as given';
}

/** 256 bits, in characters that need no escape in a path. */
export const newPathToken = (): string => randomBytes(32).toString('base64url');

/**
 * What is stored with what is given on top: field by field; a part given as null goes. Throws a Complaint with all faults at
 * once, which names fields and never quotes a value.
 */
export function fill(stored: string, given: string, generate: () => string = newPathToken): Filled {
  const before = parse(stored, 'The secret holds something that is no JSON object: look at it in the console.');
  const more = parse(given, 'Standard input holds no JSON object.');
  const faults = Object.entries(more).flatMap(([name, value]) => faultsOfPart(name, value));
  if (faults.length > 0) throw new Complaint(faults.join('\n'));

  const { notFilledYet: _, ...kept } = before;
  const content = Object.fromEntries(
    Object.entries({ ...kept, ...more })
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, { ...(before[name] as object), ...(value as object) }]),
  ) as Content;
  const missing = Object.keys(content).flatMap(name =>
    Object.keys(parts[name] ?? {})
      .filter(field => !content[name]?.[field])
      .map(field => `${name}.${field} is missing`),
  );
  const incomplete = missing.filter(fault => !fault.startsWith('callback'));
  if (incomplete.length > 0) throw new Complaint(incomplete.join('\n'));

  const isGiven = (more.callback as Content[string] | null | undefined)?.pathToken !== undefined;
  const pathToken = content.callback?.pathToken;
  content.callback = { ...content.callback, pathToken: pathToken ?? generate() };
  return { content, pathToken: isGiven ? 'as given' : pathToken ? 'kept' : 'generated' };
}

function faultsOfPart(name: string, value: unknown): string[] {
  const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
  if (!part) return [`There is a part that is none of: ${Object.keys(parts).join(', ')}.`];
  if (value === null) return [];
  if (!isRecord(value)) return [`${name} must be an object.`];
  return Object.entries(value).flatMap(([field, text]) => {
    const rule = Object.hasOwn(part, field) ? part[field] : undefined;
    if (!rule) return [`${name} has a field that is none of: ${Object.keys(part).join(', ')}.`];
    return typeof text === 'string' && rule[0].test(text) ? [] : [`${name}.${field} must be ${rule[1]}.`];
  });
}

/** A parser's own message would quote the text. */
function parse(text: string, otherwise: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {}
  throw new Complaint(otherwise);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `ask` answers a line; `hidden` ones are not shown while they are typed. An empty answer leaves what is stored. */
export async function askForContent(ask: (question: string, hidden: boolean) => Promise<string>): Promise<Content> {
  const content: Content = {};
  for (const [part, fields] of Object.entries(parts)) {
    for (const [field, [, says]] of Object.entries(fields)) {
      const answer = (await ask(`${part}.${field} (${says}): `, field !== 'clientip')).trim();
      if (answer !== '') content[part] = { ...content[part], [field]: answer };
    }
  }
  return content;
}
