import type { ParseXml } from '../../shared/zeus/operations/token.ts';

/** The browser's own reader. No DTD: the gateway sends none. */
export const readXml: ParseXml = xml => {
  const parsed = new DOMParser().parseFromString(xml, 'text/xml');
  if (parsed.doctype || parsed.querySelector('parsererror')) return null;
  return (root, ...path) => {
    const [found, second] = parsed.querySelectorAll([`${root}:root`, ...path].join('>'));
    return !found || second || found.childElementCount ? null : found.textContent.trim();
  };
};
