/** The pages a payer sees, in Shift_JIS like the gateway's own: confirmation, the carrier's or the test page, the result. */
import { actOnCarrierOrder } from './carrier-status.ts';
import { parseForm, textOf } from './form.ts';
import { answer, type Callback, type Gateway, type Reply } from './gateway.ts';
import { type Html, html } from './html.ts';
import type { Incoming } from './record.ts';
import { encodeShiftJis } from './shift-jis.ts';
import type { CarrierOrder } from './state.ts';

const CARRIERS = { D: 'docomo', A: 'au', S: 'SoftBank' };

export function confirmationPage(order: CarrierOrder): Reply {
  return page('お支払い内容の確認', [
    details(order),
    form('/carrier/pay', order, [['proceed', 'キャリアの画面へ進む']]),
  ]);
}

/** `/carrier/pay` shows where the payer decides, `/carrier/done` takes the decision. Null: neither. */
export function carrierPage(gateway: Gateway, incoming: Incoming): Reply | null {
  if (incoming.path !== '/carrier/pay' && incoming.path !== '/carrier/done') return null;
  const fields = parseForm(incoming.method === 'POST' ? incoming.body : incoming.query);
  const order = gateway.state.orders.get(textOf(fields, 'order'));
  if (order?.service !== 'carrier') return { ...failurePage(null, '受付がありません'), status: 404 };
  const action = textOf(fields, 'do');
  const decides =
    incoming.path === '/carrier/done' && incoming.method === 'POST' && ['complete', 'fail'].includes(action);
  if (order.status === 'accepted' && !decides) return order.test ? testPage(order) : signInPage(order);
  // Pressing a button again, or going back to it, shows how it ended the first time.
  const callbacks = order.status === 'accepted' ? actOnCarrierOrder(gateway, order, action) : [];
  return order.status === 'failed' ? failurePage(order, '', callbacks) : successPage(order, callbacks);
}

function testPage(order: CarrierOrder): Reply {
  const buttons: [string, string][] = [
    ['complete', '支払完了テスト'],
    ['fail', '支払失敗テスト'],
  ];
  return page('キャリア決済お支払いテスト', [details(order), form('/carrier/done', order, buttons)]);
}

function signInPage(order: CarrierOrder): Reply {
  const buttons: [string, string][] = [
    ['complete', '支払う'],
    ['fail', 'やめる'],
  ];
  return page(`${CARRIERS[order.carrierType]} の認証画面（代役）`, [
    details(order),
    form('/carrier/done', order, buttons),
  ]);
}

function successPage(order: CarrierOrder, callbacks: Callback[]): Reply {
  const { successUrl, successStr } = order.links;
  return page('お支払い完了', [html`<p>お支払いを受け付けました。</p>`, backLink(successUrl, successStr)], callbacks);
}

export function failurePage(order: CarrierOrder | null, reason: string, callbacks: Callback[] = []): Reply {
  const link = order ? backLink(order.links.failureUrl, order.links.failureStr) : html``;
  return page('お支払い失敗', [html`<p>お支払いは成立していません。 ${reason}</p>`, link], callbacks);
}

function details(order: CarrierOrder): Html {
  return html`<p>${CARRIERS[order.carrierType]} ${order.money}円 ${order.username} 様</p>`;
}

function form(action: string, order: CarrierOrder, buttons: [value: string, label: string][]): Html {
  const markup = buttons.map(([value, label]) => html`<button name="do" value="${value}">${label}</button> `);
  return html`<form method="post" action="${action}"><input type="hidden" name="order" value="${order.orderNumber}">${markup}</form>`;
}

function backLink(url: string, text: string): Html {
  return url === '' ? html`` : html`<p><a id="site-back" href="${url}">${text}</a></p>`;
}

function page(title: string, parts: Html[], callbacks: Callback[] = []): Reply {
  const document = html`<!doctype html>
<html lang="ja"><head><meta charset="Shift_JIS"><title>${title}</title></head>
<body><h1>${title}</h1>${parts}</body></html>
`;
  return answer(encodeShiftJis(document.markup), 'text/html; charset=Shift_JIS', callbacks);
}
