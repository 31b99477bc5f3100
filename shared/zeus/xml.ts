/** XML as token.cgi and api.cgi speak it: small UTF-8 documents, no DTD. Reading is for Node; browsers bring their own. */
import { XMLParser } from 'fast-xml-parser';

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

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  cdataPropName: '#cdata',
  parseTagValue: false,
  ignorePiTags: true,
  processEntities: false,
  maxNestedTags: 16,
});

/** Null: not UTF-8, not well-formed, with a DTD (never expanded) or with an entity that XML does not define itself. */
export function parseXml(body: Uint8Array): XmlTree | null {
  if (body.length > maxAnswerBytes) return null;
  // Decoder and parser report a fault in the document by throwing; here that is an ordinary answer.
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    if (text.includes('<!DOCTYPE')) return null;
    const nodes: Node[] = parser.parse(text, true);
    const [root, stranger] = nodes;
    return root === undefined || stranger !== undefined ? null : toTree(root);
  } catch {
    return null;
  }
}

/** The parser's shape: one key is the element's name, or `#text`, or `#cdata`; `:@` holds the attributes. */
type Node = { [name: string]: Node[] | string | Record<string, string> };

function toTree(node: Node): XmlTree {
  const name = nameOf(node);
  const inside = node[name] as Node[];
  const attributes = Object.entries((node[':@'] ?? {}) as Record<string, string>);
  return {
    name,
    attributes: Object.fromEntries(attributes.map(([key, value]) => [key, expand(value)])),
    text: inside.map(textOf).join('').trim(),
    children: inside.filter(child => !nameOf(child).startsWith('#')).map(toTree),
  };
}

function nameOf(node: Node): string {
  return Object.keys(node).find(key => key !== ':@') ?? '';
}

function textOf(node: Node): string {
  const cdata = node['#cdata'] as Node[] | undefined;
  if (cdata !== undefined) return cdata.map(part => part['#text'] as string).join('');
  return expand((node['#text'] as string | undefined) ?? '');
}

const predefined = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function expand(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([^;&]+));/g, (_, hex, decimal, name) => {
    if (name === undefined) return String.fromCodePoint(Number.parseInt(hex ?? decimal, hex === undefined ? 10 : 16));
    const character = predefined.get(name);
    if (character === undefined) throw new Error('An entity that XML does not define');
    return character;
  });
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
