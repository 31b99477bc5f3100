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
export function resultDocument(service: string, action: string, result: [string, string][]): Buffer {
  const inner = result.map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`).join('\n');
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<response service="${service}" action="${escapeXml(action)}">`,
  ];
  return Buffer.from([...lines, '<result>', inner, '</result>', '</response>', ''].join('\n'), 'utf8');
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
