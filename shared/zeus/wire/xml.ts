/** XML as token.cgi and api.cgi speak it: small UTF-8 documents, no DTD. Reading is for Node; browsers bring their own. */
import { parseXml as parse, XmlElement } from '@rgrove/parse-xml';

export { escapeXml } from './escape-xml.ts';

export interface XmlTree {
  name: string;
  attributes: Readonly<Record<string, string>>;
  /** Trimmed; empty for an element that only holds others. */
  text: string;
  children: readonly XmlTree[];
}

/** The body of a request; throws when it is over the gateway's limit, which checked values cannot reach. */
export function xmlBody(xml: string, limitBytes: number): Buffer {
  const body = Buffer.from(xml, 'utf8');
  if (body.length > limitBytes) throw new Error(`The request is over ${limitBytes} bytes`);
  return body;
}

// The gateway's answers have a few hundred bytes; the limit keeps a hostile one from costing time.
const maxAnswerBytes = 8192;

// Elements in elements; the manuals' own answers have three.
const maxDepth = 16;

/** Null: not UTF-8, not well-formed, with a DTD (never expanded) or with an entity that XML does not define itself. */
export function parseXml(body: Uint8Array): XmlTree | null {
  if (body.length > maxAnswerBytes) return null;
  // Decoder and parser report a fault in the document by throwing; here that is an ordinary answer.
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const { root } = parse(text);
    return root === null || text.includes('<!DOCTYPE') ? null : toTree(root, 1);
  } catch {
    return null;
  }
}

function toTree({ name, attributes, children, text }: XmlElement, depth: number): XmlTree {
  if (depth > maxDepth) throw new Error('Too deep');
  const elements = children.filter(child => child instanceof XmlElement);
  const trimmed = Object.entries(attributes).map(([key, value]) => [key, value.trim()]);
  return {
    name,
    attributes: Object.fromEntries(trimmed),
    text: elements.length > 0 ? '' : text.trim(),
    children: elements.map(child => toTree(child, depth + 1)),
  };
}

/** The text of the one element at the path, which begins with the root's name; null: none, several, or not a leaf. */
export function textAt(tree: XmlTree, ...path: readonly string[]): string | null {
  if (tree.name !== path[0]) return null;
  const element = path.slice(1).reduce<XmlTree | null>(onlyChild, tree);
  return element === null || element.children.length > 0 ? null : element.text;
}

function onlyChild(tree: XmlTree | null, name: string): XmlTree | null {
  const found = tree?.children.filter(child => child.name === name) ?? [];
  return found.length === 1 ? (found[0] ?? null) : null;
}
