/** A person's word, pair by pair (contract 1.7): every status of every method with every outcome. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Method, Order, Status } from '../../shared/domain/order.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { change } from '../../shared/orders/change.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import { type Resolution, resolutionOutcomes, resolve } from '../../shared/orders/resolve.ts';
import { submitOnce } from '../../shared/orders/submit-once.ts';
import { statusesOf } from '../../shared/orders/transitions.ts';
import { failureWith, idOf, noon, placed, standingClock } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
const later = new Date(noon.getTime() + 3_600_000);
const raised = { reason: 'contradiction', since: noon.toISOString() } as const;
const caller = { key: 'key', request: 'request' };

let count = 0;
async function add(method: Method, status: Status, changes: Partial<Order> = {}): Promise<Order> {
  const { stored } = await store.create(placed(method, status, { orderId: idOf(`resolve-${++count}-`), ...changes }));
  assert.ok(stored);
  return stored;
}
const say = (
  order: Order,
  outcome: Resolution['outcome'],
  more: Partial<Resolution> = {},
  through: OrderStore = store,
  now = later,
) =>
  resolve({ ...standingClock(now), store: through }, order.orderId, caller, {
    outcome,
    gatewayOrderNumber: null,
    note: 'seen',
    ...more,
  });

/** Where each word leads from `unknown`; a cvs order that awaits its payer takes the same but its own status. */
const words: Record<Method, Partial<Record<Resolution['outcome'], Status>>> = {
  card: { paid: 'paid', declined: 'declined', cancelled: 'cancelled' },
  carrier: { paid: 'paid', declined: 'declined', cancelled: 'cancelled' },
  cvs: { paid: 'paid', declined: 'declined', cancelled: 'cancelled', awaiting_customer: 'awaiting_customer' },
};
function leadsTo(method: Method, status: Status, outcome: Resolution['outcome'], hasAttention: boolean): Status | null {
  if (outcome === 'acknowledged') return hasAttention ? status : null;
  const isOpen =
    status === 'unknown' || (method === 'cvs' && status === 'awaiting_customer' && outcome !== 'awaiting_customer');
  return isOpen ? (words[method][outcome] ?? null) : null;
}

for (const method of ['card', 'carrier', 'cvs'] as const) {
  for (const status of statusesOf[method].filter(each => each !== 'sending')) {
    test(`${method} ${status}: each outcome is taken or refused as the contract has it`, async () => {
      for (const outcome of resolutionOutcomes) {
        for (const attention of [raised, null]) {
          const order = await add(method, status, { attention });
          const to = leadsTo(method, status, outcome, attention !== null);
          const resolved = await say(order, outcome);
          const now = await store.find(order.orderId);
          const what = `${outcome}, ${attention ? 'with' : 'without'} attention`;
          if (to === null) {
            assert.deepEqual([resolved, now], [{ kind: 'wrong_state', order }, order], what);
          } else {
            assert.deepEqual(resolved, { kind: 'done', order: now, replayed: false }, what);
            assert.deepEqual([now?.status, now?.attention], [to, null], what);
            const entry = {
              at: later.toISOString(),
              source: 'operator',
              event: outcome,
              from: status,
              to,
              code: null,
              note: 'seen',
              count: 1,
            };
            assert.deepEqual(now?.history.at(-1), entry, what);
          }
        }
      }
    });
  }
}

test('paid on amount 0 means registered', async () => {
  const order = await add('card', 'unknown', { amountYen: 0 });
  await say(order, 'paid');
  assert.equal((await store.find(order.orderId))?.status, 'registered');
});

test('a fresh claim is in progress, a stale one is unknown', async () => {
  const order = await add('card', 'sending');
  assert.deepEqual(await say(order, 'paid', {}, store, new Date(noon.getTime() + 119_999)), { kind: 'in_progress' });
  assert.equal((await say(order, 'declined', {}, store, new Date(noon.getTime() + 120_000))).kind, 'done');
  const now = await store.find(order.orderId);
  assert.deepEqual(
    [now?.status, now?.failure?.reason, now?.attention, now?.dueAt],
    ['declined', 'operator', null, null],
  );
  assert.deepEqual(
    now?.history.map(entry => entry.to),
    ['sending', 'unknown', 'declined'],
  );
});

test('declined has the failure of an operator, and other words none', async () => {
  for (const [outcome, failure] of [
    ['declined', 'operator'],
    ['paid', null],
    ['cancelled', null],
  ] as const) {
    const order = await add('cvs', 'awaiting_customer');
    await say(order, outcome);
    const now = await store.find(order.orderId);
    assert.equal(now?.failure?.reason ?? null, failure, outcome);
    assert.equal(now?.cancelledByOperator, outcome === 'cancelled');
  }
});

test('the gateway order number that a person found is the order’s, so that it can be cancelled', async () => {
  const order = await add('card', 'unknown');
  await say(order, 'paid', { gatewayOrderNumber: 'N-found' });
  const now = await store.find(order.orderId);
  assert.deepEqual([now?.orderNumber, now?.numberBound, now?.paidAt], ['N-found', true, later.toISOString()]);
});

test('an acknowledgement clears the attention and nothing else', async () => {
  const order = await add('card', 'paid', { attention: raised });
  await say(order, 'acknowledged', { gatewayOrderNumber: 'another' });
  const now = await store.find(order.orderId);
  assert.ok(now);
  const { keys: _, history: __, version: ___, updatedAt: ____, attention, ...rest } = now;
  const { keys: _1, history: _2, version: _3, updatedAt: _4, attention: _5, ...before } = order;
  assert.deepEqual([rest, attention], [before, null]);
});

test('an order whose operation is out stays claimed when its attention is cleared', async () => {
  const pending = {
    operation: 'cancel',
    key: 'other',
    before: { status: 'paid', settlement: null, retryAt: null },
    lost: true,
  } as const;
  const order = await add('card', 'cancelling', {
    pending,
    attention: { reason: 'outcome_unknown', since: noon.toISOString() },
  });
  await say(order, 'acknowledged');
  const now = await store.find(order.orderId);
  assert.deepEqual(
    [now?.status, now?.pending, now?.attention, now?.dueAt],
    ['cancelling', pending, null, later.toISOString()],
  );
});

const refusal: Outcome<{ orderNumber: null }> = {
  kind: 'refused',
  failure: failureWith('refused'),
  orderNumber: null,
  truth: null,
};
const answers: [
  word: Resolution['outcome'],
  answer: Outcome<{ orderNumber: string | null }>,
  status: Status,
  attention: string | null,
][] = [
  ['paid', { kind: 'done', orderNumber: 'N1' }, 'paid', null],
  ['paid', refusal, 'paid', 'contradiction'],
  ['paid', { kind: 'unknown', message: 'lost' }, 'paid', null],
  ['declined', { kind: 'done', orderNumber: 'N1' }, 'paid', 'contradiction'],
  ['declined', refusal, 'declined', null],
  ['declined', { kind: 'unknown', message: 'lost' }, 'declined', null],
  ['cancelled', { kind: 'done', orderNumber: 'N1' }, 'cancelled', null],
  ['cancelled', refusal, 'cancelled', 'contradiction'],
  ['cancelled', { kind: 'not_processed', reason: 'maintenance', code: null, message: 'down' }, 'cancelled', null],
];
for (const [word, answer, status, attention] of answers) {
  test(`${word} by a person, then the charge's own answer, ${answer.kind}: ${status}${attention ? ` with ${attention}` : ''}`, async () => {
    const draft = placed('card', 'sending', { orderId: idOf(`answer-${++count}-`) });
    await submitOnce({ ...standingClock(), store }, draft, async () => {
      assert.equal((await say(draft, word)).kind, 'done');
      return answer;
    });
    const now = await store.find(draft.orderId);
    assert.deepEqual(
      [now?.status, now?.attention?.reason ?? null, now?.claim, now?.dueAt],
      [status, attention, null, null],
    );
    assert.deepEqual(now?.history.map(entry => entry.source).slice(-2), ['operator', 'gateway']);
  });
}

test('keys: the same request is replayed, another is told so, and one that was refused is free', async () => {
  const order = await add('card', 'unknown');
  assert.equal((await say(order, 'awaiting_customer')).kind, 'wrong_state');
  const first = await say(order, 'paid');
  assert.deepEqual(await say(order, 'paid'), { ...first, replayed: true });
  const other = { ...caller, request: 'other' };
  const again = await resolve({ ...standingClock(later), store }, order.orderId, other, {
    outcome: 'acknowledged',
    gatewayOrderNumber: null,
    note: 'n',
  });
  assert.deepEqual(again, { kind: 'key_reused' });
});

test('an order of nobody is not found', async () => {
  assert.deepEqual(await say(placed('card', 'unknown', { orderId: idOf('nobody') }), 'paid'), { kind: 'not_found' });
});

test('a callback between the look and the write is seen: the word no longer fits', async () => {
  const order = await add('card', 'unknown');
  let first = true;
  const through: OrderStore = {
    ...store,
    async replace(next) {
      if (first) {
        first = false;
        await store.replace(
          change(order, {
            at: later,
            source: 'callback',
            event: 'card_ok',
            to: 'paid',
            fill: { orderNumber: 'N1', numberBound: true },
          }),
        );
      }
      return store.replace(next);
    },
  };
  assert.equal((await say(order, 'declined', {}, through)).kind, 'wrong_state');
  assert.equal((await store.find(order.orderId))?.status, 'paid');
});

test('of two people at once one has the word', async () => {
  const order = await add('card', 'unknown');
  const two = await Promise.all(
    (['paid', 'declined'] as const).map((outcome, i) =>
      resolve(
        { ...standingClock(later), store },
        order.orderId,
        { key: `k${i}`, request: outcome },
        { outcome, gatewayOrderNumber: null, note: 'n' },
      ),
    ),
  );
  assert.deepEqual(two.map(({ kind }) => kind).toSorted(), ['done', 'wrong_state']);
});
