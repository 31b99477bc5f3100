import assert from 'node:assert/strict';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { digest } from '../../shared/domain/identity.ts';
import { isSend, type Order } from '../../shared/domain/order.ts';
import type { Method, Status } from '../../shared/domain/words.ts';
import type { startLocal } from './local.ts';
import { noon, told, usual } from './orders.ts';
import { dynamoOf, tableName } from './table.ts';

export interface Listed {
  reference?: string | null;
  cardId?: string;
  /** An unlisted status was heard, which raises attention. */
  attention?: boolean;
  createdAt?: string;
  /** When a creating send was claimed; by default at noon, long ago. */
  claimedAt?: string;
}

/** Orders to be listed, each a minute younger than the one before, and their list as a shop's server asks for it. */
export function orderList({ engine, call }: Pick<Awaited<ReturnType<typeof startLocal>>, 'engine' | 'call'>) {
  const store = ordersTable(dynamoOf(engine.endpoint), tableName);
  let count = 0;
  /** `minutes` after noon of 2026-11-20 in Tokyo. */
  async function add(method: Method, status: Status, listed: Listed = {}, minutes = count): Promise<string> {
    count += 1;
    const createdAt = new Date(noon.getTime() + 60_000 * minutes).toISOString();
    const { stored } = await store.create(orderOf(method, status, { createdAt, ...listed }, digest(`list ${count}`)));
    assert.ok(stored);
    return stored.orderId;
  }
  const list = (query: string) => call('GET', `/orders${query && `?${query}`}`);
  return { add, list, store };
}

export function orderOf(method: Method, status: Status, listed: Listed, orderId: string): Order {
  const make = (usual[method] as Partial<Record<Status, () => Order>>)[status];
  if (!make) throw new Error(`No ${method} order is ${status}`);
  const { reference = null, cardId = null, attention = false, createdAt, claimedAt } = listed;
  const usualOrder = make();
  const order = attention ? told(usualOrder, 'XX') : usualOrder;
  const steps = order.steps.map(step =>
    claimedAt && isSend(step) && step.claim ? { ...step, claim: { ...step.claim, at: claimedAt } } : step,
  );
  const card = order.card && { ...order.card, cardId };
  return { ...order, orderId, reference, card, steps, createdAt: createdAt ?? order.createdAt };
}
