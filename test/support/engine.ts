/** The engine over a real table, with a gateway whose outcomes the test decides. */
import assert from 'node:assert/strict';
import type { Order } from '../../shared/domain/order.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Done } from '../../shared/domain/sends.ts';
import type { Operated, Operation } from '../../shared/orders/operate.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import type { Submitted } from '../../shared/orders/replay.ts';
import { idOf, noon, refused, standingClock, succeeded } from './orders.ts';

export const done = succeeded({ orderNumber: 'N1' });

/** A refusal with a code that proves something, or that nothing is proved. */
export const refusedAs = (truth: 'already_done' | 'in_progress' | 'proves_nothing'): Outcome<Done> => {
  assert.equal(refused.kind, 'refused');
  return { ...refused, truth };
};

let count = 0;
export const newId = (): string => idOf(`engine-${++count}-`);

export function ordersIn(store: OrderStore) {
  const find = async ({ orderId }: Pick<Order, 'orderId'>): Promise<Order> =>
    (await store.find(orderId)) ?? assert.fail('no such order');
  /** Stores the order under an ID of its own. */
  const keep = async (order: Order): Promise<Order> => {
    const { stored } = await store.create({ ...order, orderId: newId() });
    return stored ?? assert.fail('not stored');
  };
  const write = async (next: Order): Promise<Order> => (await store.replace(next)).stored ?? assert.fail('not stored');
  const deps = (now = noon, through = store) => ({ ...standingClock(now), store: through });
  return { find, keep, write, deps };
}

/** Answers the outcomes in turn, the last one again and again; `during` runs while the first request is out. */
export function answering(outcomes: Outcome<Done>[], during: () => Promise<unknown> = async () => {}) {
  const sent: number[] = [];
  const send = async (): Promise<Outcome<Done>> => {
    sent.push(sent.length);
    if (sent.length === 1) await during();
    return outcomes.length > 1 ? (outcomes.shift() as Outcome<Done>) : (outcomes[0] ?? assert.fail('not to be sent'));
  };
  const cancel: Operation = { name: 'cancel', method: 'card', from: ['paid'], send };
  return { sent, send, cancel };
}

export const orderOf = (result: Submitted | Operated | null): Order =>
  result && 'order' in result ? result.order : assert.fail(`no order: ${result?.kind}`);

/** `done replayed` where nothing was sent for this call. */
export const kindOf = (result: Submitted | Operated): string =>
  'replayed' in result && result.replayed ? `${result.kind} replayed` : result.kind;
