import assert from 'node:assert/strict';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { digest } from '../../shared/domain/identity.ts';
import type { Method, Order, Status } from '../../shared/domain/order.ts';
import type { startLocal } from './local.ts';
import { noon, noonText, placed } from './orders.ts';
import { dynamoOf, tableName } from './table.ts';

export const raised = { reason: 'contradiction', since: noonText } as const;

/** Orders to be listed, each a minute younger than the one before, and their list as a shop's server asks for it. */
export function orderList({ engine, call }: Pick<Awaited<ReturnType<typeof startLocal>>, 'engine' | 'call'>) {
  const store = ordersTable(dynamoOf(engine.endpoint), tableName);
  let count = 0;
  /** `minutes` after noon of 2026-11-20 in Tokyo. */
  async function add(method: Method, status: Status, changes: Partial<Order> = {}, minutes = count): Promise<string> {
    count += 1;
    const orderId = digest(`list ${count}`);
    const createdAt = new Date(noon.getTime() + 60_000 * minutes).toISOString();
    const { stored } = await store.create(placed(method, status, { orderId, createdAt, ...changes }));
    assert.ok(stored);
    return orderId;
  }
  const list = (query: string) => call('GET', `/orders${query && `?${query}`}`);
  return { add, list };
}
