import { randomBytes } from 'node:crypto';
import type { SecretContent } from '../../infra/secret-parts.ts';
import { Complaint } from './run.ts';

interface Field {
  form: RegExp;
  says: string;
  /** Left out, the object is complete all the same. */
  optional?: true;
}

const ipCode = (form: RegExp, says: string): Field => ({ form, says });
const key: Field = { form: /^[!-~]{1,40}$/, says: '1 to 40 printable characters without spaces' };
const pathToken: Field = { form: /^[A-Za-z0-9_-]{16,128}$/, says: '16 to 128 letters, digits, - or _' };
const webhook: Field = { form: /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, says: 'whsec_ and 24 to 64 bytes in base64' };

/** Each value and what it must be (manuals 000 to 003: IP codes, authentication keys; Standard Webhooks: secrets). */
const fields: Record<string, Record<string, Field>> = {
  card: { clientip: ipCode(/^(\d{5}|\d{10})$/, '5 or 10 digits'), key },
  carrier: { clientip: ipCode(/^\d{10}$/, '10 digits'), zkey: key },
  cvs: { clientip: ipCode(/^\d{10}$/, '10 digits') },
  callback: { pathToken, previousPathToken: { ...pathToken, optional: true } },
  webhook: { secret: webhook, previousSecret: { ...webhook, optional: true } },
};

export interface Filled {
  content: SecretContent;
  pathToken: 'kept' | 'generated' | 'as given';
}

/** 256 bits, in characters that need no escape in a path. */
export const newPathToken = (): string => randomBytes(32).toString('base64url');

/**
 * What is stored with what is given on top, value by value; what is given as null goes. `callback.pathToken` given as null
 * makes a new one. The one that is replaced stays valid as the previous, unless `previousPathToken` is given too. Throws a Complaint with all faults at once, which names fields
 * and never quotes a value.
 */
export function fill(stored: SecretContent, given: string, generate: () => string = newPathToken): Filled {
  const more = parse(given);
  const faults = Object.entries(more).flatMap(([name, value]) => faultsOf(name, value));
  if (faults.length > 0) throw new Complaint(faults.join('\n'));

  const changes = more as Record<string, Record<string, string | null> | null>;
  const [was = null, will] = [stored.callback?.pathToken, changes.callback?.pathToken];
  const previous = will !== undefined && will !== was && { previousPathToken: was };
  const content: SecretContent = {};
  for (const name of new Set([...Object.keys(stored), ...Object.keys(changes)])) {
    if (changes[name] === null) continue;
    const values = { ...stored[name], ...(name === 'callback' && previous), ...changes[name] };
    content[name] = Object.fromEntries(
      Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null),
    );
  }
  const isGiven = typeof changes.callback?.pathToken === 'string';
  const present = content.callback?.pathToken;
  content.callback = { ...content.callback, pathToken: present ?? generate() };
  const missing = Object.entries(content).flatMap(([name, values]) => missingOf(name, values));
  if (missing.length > 0) throw new Complaint(missing.join('\n'));
  return { content, pathToken: isGiven ? 'as given' : present ? 'kept' : 'generated' };
}

function missingOf(name: string, values: Record<string, string>): string[] {
  const required = Object.entries(fields[name] ?? {}).filter(([, { optional }]) => !optional);
  return required.flatMap(([field]) => (values[field] ? [] : [`${name}.${field} is missing`]));
}

function faultsOf(name: string, value: unknown): string[] {
  const known = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!known) return [`There is a part that is none of: ${Object.keys(fields).join(', ')}.`];
  if (value === null) return [];
  if (!isRecord(value)) return [`${name} must be an object.`];
  return Object.entries(value).flatMap(([field, text]) => {
    const rule = Object.hasOwn(known, field) ? known[field] : undefined;
    if (!rule) return [`${name} has a field that is none of: ${Object.keys(known).join(', ')}.`];
    if (text === null && (rule.optional || field === 'pathToken')) return [];
    return typeof text === 'string' && rule.form.test(text) ? [] : [`${name}.${field} must be ${rule.says}.`];
  });
}

/** A parser's own message would quote the text. */
function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {}
  throw new Complaint('Standard input holds no JSON object.');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `ask` answers a line; `hidden` ones are not shown while they are typed. An empty answer leaves what is stored. */
export async function askForContent(
  ask: (question: string, hidden: boolean) => Promise<string>,
): Promise<SecretContent> {
  const content: SecretContent = {};
  for (const [name, known] of Object.entries(fields)) {
    for (const [field, { says, optional }] of Object.entries(known)) {
      if (optional) continue;
      const answer = (await ask(`${name}.${field} (${says}): `, field !== 'clientip')).trim();
      if (answer !== '') content[name] = { ...content[name], [field]: answer };
    }
  }
  return content;
}
