/** Which requests of browsers are answered: pages of other sites reach only what the gateway offers to pages of shops. */
import type { IncomingMessage } from 'node:http';

const HOSTS = ['127.0.0.1', 'localhost', '[::1]'];

/** Called or loaded by pages of shops: the token interface and the gateway's scripts (000 p.7, p.11), the carrier form (001). */
const FOR_SHOPS = /^\/(cgi-bin\/token\/token\.cgi|cgi-bin\/carrier\/order\.cgi|api\/.*)$/;

/** True: the answer is 403. A Host that is none of this machine's is a name that was pointed here (DNS rebinding). */
export function isForeign({ headers, socket, url = '' }: IncomingMessage): boolean {
  const { host = '', origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
  if (!HOSTS.some(name => `${name}:${socket.localPort}` === host.toLowerCase())) return true;
  if (FOR_SHOPS.test(url.split('?')[0] ?? '')) return false;
  // Links and frames of a shop lead to the payer's pages.
  return origin === undefined ? site === 'cross-site' && mode !== 'navigate' : origin !== `http://${host}`;
}
