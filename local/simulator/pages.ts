import { carrierPage } from './carrier-pages.ts';
import { overviewPage } from './console.ts';
import { faultsPage } from './console-faults.ts';
import { consoleFile } from './console-frame.ts';
import { settingsPage } from './console-settings.ts';
import { control } from './control.ts';
import { counterPage, resultPage } from './counter-page.ts';
import { answer, type Gateway, type Reply } from './gateway.ts';
import type { Incoming } from './record.ts';
import type { Pages } from './server.ts';
import type { Simulator } from './simulator.ts';
import { threeDPage } from './three-d-pages.ts';
import { createVendorScript, type VendorScript } from './vendor-script.ts';

/** Routes whatever is no endpoint of the gateway. */
export function createPages(gateway: Gateway, simulator: Simulator, vendorScript?: VendorScript): Pages {
  const script = createVendorScript(vendorScript);
  return async incoming => {
    const found = incoming.method === 'GET' ? (read(gateway, incoming) ?? (await script(incoming.path))) : null;
    return found ?? carrierPage(gateway, incoming) ?? threeDPage(gateway, incoming) ?? control(simulator, incoming);
  };
}

function read(gateway: Gateway, { path, query }: Incoming): Reply | null {
  if (path === '/') return page(overviewPage(gateway));
  if (path === '/faults') return page(faultsPage(gateway));
  if (path === '/settings') return page(settingsPage(gateway));
  if (path === '/counter') return page(counterPage(gateway, query));
  if (path === '/cvs/result') return optional(resultPage(gateway, query));
  return consoleFile(path);
}

function optional(html: string | null): Reply | null {
  return html === null ? null : page(html);
}

function page(html: string): Reply {
  return answer(Buffer.from(html, 'utf8'), 'text/html; charset=utf-8');
}
