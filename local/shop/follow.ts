import { pause, readOrder } from './api.ts';
import type { Order } from './order-shape.ts';

/** Reads an order again and again, and shows it whenever it has changed. Pauses while the page is hidden. */
export async function follow(orderId: string, show: (order: Order | null) => void): Promise<never> {
  let shown = '';
  for (;;) {
    const order = document.hidden && shown ? null : await readOrder(orderId);
    const now = JSON.stringify(order);
    if (now !== shown && (order || !shown)) {
      if (order) shown = now;
      show(order);
    }
    await pause(1);
  }
}
