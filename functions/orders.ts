import { apiHandler, json } from '../shared/lambda/api.ts';
import { problem } from '../shared/lambda/problem.ts';
import { clock, store } from '../shared/lambda/wiring.ts';
import { isOrderId } from '../shared/orders/identity.ts';
import { present } from '../shared/orders/order.ts';

/** GET /orders/{orderId} */
export const handler = apiHandler('orders', async event => {
  const orderId = event.pathParameters?.orderId ?? '';
  const order = isOrderId(orderId) ? await store.find(orderId) : null;
  return order ? json(200, present(order, clock.now())) : problem('order_not_found');
});
