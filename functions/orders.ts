import { dayOf } from '../shared/domain/days.ts';
import { present } from '../shared/domain/order.ts';
import { type ApiHandler, answerActed, apiHandler, json } from '../shared/lambda/api.ts';
import { orderListQuery, resolutionBody } from '../shared/lambda/bodies/orders.ts';
import { cursorOf, positionOf } from '../shared/lambda/cursor.ts';
import { problem } from '../shared/lambda/problem.ts';
import { orderIdOf, readQuery, readRequest } from '../shared/lambda/request.ts';
import { clock, store } from '../shared/lambda/wiring.ts';
import { listOrders } from '../shared/orders/list-orders.ts';
import { resolve } from '../shared/orders/resolve.ts';

const deps = { ...clock, store };

const read: ApiHandler = async event => {
  const order = await store.find(orderIdOf(event));
  return order ? json(200, present(order, clock.now())) : problem('order_not_found');
};

const list: ApiHandler = async event => {
  const { cursor, ...filters } = readQuery(event, orderListQuery);
  const now = clock.now();
  const start = cursor === undefined ? { after: null, day: dayOf(now) } : positionOf(cursor, filters);
  const { status = null, reference = null } = filters;
  const attention = filters.attention !== undefined;
  const date = filters.date ?? (attention ? null : start.day);
  const page = await listOrders(deps, { date, status, attention, reference }, start.after);
  const next = page.after === null ? null : cursorOf({ after: page.after, day: date }, filters);
  return json(200, { orders: page.orders.map(order => present(order, now)), cursor: next });
};

const resolution: ApiHandler = async event => {
  const { body, caller } = readRequest(event, resolutionBody);
  const { outcome, gatewayOrderNumber = null, note } = body;
  return answerActed(await resolve(deps, orderIdOf(event), caller, { outcome, gatewayOrderNumber, note }), clock.now());
};

const routes: Record<string, ApiHandler> = {
  'GET /orders/{orderId}': read,
  'GET /orders': list,
  'POST /orders/{orderId}/resolution': resolution,
};

/** GET /orders, GET /orders/{orderId}, POST /orders/{orderId}/resolution */
export const handler = apiHandler('orders', event => (routes[event.routeKey] ?? read)(event));
