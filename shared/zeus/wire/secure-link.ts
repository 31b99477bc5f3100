/**
 * EMV 3-D Secure: the frame of every request and response. three-d-secure.md, sections 3 and 5.
 * POST /cgi-bin/secure/api.cgi, XML `secure_link_3d` in UTF-8, Content-Type text/xml, kept below 2,048 bytes (one source
 * says 2,048 is the limit, another 8,192).
 */
import type { Outcome } from '../../domain/outcome.ts';
import { answerBody, codeOf, notInManual } from './answer-body.ts';
import { characters } from './fields.ts';
import { secureCodes } from './secure-codes.ts';
import type { Reply, Send } from './transport.ts';
import { escapeXml, parseXml, textAt, type XmlTree, xmlBody } from './xml.ts';

const path = '/cgi-bin/secure/api.cgi';
const service = 'secure_link_3d';
const largestRequest = 2047;

type Action = 'enroll' | 'authentication' | 'payment';

/** The gateway's name for a session: 10 or 86 characters, the sources differ. Never decoded. */
export const xidKind = characters('printable ASCII without spaces', /^[!-~]$/, 1, 128);

/** An element with text, or with other elements; `attributes` as they are written. */
export const element = (name: string, inside: string, attributes = ''): string =>
  `<${name}${attributes}>${inside}</${name}>`;

export const textElement = (name: string, text: string, attributes = ''): string =>
  element(name, escapeXml(text), attributes);

export const requestOf = (action: Action, inside: string): Buffer =>
  xmlBody(
    `<?xml version="1.0" encoding="utf-8"?><request service="${service}" action="${action}">${inside}</request>`,
    largestRequest,
  );

export const post = (send: Send, body: Buffer, timeoutMs?: number): Promise<Reply> =>
  send(path, 'text/xml', body, timeoutMs);

export interface SecureAnswer {
  kind: 'answer';
  status: string;
  code: string | null;
  /** The text of an element below the root; null: none, several, or no leaf. */
  textAt(...path: string[]): string | null;
}

type NoAnswer = Exclude<Outcome, { kind: 'done' | 'refused' }>;

/** Maintenance apart, a status is the operation's to read. Unknown: nothing that the guide describes. */
export function readAnswer(
  reply: Reply,
  action: Action,
  roots: readonly string[] = ['response'],
): SecureAnswer | NoAnswer {
  const body = answerBody(reply);
  if (body.kind !== 'body') return body;
  const tree = parseXml(Buffer.from(body.text, 'latin1'));
  if (tree === null || !roots.includes(tree.name) || !answersUs(tree, action)) return notInManual;
  const read = (...names: string[]) => textAt(tree, tree.name, ...names);
  const status = read('result', 'status');
  if (status === null) return notInManual;
  const code = codeOf(read('result', 'code') ?? undefined);
  if (status !== 'maintenance') return { kind: 'answer', status, code, textAt: read };
  const [message = 'The gateway is under maintenance'] = secureCodes.get(code ?? '') ?? [];
  return { kind: 'not_processed', reason: 'maintenance', code, message };
}

/** A response may leave the two names out, but not carry others. */
const answersUs = ({ attributes }: XmlTree, action: Action): boolean =>
  (attributes.service ?? service) === service && (attributes.action ?? action) === action;
