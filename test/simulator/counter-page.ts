/** The store's counter at /counter, and the page behind `pay_url`. */
import { possibleActions } from './cvs-status.ts';
import { parseForm, textOf } from './form.ts';
import type { Gateway } from './gateway.ts';
import { button, type Html, html } from './html.ts';
import type { CvsOrder } from './state.ts';

/** Numbers are not unique: every order that has the number is shown. */
export function counterPage(gateway: Gateway, query: Buffer): string {
  const number = textOf(parseForm(query), 'number').trim();
  const found = cvsOrders(gateway).filter(
    order => number !== '' && (order.payNo1 === number || order.orderNumber === number),
  );
  const back = `/counter?number=${encodeURIComponent(number)}`;
  return page('Counter', [
    html`<form method="get" action="/counter"><label>payment number or order number <input name="number" value="${number}"></label><button>find</button></form>`,
    html`<ul>${found.map(order => html`<li>${summary(order)} ${counterButtons(order, back)}</li>`)}</ul>`,
    html`<p>${number !== '' && found.length === 0 ? 'no order has this number' : ''}</p>`,
  ]);
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
  return page('払込票', [
    html`<p>払込票番号 <strong>${order.payNo1}</strong></p>`,
    html`<p>${order.money}円 支払期限 ${order.payLimit}</p>`,
  ]);
}

function summary(order: CvsOrder): string {
  const { orderNumber, payCvs, payNo1, payNo2, money, payLimit, status } = order;
  return `${orderNumber} ${payCvs} ${payNo1} ${payNo2} ${money} yen until ${payLimit}: ${status}`;
}

function cvsOrders(gateway: Gateway): CvsOrder[] {
  return [...gateway.state.orders.values()].filter(order => order.service === 'cvs');
}

function page(title: string, parts: Html[]): string {
  return html`<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1>${parts}</body></html>
`.markup;
}
