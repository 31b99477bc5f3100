import { listOrders, pause } from './api.ts';
import { byId, h } from './dom.ts';
import { follow } from './follow.ts';
import { startPage } from './frame.ts';
import { instructions, titleFor } from './instructions.ts';
import { draw, say } from './language.ts';
import type { Order } from './order-shape.ts';

let order: Order | null = null;

await startPage();
draw(show);
await follow(await findOrderId(), now => {
  order = now;
  show();
});

/** A carrier's page leads back with the shop's own number; the newest order that has it is meant. */
async function findOrderId(): Promise<string> {
  const asked = new URLSearchParams(location.search);
  const orderId = asked.get('order');
  if (orderId) return orderId;
  for (;;) {
    const { orders } = await listOrders({ reference: asked.get('reference') ?? '' });
    if (orders[0]) return orders[0].orderId;
    await pause(1);
  }
}

function show(): void {
  if (!order) return;
  byId('title').textContent = titleFor(order);
  byId('result').replaceChildren(...instructions(order));
  byId('links').replaceChildren(
    h('a', { href: '/' }, say(['買い物を続ける', 'Back to the products'])),
    h('a', { href: `/order.html?id=${order.orderId}` }, say(['この注文の店舗用画面', 'The shop’s view of this order'])),
  );
}
