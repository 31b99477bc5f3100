import type { IncomingHttpHeaders } from 'node:http';

const NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Whether a request comes from a page of another site, which a browser on this machine would let through to a server that
 * listens here: its Host is another name (DNS rebinding) or port, its Origin is another one, or the browser says so
 * (Sec-Fetch-Site) where it sends no Origin. A link that is followed is allowed where `links` is.
 */
export function isForeign(headers: IncomingHttpHeaders, port: number, links: boolean): boolean {
  const { host = '', origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers;
  if (!NAMES.some(name => host.toLowerCase() === `${name}:${port}`)) return true;
  if (origin !== undefined) return origin !== `http://${host}`;
  const isLink = links && mode === 'navigate' && destination === 'document';
  return site === 'cross-site' && !isLink;
}
