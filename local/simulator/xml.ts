import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml';

/** Elements by name; attributes have the prefix `@`; text beside either is `#text`. */
export type XmlNode = { [name: string]: string | XmlNode | (string | XmlNode)[] };

/** The one `request` element of a well-formed UTF-8 document without a document type; null otherwise. */
export function parseRequest(bytes: Buffer): XmlNode | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (/<!DOCTYPE/i.test(text)) return null;
    const { root } = parseXml(text);
    const request = root?.name === 'request' ? toNode(root) : '';
    return typeof request === 'object' ? request : null;
  } catch {
    return null;
  }
}

/** An element without attributes and elements is its text. */
function toNode(element: XmlElement): string | XmlNode {
  const attributes = Object.entries(element.attributes).map(([name, value]) => [`@${name}`, value.trim()]);
  const elements = element.children.filter(child => child instanceof XmlElement);
  const texts = element.children.filter(child => child instanceof XmlText).map(child => child.text);
  const text = texts.join('').trim();
  if (attributes.length === 0 && elements.length === 0) return text;
  const children = Object.entries(Object.groupBy(elements, child => child.name)).map(([name, same = []]) => {
    const nodes = same.map(toNode);
    return [name, nodes.length === 1 ? nodes[0] : nodes];
  });
  return Object.fromEntries([...attributes, ...children, ...(text === '' ? [] : [['#text', text]])]);
}

/** Text at the path; '' when it is missing, empty, or given more than once. */
export function textAt(node: XmlNode, path: string): string {
  let here: XmlNode[string] | undefined = node;
  for (const name of path.split('.')) here = typeof here === 'object' && !Array.isArray(here) ? here[name] : undefined;
  if (typeof here === 'object' && !Array.isArray(here)) here = here['#text'];
  return typeof here === 'string' ? here : '';
}

/** As `textAt`; where the path ends with an attribute, an element of its name will do. */
export function valueAt(node: XmlNode, path: string): string {
  return textAt(node, path) || textAt(node, path.replace('@', ''));
}

/** The texts of every element at the path. */
export function textsAt(node: XmlNode, path: string): string[] {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let here: XmlNode[string] | undefined = node;
  for (const name of names) here = typeof here === 'object' && !Array.isArray(here) ? here[name] : undefined;
  const found = typeof here === 'object' && !Array.isArray(here) ? here[last] : undefined;
  const all = Array.isArray(found) ? found : found === undefined ? [] : [found];
  return all.map(one => (typeof one === 'string' ? one : textAt(one, '#text')));
}

export type HeaderFault = '02030105' | '02030106' | '02030107' | '02030108' | '02030207' | '02030208';

/** The checks that manuals 000 and 003 share, in the order of their codes; null when the body may be read. */
export function headerFault(
  call: { method: string; headers: Record<string, string>; body: Buffer },
  maxBytes: number,
): HeaderFault | null {
  if (call.method !== 'POST') return '02030105';
  if (!/^(text|application)\/xml\s*(;|$)/i.test(call.headers['content-type'] ?? '')) return '02030106';
  const length = Number(call.headers['content-length'] ?? '0');
  if (length === 0) return '02030107';
  if (length > maxBytes) return '02030108';
  if (call.body.toString('latin1').trim() === '') return '02030207';
  // Unreachable over HTTP, where the body ends with its announced length; a caller in the same process can get here.
  return call.body.length > maxBytes ? '02030208' : null;
}

/** A `response` document with the given elements of `result`. */
export function resultDocument(service: string, action: string, result: Content[]): Buffer {
  return document('response', [service, action], [['result', result]]);
}

/** An element by its name: text, or elements in their order. */
export type Content = [name: string, content: string | Content[]];

export function document(root: string, [service, action]: [string, string], contents: Content[]): Buffer {
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<${root} service="${service}" action="${escapeXml(action)}">`,
    ...contents.map(elementOf),
    `</${root}>`,
    '',
  ];
  return Buffer.from(lines.join('\n'), 'utf8');
}

function elementOf([name, content]: Content): string {
  if (typeof content === 'string') return `<${name}>${escapeXml(content)}</${name}>`;
  return [`<${name}>`, ...content.map(elementOf), `</${name}>`].join('\n');
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
