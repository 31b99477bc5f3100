/** XML as token.cgi and api.cgi speak it: small UTF-8 documents, no DTD. Reading is for Node; browsers bring their own. */
// biome-ignore lint/suspicious/noDeprecatedImports: what replaces it is a package of its own
import { XMLParser, XMLValidator } from 'fast-xml-parser';

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

// The gateway's responses have a few hundred bytes; the limit keeps a hostile one from costing time.
const maxResponseBytes = 8192;

// Elements in elements; the manuals' own responses have three.
const maxDepth = 16;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  trimValues: false,
  // Decoded below instead: in text and attributes, not in CDATA.
  processEntities: false,
  cdataPropName: '#cdata',
  commentPropName: '#comment',
  maxNestedTags: maxDepth - 1,
  // The parser itself throws for names like `constructor`. It would rename `toString`.
  onDangerousProperty: name => {
    throw new Error(`An element or attribute is named ${name}`);
  },
});

/** As the parser gives it: the key beside `:@` is an element's name or `#text`, `#cdata`, `#comment`. */
interface Node {
  [key: string]: unknown;
  ':@'?: Record<string, string>;
}

/**
 * Null: not UTF-8, not well-formed, cut off, with a DTD (never expanded), with an entity that XML does not define itself,
 * or with anything but white space around the one root element and its declaration.
 */
export function parseXml(body: Uint8Array): XmlTree | null {
  if (body.length > maxResponseBytes) return null;
  // Decoder and parser report a fault in the document by throwing; here that is an ordinary response.
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body).replace(declaration, '');
    // The parser alone would read a document that is cut off.
    if (escapesValidator.some(pattern => pattern.test(text)) || XMLValidator.validate(text) !== true) return null;
    const [root, ...others] = (parser.parse(text) as Node[]).filter(node => !isWhiteSpace(node));
    return root && others.length === 0 ? toTree(root) : null;
  } catch {
    return null;
  }
}

const declaration =
  /^<\?xml version=(["'])1\.[0-9]\1( encoding=(["'])[A-Za-z][\w.-]*\3)?( standalone=(["'])(yes|no)\5)?\?>/;

// https://www.w3.org/TR/xml/#charsets
const notXml = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** What is not well-formed, or in no response, and passes the validator. */
const escapesValidator = [
  notXml,
  // A DTD, `<!x>`, a processing instruction, a second declaration.
  /<\?|<!(?!--|\[CDATA\[)/,
  // A comment with `--` in it.
  /<!--(?!((?!--).)*-->)/s,
  // `</a/>`.
  /<\/[^<>]*\//,
  // In a tag: an = after a value, white space that only Unicode calls so, a > in a value.
  /<[^<>]*(["']\s*=|[^\S \t\r\n]|=\s*("[^"<]*>|'[^'<]*>))/,
  // Text before the root, or after one like `<a/>`: a response ends with a closing tag.
  /^(?![ \t\r\n]*<)|$(?<!<\/[^<>]*>[ \t\r\n]*)/,
];

function toTree(node: Node): XmlTree {
  const name = nameOf(node);
  const attributes = Object.entries(node[':@'] ?? {}).map(([key, raw]) => [key, decodeEntities(raw).trim()]);
  const children = node[name] as Node[];
  const elements = children.filter(child => isElement(nameOf(child)));
  const text = children.map(textOf).join('').trim();
  return {
    name,
    attributes: Object.fromEntries(attributes),
    text: elements.length > 0 ? '' : text,
    children: elements.map(toTree),
  };
}

function nameOf(node: Node): string {
  return Object.keys(node).find(key => key !== ':@') ?? '';
}

function isElement(name: string): boolean {
  return !name.startsWith('#');
}

function isWhiteSpace(node: Node): boolean {
  return typeof node['#text'] === 'string' && /^[ \t\n]*$/.test(node['#text']);
}

/** Of a text or CDATA node; '' of any other. */
function textOf(node: Node): string {
  if (typeof node['#text'] === 'string') return decodeEntities(node['#text']);
  const [inner] = (node['#cdata'] ?? []) as Node[];
  return String(inner?.['#text'] ?? '');
}

const predefined = new Map([
  ['lt;', '<'],
  ['gt;', '>'],
  ['amp;', '&'],
  ['quot;', '"'],
  ['apos;', "'"],
]);

/** Of text or an attribute. Throws for an entity that XML does not define itself, and for what must be escaped. */
function decodeEntities(raw: string): string {
  if (/<|\]\]>/.test(raw)) throw new Error('A < or a ]]> is not escaped');
  return raw.replace(/&([^;&]*;?)/g, (_, name: string) => predefined.get(name) ?? numberedCharacter(name));
}

function numberedCharacter(name: string): string {
  const [, hex, decimal] = /^#(?:x([0-9a-fA-F]+)|([0-9]+));$/.exec(name) ?? [];
  const character = String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  if (notXml.test(character)) throw new Error(`&${name} is no character of XML`);
  return character;
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
