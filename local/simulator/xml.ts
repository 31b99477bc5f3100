import { XMLParser } from 'fast-xml-parser';

/** Elements by name; attributes have the prefix `@`. */
export type XmlNode = { [name: string]: string | XmlNode | (string | XmlNode)[] };

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  ignoreDeclaration: true,
  htmlEntities: true,
});

/** The one `request` element of a well-formed UTF-8 document without a document type; null otherwise. */
export function parseRequest(bytes: Buffer): XmlNode | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (/<!DOCTYPE/i.test(text)) return null;
    const parsed: XmlNode = parser.parse(text, true);
    const request = parsed.request;
    return Object.keys(parsed).length === 1 && typeof request === 'object' && !Array.isArray(request) ? request : null;
  } catch {
    return null;
  }
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
