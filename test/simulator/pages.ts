import { consolePage } from './console.ts';
import { control } from './control.ts';
import { answer, type Gateway, type Reply } from './gateway.ts';
import type { Incoming } from './record.ts';
import type { Pages } from './server.ts';
import type { Simulator } from './simulator.ts';

/** Routes whatever is no endpoint of the gateway. */
export function createPages(gateway: Gateway, simulator: Simulator): Pages {
  return async incoming => {
    const foreign = refuseForeign(incoming);
    if (foreign) return foreign;
    if (incoming.path === '/' && incoming.method === 'GET') return page(consolePage(gateway));
    return control(simulator, incoming);
  };
}

/** Only token.cgi and the hosted pages are for other origins: a page elsewhere must not press the console's buttons. */
function refuseForeign({ method, headers }: Incoming): Reply | null {
  const { origin, host } = headers;
  if (method === 'GET' || !origin || origin === `http://${host}`) return null;
  return { ...answer('another origin\n'), status: 403 };
}

function page(html: string): Reply {
  return answer(Buffer.from(html, 'utf8'), 'text/html; charset=utf-8');
}
