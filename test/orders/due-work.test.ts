/** Due work over a real table, with a clock of the test's own and a gateway whose answers are given in advance. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import { giveUp } from '../../shared/domain/changes.ts';
import { Masked } from '../../shared/domain/masked.ts';
import { isSend, type Order } from '../../shared/domain/order.ts';
import { cardDeletion } from '../../shared/orders/card-deletion.ts';
import { type DueDeps, dueWork } from '../../shared/orders/due-work.ts';
import { submit } from '../../shared/orders/engine.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import type { Reply, Send } from '../../shared/zeus/wire/transport.ts';
import { standingOf } from '../support/carrier-case.ts';
import {
  anOrder,
  answered,
  begun,
  caller,
  draftOf,
  idOf,
  lost as lostOutcome,
  seconds,
  standingClock,
  succeeded,
} from '../support/orders.ts';
import { clearTable, startTable, tableName } from '../support/table.ts';

const { store, client, dynamo } = await startTable();
const cards = cardsTable(dynamo, tableName);
const never = seconds(86_400 * 365);
const issued = { ipCode: '2019000001', key: new Masked('0123456789abcdef0123456789abcdef01234567') };
const lost: Reply = { kind: 'lost', message: 'The answer did not arrive' };
const cancelled: Reply = {
  kind: 'answered',
  status: 200,
  body: readFileSync(new URL('../fixtures/card/cancel-success.xml', import.meta.url)),
};

/** Cancels are answered with these, one after the other, then successfully; one that throws is a run that dies there. */
function gatewayWith(...answers: (() => Reply | Promise<never>)[]) {
  const sent: string[] = [];
  const send: Send = async (path, _type, body) => {
    if (path === '/cgi-bin/secure.cgi') return { kind: 'answered', status: 200, body: Buffer.from('SuccessOK') };
    sent.push(/N\d+/.exec(Buffer.from(body).toString())?.[0] ?? '');
    return (answers.shift() ?? (() => cancelled))();
  };
  return { sent, send };
}
const isLost = () => lost;
const dies = () => Promise.reject(new Error('the run died'));

const depsOf = (now: Date, send: Send, more: Partial<DueDeps> = {}) => {
  const [errors, changed]: [unknown[], Order[]] = [[], []];
  const deps: DueDeps = {
    ...{ ...standingClock(now), store, cards, send },
    card: () => issued,
    carrier: () => assert.fail('no carrier order is due'),
    onChange: order => changed.push(order),
    onError: error => errors.push(error),
    ...more,
  };
  return { deps, errors, changed };
};
const run = async (now: Date, { send } = gatewayWith(), more: Partial<DueDeps> = {}) => {
  const { deps, errors, changed } = depsOf(now, send, more);
  return { summary: await dueWork(deps, never), errors, changed };
};

let count = 0;
const next = () => ({ orderId: idOf(`due-${++count}-`), orderNumber: `N${count}` });
/** A cancel whose answer was lost at noon; answers the gateway's number. */
async function openCancel(): Promise<{ orderId: string; orderNumber: string }> {
  const { orderId, orderNumber } = next();
  const paid = answered(anOrder('card', { orderId }), succeeded({ orderNumber }));
  await store.create(answered(begun(paid, 'cancel'), lostOutcome));
  return { orderId, orderNumber };
}
const find = async (orderId: string): Promise<Order> => (await store.find(orderId)) ?? assert.fail(orderId);
const standing = async (orderId: string) => standingOf(await find(orderId));
const numbersOf = (orders: { orderNumber: string }[]) => orders.map(({ orderNumber }) => orderNumber).toSorted();

test('a claim of a charge is given up once it is 120 s old, with attention, and not a moment before', async () => {
  for (const method of ['card', 'cvs'] as const) {
    await clearTable(client);
    const { orderId } = next();
    await store.create(anOrder(method, { orderId }));
    assert.deepEqual((await run(seconds(119.999))).summary, { done: 0, failed: 0, left: 0 });
    assert.deepEqual(await standing(orderId), ['sending']);
    const { summary, changed } = await run(seconds(120));
    assert.deepEqual([summary, changed.map(each => each.orderId)], [{ done: 1, failed: 0, left: 0 }, [orderId]]);
    assert.deepEqual(await standing(orderId), ['unknown', 'outcome_unknown']);
    assert.deepEqual((await find(orderId)).history.at(-1), {
      at: seconds(120).toISOString(),
      source: 'schedule',
      event: 'claim_stale',
      from: 'sending',
      to: 'unknown',
      code: null,
      note: null,
      actor: null,
      count: 1,
    });
    assert.equal((await run(seconds(100_000))).summary.done, 0);
  }
});

test('the answer of an invocation that was given up for dead still settles the order', async () => {
  const { orderId } = next();
  const submitted = await submit({ ...standingClock(), store }, draftOf('card', { orderId }), async () => {
    await run(seconds(120));
    assert.deepEqual(await standing(orderId), ['unknown', 'outcome_unknown']);
    return { kind: 'done', orderNumber: 'N1' };
  });
  assert.equal(submitted.kind, 'answered');
  assert.deepEqual(await standing(orderId), ['paid']);
});

test('an outcome that comes between the look and the write is not given up', async () => {
  const { orderId, orderNumber } = next();
  const order = anOrder('card', { orderId });
  await store.create(order);
  const overtaken: OrderStore = {
    ...store,
    async replace(given) {
      assert.ok(giveUp(order, seconds(120)));
      await store.replace(answered(order, succeeded({ orderNumber })));
      return store.replace(given);
    },
  };
  assert.deepEqual((await run(seconds(120), undefined, { store: overtaken })).changed, []);
  assert.deepEqual(await standing(orderId), ['paid']);
});

test('a lost cancel is repeated after 5, 10 and 20 minutes until its outcome is known, then no more', async () => {
  const { orderId, orderNumber } = await openCancel();
  const gateway = gatewayWith(isLost, isLost);
  for (const [minutes, status, sent] of [
    [4, 'cancelling', 0],
    [5, 'cancelling', 1],
    [14, 'cancelling', 1],
    [15, 'cancelling', 2],
    [34, 'cancelling', 2],
    [35, 'cancelled', 3],
    [600, 'cancelled', 3],
  ] as const) {
    await run(seconds(60 * minutes), gateway);
    assert.deepEqual([(await standing(orderId))[0], gateway.sent.length], [status, sent], `${minutes} minutes`);
  }
  assert.deepEqual([...new Set(gateway.sent)], [orderNumber]);
});

test('runs that overlap send each piece once', async () => {
  const orders = await Promise.all(Array.from({ length: 12 }, openCancel));
  const gateway = gatewayWith();
  const all = await Promise.all(Array.from({ length: 4 }, () => run(seconds(300), gateway)));
  assert.deepEqual(gateway.sent.toSorted(), numbersOf(orders));
  assert.deepEqual(
    all.flatMap(({ errors }) => errors),
    [],
  );
});

test('a run that dies after its claim leaves the piece to a run 120 s later', async () => {
  const { orderId } = await openCancel();
  const gateway = gatewayWith(dies);
  const { summary, errors } = await run(seconds(300), gateway);
  assert.deepEqual([summary, errors.length], [{ done: 0, failed: 1, left: 0 }, 1]);
  assert.deepEqual(await standing(orderId), ['cancelling', 'outcome_unknown']);
  await run(seconds(419), gateway);
  assert.equal(gateway.sent.length, 1);
  await run(seconds(420), gateway);
  assert.deepEqual([gateway.sent.length, await standing(orderId)], [2, ['cancelled']]);
  assert.equal((await find(orderId)).steps.filter(isSend).length, 2, 'a repeat is the same step');
});

test('a piece that fails stops none of the others, and is counted and reported', async () => {
  const orders = await Promise.all(Array.from({ length: 30 }, openCancel));
  const { summary, errors, changed } = await run(seconds(300), gatewayWith(dies, dies, dies));
  assert.deepEqual([summary, errors.length, changed.length], [{ done: 27, failed: 3, left: 0 }, 3, 27]);
  const all = await Promise.all(orders.map(({ orderId }) => standing(orderId)));
  assert.equal(all.filter(([status]) => status === 'cancelled').length, 27);
  await run(seconds(500));
});

test('nothing is begun at the last start or after it; the next run takes it', async () => {
  await clearTable(client);
  const orders = await Promise.all(Array.from({ length: 25 }, openCancel));
  const gateway = gatewayWith();
  assert.deepEqual(await dueWork(depsOf(seconds(300), gateway.send).deps, seconds(300)), {
    done: 0,
    failed: 0,
    left: 25,
  });
  assert.equal(gateway.sent.length, 0);
  // Each request takes a minute: ten begin, and the clock has passed the last start.
  const clock = standingClock(seconds(300));
  const slow: Send = async (...request) => clock.sleep(60_000).then(() => gateway.send(...request));
  const { done, left } = await dueWork(depsOf(seconds(300), slow, { now: clock.now }).deps, seconds(301));
  assert.deepEqual([done + left, gateway.sent.length], [25, done]);
  assert.ok(done >= 1 && done <= 10, `${done} were begun`);
  await run(seconds(1000), gateway);
  assert.deepEqual(gateway.sent.toSorted(), numbersOf(orders));
});

test('no more than 10 pieces are under way at once', async () => {
  await Promise.all(Array.from({ length: 30 }, openCancel));
  let [now, most] = [0, 0];
  const gateway = gatewayWith();
  const counted: Send = async (...request) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise(resolve => setTimeout(resolve, 20));
    now -= 1;
    return gateway.send(...request);
  };
  await run(seconds(300), { ...gateway, send: counted });
  assert.ok(most > 1 && most <= 10, `${most} at once`);
});

test('a deletion whose answer was lost is repeated with the same pauses until its outcome is known', async () => {
  const cardId = 'CARD';
  await cards.remember(cardId, new Masked('09012345678'));
  const isSilent = { sent: [], send: async () => lost };
  const deps = { ...standingClock(), cards, ipCode: issued.ipCode, send: isSilent.send };
  assert.equal((await cardDeletion(deps, cardId, null, caller)).kind, 'open');
  assert.equal((await run(seconds(299), isSilent)).summary.done, 0);
  await run(seconds(300), isSilent);
  assert.equal((await cards.find(cardId))?.deletion?.attempts, 2);
  assert.equal((await run(seconds(899))).summary.done, 0);
  const all = await Promise.all([run(seconds(900)), run(seconds(900))]);
  assert.deepEqual(
    all.flatMap(({ errors }) => errors),
    [],
  );
  const { phones, deletion, dueAt, keys } = (await cards.find(cardId)) ?? {};
  assert.deepEqual([phones, deletion, dueAt, keys?.key?.done], [[], null, null, true]);
});

test('a table that cannot be read fails the run', async () => {
  const broken: OrderStore = {
    ...store,
    // biome-ignore lint/correctness/useYield: it fails before it has anything
    async *due() {
      throw new Error('engine stopped');
    },
  };
  await assert.rejects(run(seconds(1), undefined, { store: broken }), { message: 'engine stopped' });
});
