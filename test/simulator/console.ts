/** The console at `/`: one plain page, newest first, with a form for each thing one can do. */

import { CARRIER_ACTIONS } from './carrier-status.ts';
import { counterButtons } from './counter-page.ts';
import { type Gateway, isoNow } from './gateway.ts';
import { button, type Html, html } from './html.ts';
import { type CallbackRecord, ENDPOINTS, FAULTS, type GatewayOrder, type RequestRecord } from './state.ts';

const SHOWN = 50;

export function consolePage(gateway: Gateway): string {
  const { state } = gateway;
  const sections = [
    html`<h1>Gateway simulator</h1><p><a href="/counter">store counter</a></p>`,
    clockForm(gateway),
    section(
      'Orders',
      ['number', 'service', 'status', 'amount', 'sendpoint', 'made', ''],
      [...state.orders.values()],
      orderRow,
    ),
    section('Requests', ['', 'endpoint', 'parameters', 'violations', 'faults', 'answer'], state.requests, requestRow),
    section(
      'Callbacks',
      ['', 'service', 'status', 'order', 'parameters', 'attempts', ''],
      state.callbacks,
      callbackRow,
    ),
    section('Cards', ['card ID', 'phone', 'brand', 'last four', 'stored'], state.cards, card =>
      cells(card.sendid, card.telno, card.brand, card.last4, card.registeredAt),
    ),
    section('Ledger', ['', 'when', 'what', 'service', 'order', 'sendpoint', 'amount'], state.ledger, entry =>
      cells(
        String(entry.seq),
        entry.at,
        entry.kind,
        entry.service,
        entry.orderNumber ?? '',
        entry.sendpoint,
        String(entry.amount),
      ),
    ),
    faultsSection(gateway),
    settingsSection(gateway),
  ];
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Gateway simulator</title><style>${STYLE}</style></head>
<body>${sections}</body></html>`.markup;
}

const STYLE = {
  markup:
    'body{font:14px system-ui;margin:1rem}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:2px 6px;text-align:left;vertical-align:top}form{display:inline}.bad{color:#a00}',
};

function section<T>(title: string, heads: string[], items: T[], row: (item: T) => Html): Html {
  const rows = items.slice(-SHOWN).reverse();
  const head = heads.map(text => html`<th>${text}</th>`);
  const note = items.length > rows.length ? ` (the last ${SHOWN} of ${items.length})` : '';
  return html`<h2>${title}${note}</h2><table><tr>${head}</tr>${rows.map(row)}</table>`;
}

function cells(...texts: (string | Html)[]): Html {
  return html`<tr>${texts.map(text => html`<td>${text}</td>`)}</tr>`;
}

function orderRow(order: GatewayOrder): Html {
  const { orderNumber, service, status, money, sendpoint, at } = order;
  const numbers = order.service === 'cvs' ? `${order.payCvs} ${order.payNo1} ${order.payNo2}` : '';
  return cells(
    orderNumber,
    `${service} ${numbers}`,
    status,
    String(money),
    sendpoint,
    at,
    html`${orderButtons(order)}`,
  );
}

function orderButtons(order: GatewayOrder): Html[] {
  if (order.service === 'cvs') return counterButtons(order, '/');
  if (order.service === 'card') return [];
  const { orderNumber, status } = order;
  const possible = Object.entries(CARRIER_ACTIONS).filter(([, { from }]) => from.includes(status));
  return possible.map(([action]) => button('carrier', action, { orderNumber, action }));
}

function requestRow(request: RequestRecord): Html {
  const answer = request.answer ? `${request.answer.status} ${request.answer.body}` : 'none';
  const bad = html`<span class="bad">${request.violations.join('; ')}</span> ${request.notes.join('; ')}`;
  const what = `${request.method} ${request.endpoint}`;
  return cells(String(request.id), what, pairs(request.parameters), bad, request.faults.join(', '), answer);
}

function callbackRow(callback: CallbackRecord): Html {
  const attempts = callback.attempts.map(one => html`${one.at} ${one.outcome} ${one.status ?? ''} ${one.body}<br>`);
  const { id, service, status, orderNumber } = callback;
  return cells(
    id,
    service,
    status,
    orderNumber,
    pairs(callback.parameters),
    html`${attempts}${callback.state}`,
    button('resend', 'resend', { id }),
  );
}

function pairs(parameters: { name: string; value: string }[]): Html {
  return html`${parameters.map(({ name, value }) => html`${name}=${value}<br>`)}`;
}

function clockForm(gateway: Gateway): Html {
  return html`<p>Clock: ${isoNow(gateway)}
<form method="post" action="/_control/clock"><input name="now" placeholder="2026-12-01T00:00:00+09:00" size="28"><button>set</button></form>
(empty: real time) ${button('reset', 'reset everything', {})}</p>`;
}

function faultsSection(gateway: Gateway): Html {
  const options = (names: readonly string[]) => names.map(name => html`<option>${name}</option>`);
  const armed = gateway.state.armed.map(fault => html`<li>${JSON.stringify(fault)}</li>`);
  return html`<h2>Faults</h2><ul>${armed}</ul>
<form method="post" action="/_control/faults">
<select name="fault" aria-label="fault">${options(FAULTS)}</select>
<select name="endpoint" aria-label="endpoint">${options([...ENDPOINTS, 'callback', 'any'])}</select>
<input name="count" placeholder="count" size="5"><input name="ms" placeholder="ms" size="6"><input name="bytes" placeholder="bytes" size="5">
<input name="code" placeholder="code" size="10"><input name="parameter" placeholder="parameter" size="10"><button>arm</button></form>
${button('disarm', 'disarm all', {})}`;
}

function settingsSection(gateway: Gateway): Html {
  const rows = Object.entries(gateway.settings).map(([name, value]) =>
    cells(
      name,
      html`<form method="post" action="/_control/settings"><input type="hidden" name="name" value="${name}">
<input name="value" value="${JSON.stringify(value)}" size="60" aria-label="${name}"><button>set</button></form>`,
    ),
  );
  return html`<h2>Settings</h2><table>${rows}</table>`;
}
