/** The store's counter at /counter, and the page behind `pay_url`. */
import { consolePage } from './console-frame.ts';
import { possibleActions } from './cvs-status.ts';
import { parseForm, textOf } from './form.ts';
import type { Gateway } from './gateway.ts';
import { button, type Html, html, row, table } from './html.ts';
import type { CvsOrder } from './state.ts';

/** Numbers are not unique: every order that has the number is shown; without one, all that are not over. */
export function counterPage(gateway: Gateway, query: Buffer): string {
  const number = textOf(parseForm(query), 'number').trim();
  const found = cvsOrders(gateway).filter(order =>
    number === '' ? possibleActions(order).length > 0 : order.payNo1 === number || order.orderNumber === number,
  );
  const back = `/counter?number=${encodeURIComponent(number)}`;
  const rows = found.map(order => row(...summary(order), html`${counterButtons(order, back)}`));
  const heads = ['Order', 'Store', 'Numbers', 'Yen', 'Pay until', 'Status', ''];
  return consolePage(gateway, '/counter', {
    live: [
      html`<h2>Store counter</h2>${table(heads, rows, number === '' ? 'No order waits.' : 'no order has this number')}`,
    ],
    still: [
      html`<form method="get" action="/counter" class="fields"><label>payment number or order number <input name="number" value="${number}"></label><button>find</button></form>`,
    ],
  });
}

export function counterButtons(order: CvsOrder, back: string): Html[] {
  return possibleActions(order).map(action =>
    button('counter', action, { orderNumber: order.orderNumber, action, back }),
  );
}

/** What the collecting agency shows a 7-Eleven payer; null for an order that has no such page. */
export function resultPage(gateway: Gateway, query: Buffer): string | null {
  const number = textOf(parseForm(query), 'order');
  const order = cvsOrders(gateway).find(one => one.orderNumber === number && one.payUrl !== '');
  if (!order) return null;
  return slip([
    html`<p>払込票番号 <strong>${order.payNo1}</strong></p>`,
    html`<p>${order.money}円 支払期限 ${order.payLimit}</p>`,
  ]);
}

function summary(order: CvsOrder): (string | Html)[] {
  const { orderNumber, payCvs, payNo1, payNo2, money, payLimit, status } = order;
  const shown = status.replaceAll('_', ' ');
  return [
    html`<code>${orderNumber}</code>`,
    payCvs,
    `${payNo1} ${payNo2}`,
    money.toLocaleString('en'),
    payLimit,
    shown,
  ];
}

function cvsOrders(gateway: Gateway): CvsOrder[] {
  return [...gateway.state.orders.values()].filter(order => order.service === 'cvs');
}

function slip(parts: Html[]): string {
  return html`<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>払込票</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/console.css"></head><body><main><h1>払込票</h1>${parts}</main></body></html>
`.markup;
}
