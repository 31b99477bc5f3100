/** What a merchant agrees with the gateway, and where the manuals leave room. */
import { consolePage } from './console-frame.ts';
import type { Gateway } from './gateway.ts';
import { type Html, html } from './html.ts';
import type { Settings } from './settings.ts';

/** What each one is about; the values it may have, where they can be listed. */
const ABOUT: Record<keyof Settings, [about: string, values?: unknown[]]> = {
  callbacks: ['URLs that are called, by service'],
  callbackMethod: ['method of callbacks', ['GET', 'POST']],
  callbackDelayMs: ['ms from an answer to its callback'],
  callbackRetries: ['retries after a time-out, 0 to 5'],
  checkSuccessok: ['a 200 must begin with successok'],
  callbackEscapes: ['how callback values are escaped', ['upper', 'lower', 'full', 'raw']],
  callbackSpace: ['how a space is sent', ['+', '%20']],
  callbackOmit: ['parameters left out of callbacks'],
  padCardClientip: ['card callbacks pad the IP code'],
  timeScale: ['scales the 40 s of a callback’s time-out'],
  cvvRequired: ['stored cards need the security code'],
  installments: ['instalments are agreed'],
  tokenLifeMs: ['life of a token in ms'],
  sessionLifeMs: ['life of a 3-D Secure session in ms'],
  callbackAfterPay: ['the result CGI is called after PayReq too'],
  authenticationRoot: ['root element of the answer to AuthReq', ['response', 'request']],
  cancelWaitMs: ['a cancel earlier than this fails, in ms'],
  carrierSale: ['what a carrier order becomes', ['provisional', 'immediate']],
  testId: ['test ID of the merchant'],
  optionalCallbacks: ['optional: cvs-02, cvs-03, carrier-provisional-return'],
  payDays: ['days until a payment number ends, 2 to 59'],
  lineEnd: ['line end of answers', ['\n', '\r\n']],
  invalidWord: ['word of a refused parameter', ['Invalid', 'invalid']],
  cvsEquals: ['between name and value in cvs.cgi’s answer', ['=', '= ', ' = ']],
  cvsShuffle: ['cvs.cgi’s lines in any order'],
  cvsParameterLine: ['cvs.cgi’s line for a bad parameter'],
  maintenance: ['the whole gateway is in maintenance'],
};

export function settingsPage(gateway: Gateway): string {
  const rows = Object.entries(ABOUT).map(([name, about]) =>
    settingRow(gateway.settings, name as keyof Settings, about),
  );
  return consolePage(gateway, '/settings', {
    live: [],
    still: [html`<h2>Settings</h2><div class="settings">${rows}</div>`],
  });
}

function settingRow(settings: Settings, name: keyof Settings, [about, values]: [string, unknown[]?]): Html {
  const value = JSON.stringify(settings[name]);
  const listed = typeof settings[name] === 'boolean' ? [true, false] : values;
  const options = listed
    ?.map(each => JSON.stringify(each))
    .map(each => html`<option${selected(each === value)}>${each}</option>`);
  const control = options
    ? html`<select id="${name}" name="value">${options}</select>`
    : html`<input id="${name}" name="value" value="${value}" size="${Math.min(Math.max(value.length, 6), 70)}">`;
  return html`<form method="post" action="/_control/settings" class="fields"><input type="hidden" name="back" value="/settings"><input type="hidden" name="name" value="${name}">
<label for="${name}"><code>${name}</code> <span class="soft">${about}</span></label>${control}<button>Set</button></form>`;
}

function selected(is: boolean): Html {
  return is ? html` selected` : html``;
}
