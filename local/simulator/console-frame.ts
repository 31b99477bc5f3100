/** What all pages of the console share: the bar at the top, the style, and the script that keeps them up to date. */
import { readFileSync } from 'node:fs';
import { answer, type Gateway, isoNow, type Reply } from './gateway.ts';
import { button, chip, type Html, html } from './html.ts';

const PAGES = { '/': 'Overview', '/faults': 'Faults', '/settings': 'Settings', '/counter': 'Store counter' };

/** `live` is replaced whenever it changes; `still` holds forms that may be in use. */
export function consolePage(gateway: Gateway, path: string, parts: { live: Html[]; still: Html[] }): string {
  const links = Object.entries(PAGES).map(
    ([href, name]) => html`<a href="${href}"${current(href === path)}>${name}</a>`,
  );
  const title = `${PAGES[path as keyof typeof PAGES]} · Gateway simulator`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/console.css"><script type="module" src="/console.js"></script></head>
<body><header><h1>Gateway simulator</h1><nav aria-label="Console">${links}</nav></header>
<main><div id="live">${summary(gateway)}${parts.live}</div>${parts.still}</main></body></html>`.markup;
}

function current(is: boolean): Html {
  return is ? html` aria-current="page"` : html``;
}

/** What one should know before anything else. */
function summary(gateway: Gateway): Html {
  const { requests, callbacks, armed } = gateway.state;
  const broken = requests.filter(({ violations }) => violations.length > 0).length;
  const failed = callbacks.filter(({ state, attempts }) => state === 'done' && attempts.at(-1)?.outcome !== 'accepted');
  const jst = new Date(Date.parse(isoNow(gateway)) + 9 * 3_600_000).toISOString();
  return html`<p class="summary">
<span>${jst.slice(0, 10)} <strong>${jst.slice(11, 16)}</strong> JST</span>
<span>${gateway.state.orders.size} orders</span><span>${requests.length} requests</span><span>${callbacks.length} callbacks</span>
${broken > 0 ? chip(`${broken} requests break the manual`, 'bad') : html``}
${failed.length > 0 ? chip(`${failed.length} callbacks not accepted`, 'bad') : html``}
${armed.length > 0 ? chip(`${armed.length} faults armed`, 'warn') : html``}
${gateway.settings.maintenance ? chip('maintenance', 'warn') : html``}</p>`;
}

export function resetForm(): Html {
  return button('reset', 'Reset everything', {});
}

const FILES: Record<string, string> = {
  '/console.css': 'text/css',
  '/console.js': 'text/javascript',
  '/three-d-pages.css': 'text/css',
  '/three-d-pages.js': 'text/javascript',
};

/** Style and script; null: another path. */
export function consoleFile(path: string): Reply | null {
  const type = FILES[path];
  return type ? answer(readFileSync(new URL(`.${path}`, import.meta.url)), `${type}; charset=utf-8`) : null;
}
