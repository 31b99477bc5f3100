/** Due work on a real table, with a clock of the test's and operations that do what the test wants. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import { Masked } from '../../shared/domain/masked.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { actUnread, type Operation, repeatPending } from '../../shared/orders/act-on-order.ts';
import { cardDeletion, repeatDeletion } from '../../shared/orders/card-deletion.ts';
import { type DueDeps, dueWork } from '../../shared/orders/due-work.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import { submitOnce } from '../../shared/orders/submit-once.ts';
import type { Reply } from '../../shared/zeus/wire/transport.ts';
import { idOf, noon, placed, standingClock } from '../support/orders.ts';
import { clearTable, startTable, tableName } from '../support/table.ts';

const { store, client, dynamo } = await startTable();
const cards = cardsTable(dynamo, tableName);
const later = (seconds: number) => new Date(noon.getTime() + 1000 * seconds);
const never = later(86_400 * 365);

/** A cancel whose gateway says what `answers` say, one after the other; a thrown one is a run that dies there. */
function cancelWith(answers: (() => Promise<Outcome>)[]) {
  const sent: string[] = [];
  const operation: Operation & { before: 'paid' } = {
    name: 'cancel',
    method: 'card',
    before: 'paid',
    during: 'cancelling',
    async send({ orderId }) {
      sent.push(orderId);
      return (answers.shift() ?? (async () => ({ kind: 'done' }) as const))();
    },
  };
  return { sent, operation };
}
const lost = async (): Promise<Outcome> => ({ kind: 'unknown', message: 'lost' });
const dies = () => Promise.reject(new Error('the run died'));

function dueDeps(now: Date, operation: Operation, more: Partial<DueDeps> = {}) {
  const clock = standingClock(now);
  const [errors, changed]: [unknown[], Order[]] = [[], []];
  const foreign = () => Promise.reject(new Error('not of this test'));
  const deletion = { ...clock, cards, send: async (): Promise<Reply> => answered('SuccessOK'), ipCode: '2019000001' };
  const deps: DueDeps = {
    ...clock,
    store,
    cards,
    repeat: {
      cancel: order => repeatPending({ ...clock, store }, order, operation),
      return: foreign,
      settle: foreign,
      withdraw: foreign,
    },
    settleDue: foreign,
    repeatDeletion: record => repeatDeletion(deletion, record),
    onChange: order => changed.push(order),
    onError: error => errors.push(error),
    ...more,
  };
  return { deps, errors, changed };
}
const answered = (text: string): Reply => ({ kind: 'answered', status: 200, body: Buffer.from(text) });

let count = 0;
const nextId = () => idOf(`due-${++count}-`);
async function openCancel(): Promise<string> {
  const orderId = nextId();
  await store.create(placed('card', 'paid', { orderId }));
  await actUnread(
    { ...standingClock(), store },
    orderId,
    { key: 'key', request: 'request' },
    cancelWith([lost]).operation,
  );
  return orderId;
}
const statusOf = async (orderId: string) => {
  const order = await store.find(orderId);
  return [order?.status, order?.attention?.reason ?? null];
};
const run = async (now: Date, operation: Operation = cancelWith([]).operation, more: Partial<DueDeps> = {}) => {
  const { deps, errors, changed } = dueDeps(now, operation, more);
  return { summary: await dueWork(deps, never), errors, changed };
};

test('a claim of a charge is given up once it is 120 s old, with attention, and not a moment before', async () => {
  await clearTable(client);
  for (const method of ['card', 'cvs'] as const) {
    const orderId = nextId();
    await store.create(placed(method, 'sending', { orderId }));
    assert.deepEqual((await run(later(119.999))).summary, { done: 0, failed: 0, left: 0 });
    assert.deepEqual(await statusOf(orderId), ['sending', null]);
    const { summary, changed } = await run(later(120));
    assert.deepEqual([summary, changed.map(each => each.orderId)], [{ done: 1, failed: 0, left: 0 }, [orderId]]);
    const order = await store.find(orderId);
    assert.deepEqual(await statusOf(orderId), ['unknown', 'outcome_unknown']);
    assert.deepEqual(order?.history.at(-1), {
      at: later(120).toISOString(),
      source: 'schedule',
      event: 'claim_stale',
      from: 'sending',
      to: 'unknown',
      code: null,
      note: null,
      count: 1,
    });
    assert.equal(order?.dueAt, null);
    assert.equal((await run(later(100_000))).summary.done, 0);
  }
});

test('the answer of a run that was given up for dead still settles the order', async () => {
  const draft = placed('card', 'sending', { orderId: nextId() });
  const submitted = await submitOnce({ ...standingClock(), store }, draft, async () => {
    await run(later(120));
    assert.deepEqual(await statusOf(draft.orderId), ['unknown', 'outcome_unknown']);
    return { kind: 'done', orderNumber: 'N1' };
  });
  assert.equal(submitted.kind, 'answered');
  assert.deepEqual(await statusOf(draft.orderId), ['paid', null]);
});

test('an outcome that comes between the look and the write is not given up', async () => {
  const orderId = nextId();
  await store.create(placed('card', 'sending', { orderId }));
  const overtaken: OrderStore = {
    ...store,
    async replace(next) {
      const { status, history } = placed('card', 'paid', { orderId });
      await store.replace({ ...next, status, history, attention: null, claim: null });
      return store.replace(next);
    },
  };
  assert.deepEqual((await run(later(120), undefined, { store: overtaken })).changed, []);
  assert.deepEqual(await statusOf(orderId), ['paid', null]);
});

test('a lost cancel is repeated until there is a word, each run once', async () => {
  const orderId = await openCancel();
  const { sent, operation } = cancelWith([lost, lost]);
  for (const [seconds, status] of [
    [1, 'cancelling'],
    [2, 'cancelling'],
    [3, 'cancelled'],
    [4, 'cancelled'],
  ] as const) {
    await run(later(seconds), operation);
    assert.equal((await statusOf(orderId))[0], status);
  }
  assert.deepEqual(sent, [orderId, orderId, orderId]);
});

test('runs that overlap send each piece once', async () => {
  const orders = await Promise.all(Array.from({ length: 12 }, openCancel));
  const { sent, operation } = cancelWith([]);
  const all = await Promise.all(Array.from({ length: 4 }, () => run(later(10), operation)));
  assert.deepEqual(sent.toSorted(), orders.toSorted());
  assert.deepEqual(
    all.flatMap(({ errors }) => errors),
    [],
  );
});

test('a run that dies after its claim leaves the piece to the run after 120 s', async () => {
  const orderId = await openCancel();
  const { sent, operation } = cancelWith([dies]);
  const { summary, errors } = await run(later(10), operation);
  assert.deepEqual([summary, errors.length], [{ done: 0, failed: 1, left: 0 }, 1]);
  assert.deepEqual(await statusOf(orderId), ['cancelling', 'outcome_unknown']);
  await run(later(129), operation);
  assert.equal(sent.length, 1);
  await run(later(130), operation);
  assert.deepEqual([sent.length, await statusOf(orderId)], [2, ['cancelled', null]]);
});

test('a piece that fails stops none of the others, and is counted and told', async () => {
  const orders = await Promise.all(Array.from({ length: 30 }, openCancel));
  const { operation } = cancelWith([dies, dies, dies]);
  const { summary, errors, changed } = await run(later(10), operation);
  assert.deepEqual([summary, errors.length, changed.length], [{ done: 27, failed: 3, left: 0 }, 3, 27]);
  const cancelled = (await Promise.all(orders.map(statusOf))).filter(([status]) => status === 'cancelled');
  assert.equal(cancelled.length, 27);
  await run(later(200));
});

test('nothing is begun at the last start or after it; the next run takes it', async () => {
  await clearTable(client);
  const orders = await Promise.all(Array.from({ length: 25 }, openCancel));
  const { sent, operation } = cancelWith([]);
  const { deps } = dueDeps(later(10), operation);
  assert.deepEqual(await dueWork(deps, later(10)), { done: 0, failed: 0, left: 25 });
  assert.equal(sent.length, 0);
  // Each send takes a minute of its worker's time: ten begin, and the clock has passed the last start.
  const clock = standingClock(later(10));
  const slow: Operation = { ...operation, send: async order => clock.sleep(60_000).then(() => operation.send(order)) };
  const { deps: slowly } = dueDeps(later(10), slow, { now: clock.now });
  const { done, left } = await dueWork(slowly, later(11));
  assert.deepEqual([done + left, sent.length], [25, done]);
  assert.ok(done >= 1 && done <= 10, `${done} were begun`);
  await run(later(1000), operation);
  assert.deepEqual(sent.toSorted(), orders.toSorted());
});

test('no more than 10 pieces are under way at once', async () => {
  await Promise.all(Array.from({ length: 30 }, openCancel));
  let [now, most] = [0, 0];
  const { operation } = cancelWith([]);
  const counted: Operation = {
    ...operation,
    async send(order) {
      now += 1;
      most = Math.max(most, now);
      await new Promise(resolve => setTimeout(resolve, 20));
      now -= 1;
      return operation.send(order);
    },
  };
  await run(later(10), counted);
  assert.ok(most > 1 && most <= 10, `${most} at once`);
});

test('a deletion whose answer was lost is repeated until there is a word', async () => {
  const [cardId, phone] = ['CARD', new Masked('09012345678')];
  await cards.remember(cardId, phone);
  const deps = {
    ...standingClock(),
    cards,
    ipCode: '2019000001',
    send: async (): Promise<Reply> => ({ kind: 'lost', message: 'lost' }),
  };
  assert.equal((await cardDeletion(deps, cardId, null, { key: 'key', request: 'request' })).kind, 'no_word');
  await run(later(1), undefined, {
    repeatDeletion: record => repeatDeletion({ ...deps, ...standingClock(later(1)) }, record),
  });
  assert.notEqual((await cards.find(cardId))?.deletion, null);
  const all = await Promise.all([run(later(2)), run(later(2))]);
  assert.deepEqual(
    all.flatMap(({ errors }) => errors),
    [],
  );
  const { phones, deletion, dueAt, keys } = (await cards.find(cardId)) ?? {};
  assert.deepEqual([phones, deletion, dueAt, keys?.key?.done], [[], null, null, true]);
});

test('a table that cannot be asked fails the run', async () => {
  const broken: OrderStore = {
    ...store,
    // biome-ignore lint/correctness/useYield: it fails before it has anything
    async *due() {
      throw new Error('engine stopped');
    },
  };
  await assert.rejects(run(later(1), undefined, { store: broken }), { message: 'engine stopped' });
});
