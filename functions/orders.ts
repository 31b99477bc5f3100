import { present } from '../shared/domain/present.ts';
import { type ApiHandler, answerOperated, apiHandler, json } from '../shared/lambda/api.ts';
import { orderListQuery, resolutionBody } from '../shared/lambda/bodies/orders.ts';
import { cursorOf, daysOf, positionOf } from '../shared/lambda/cursor.ts';
import { live } from '../shared/lambda/live/table.ts';
import { problem } from '../shared/lambda/problem.ts';
import { orderIdOf, readQuery, readRequest } from '../shared/lambda/request.ts';
import type { OrderDeps } from '../shared/orders/engine.ts';
import { listOrders } from '../shared/orders/list-orders.ts';
import { resolve } from '../shared/orders/resolve.ts';

/** GET /orders, GET /orders/{orderId}, POST /orders/{orderId}/resolution */
export const create = (deps: OrderDeps): ApiHandler => {
  const read: ApiHandler = async event => {
    const order = await deps.store.find(orderIdOf(event));
    return order ? json(200, present(order, deps.now())) : problem('order_not_found');
  };

  const list: ApiHandler = async event => {
    const { cursor, ...filters } = readQuery(event, orderListQuery);
    const now = deps.now();
    const start = cursor === undefined ? { after: null, days: daysOf(filters, now) } : positionOf(cursor, filters, now);
    const { status = null, reference = null, gatewayOrderNumber = null, cardId = null } = filters;
    const attention = filters.attention !== undefined;
    const filter = { days: start.days, status, attention, reference, gatewayOrderNumber, cardId };
    const page = await listOrders(deps, filter, start.after);
    const next = page.after === null ? null : cursorOf({ after: page.after, days: start.days }, filters);
    return json(200, { orders: page.orders.map(order => present(order, now)), cursor: next });
  };

  const resolution: ApiHandler = async event => {
    const { body, caller } = readRequest(event, resolutionBody);
    const { outcome, gatewayOrderNumber = null, amount: amountYen = null, reasons = null, note } = body;
    const resolved = await resolve(deps, orderIdOf(event), caller, {
      outcome,
      gatewayOrderNumber,
      amountYen,
      reasons,
      note,
    });
    return answerOperated(resolved, deps.now());
  };

  const routes: Record<string, ApiHandler> = {
    'GET /orders/{orderId}': read,
    'GET /orders': list,
    'POST /orders/{orderId}/resolution': resolution,
  };
  return apiHandler('orders', event => (routes[event.routeKey] ?? read)(event));
};
export const handler = create(live);
