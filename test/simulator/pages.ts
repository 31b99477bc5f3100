import { carrierPage } from './carrier-pages.ts';
import { consolePage } from './console.ts';
import { control } from './control.ts';
import { counterPage, resultPage } from './counter-page.ts';
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
    if (incoming.path === '/counter' && incoming.method === 'GET') return page(counterPage(gateway, incoming.query));
    if (incoming.path === '/cvs/result') return optional(resultPage(gateway, incoming.query));
    return carrierPage(gateway, incoming) ?? control(simulator, incoming);
  };
}

/** Only token.cgi and the hosted pages are for other origins: a page elsewhere must not press the console's buttons. */
function refuseForeign({ method, headers }: Incoming): Reply | null {
  const { origin, host } = headers;
  if (method === 'GET' || !origin || origin === `http://${host}`) return null;
  return { ...answer('another origin\n'), status: 403 };
}

function optional(html: string | null): Reply | null {
  return html === null ? null : page(html);
}

function page(html: string): Reply {
  return answer(Buffer.from(html, 'utf8'), 'text/html; charset=utf-8');
}
