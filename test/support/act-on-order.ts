/** A cancel on orders of a real table, whose gateway says what the test wants. */
import assert from 'node:assert/strict';
import type { Order, Status } from '../../shared/domain/order.ts';
import type { Outcome, Truth } from '../../shared/domain/outcome.ts';
import { type Acted, actOnOrder, type Operation } from '../../shared/orders/act-on-order.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import { failureWith, idOf, noon, noonText, openCancel, placed, standingClock } from './orders.ts';

export const caller = { key: 'key', request: 'request' };
/** What the order keeps of that call. */
export const keys = { key: { request: 'request', at: noonText, done: false } };
export const seconds = (count: number) => new Date(noon.getTime() + 1000 * count);

export const done: Outcome = { kind: 'done' };
export const refused = (truth: Truth | null = null): Outcome => ({
  kind: 'refused',
  failure: { ...failureWith('refused'), code: 'X1' },
  orderNumber: null,
  truth,
});

export const kindOf = (acted: Acted) =>
  'replayed' in acted ? `${acted.kind}${acted.replayed ? ' replayed' : ''}` : acted.kind;

/** A cancel whose gateway gives `answers` in turn; `during` runs while the request is out. */
export function operation(answers: Outcome[], during: (order: Order) => Promise<unknown> = async () => {}) {
  const sent: Order[] = [];
  const cancel: Operation & { before: 'paid' } = {
    name: 'cancel',
    method: 'card',
    before: 'paid',
    during: 'cancelling',
    async send(order) {
      sent.push(order);
      await during(order);
      return answers.shift() ?? done;
    },
  };
  return { sent, cancel };
}

export function ordersIn(store: OrderStore) {
  let count = 0;
  async function add(status: Status = 'paid', changes: Partial<Order> = {}): Promise<Order> {
    const { stored } = await store.create(placed('card', status, { orderId: idOf(`act-${++count}-`), ...changes }));
    assert.ok(stored);
    return stored;
  }
  /** One whose cancel by `caller` has lost its answer. */
  const open = (changes: Partial<Order> = {}) =>
    add('cancelling', {
      pending: openCancel,
      keys,
      attention: { reason: 'outcome_unknown', since: noonText },
      dueAt: noonText,
      ...changes,
    });
  const find = async ({ orderId }: { orderId: string }): Promise<Order> =>
    (await store.find(orderId)) ?? assert.fail('gone');
  const deps = (now = noon, through: OrderStore = store) => ({ ...standingClock(now), store: through });
  const act = (order: Order, cancel: Operation, now = noon, who = caller) =>
    actOnOrder(deps(now), order.orderId, who, cancel);
  return { add, open, find, deps, act };
}
