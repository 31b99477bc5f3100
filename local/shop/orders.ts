import { listOrders } from './api.ts';
import { byId, h, input, select, typedIn } from './dom.ts';
import { dayFromNow, time, yen } from './format.ts';
import { startPage } from './frame.ts';
import { draw, say } from './language.ts';
import { statusPill } from './order-facts.ts';
import type { Order } from './order-shape.ts';
import { reasonWord, statusNames, statusWord, word } from './words.ts';

let orders: Order[] = [];
let cursor: string | null = null;

await startPage();
input('date').value = dayFromNow(0);
draw(() => {
  drawStatuses();
  drawRows();
});
byId('filters').addEventListener('submit', event => {
  event.preventDefault();
  void load();
});
byId('filters').addEventListener('change', () => void load());
byId('more').addEventListener('click', () => void load(cursor ?? ''));
byId('schedule').addEventListener('click', () => void runSchedule());
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void load();
});
await load();

/** The first page, or the next one behind the cursor. */
async function load(after = ''): Promise<void> {
  const attention = input('attention').checked ? 'true' : '';
  const page = await listOrders({
    date: attention ? '' : typedIn('date'),
    status: select('status').value,
    reference: typedIn('reference'),
    attention,
    cursor: after,
  });
  orders = after ? [...orders, ...page.orders] : page.orders;
  ({ cursor } = page);
  drawRows();
}

async function runSchedule(): Promise<void> {
  await fetch('/_local/schedule', { method: 'POST' });
  await load();
}

function drawStatuses(): void {
  const chosen = select('status').value;
  const any = h('option', { value: '' }, say(['すべて', 'All']));
  select('status').replaceChildren(any, ...statusNames.map(value => h('option', { value }, statusWord(value))));
  select('status').value = chosen;
}

function drawRows(): void {
  byId('list').replaceChildren(...orders.map(row));
  byId('more').hidden = cursor === null;
  byId('message').textContent = say([`${orders.length}件`, `${orders.length} orders`]);
}

function row(order: Order): HTMLTableRowElement {
  const link = h('a', { href: `/order.html?id=${order.orderId}` }, order.reference ?? order.orderId);
  const attention = order.attention.map(({ reason }) =>
    h('span', { className: 'attention' }, ` ⚠ ${reasonWord(reason)}`),
  );
  return h(
    'tr',
    { data: { order: order.orderId } },
    h('td', {}, time(order.createdAt)),
    h('td', {}, link),
    h('td', {}, word(order.carrier?.type ?? order.cvs?.store ?? order.method)),
    h('td', { className: 'number' }, yen(order.amount)),
    h('td', {}, statusPill(order.status), ...attention),
  );
}
