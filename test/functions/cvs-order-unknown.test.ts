/** Answers that do not come, or say nothing: `unknown`, never sent again, and repaired by what the gateway calls. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { FaultName } from '../../local/simulator/state.ts';
import { cvsCalls, eventsOf, shownBlock } from '../support/cvs.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { order, read, resolve, known, knownAs, counter, sent } = cvsCalls(local);
beforeEach(() => gateway.reset());
const quiet = () => gateway.settings({ callbacks: { cvs: null } });
const loud = () => gateway.settings({ callbacks: { cvs: `${local.inbox.url}/local/cvs` } });

const faults: FaultName[] = [
  'lost-answer',
  'closed-before',
  'garbage',
  'truncated',
  'http-500',
  'http-302',
  'http-307',
];
for (const fault of faults) {
  test(`${fault}: 202, unknown, and the same key never makes a second order`, async () => {
    quiet();
    gateway.arm({ endpoint: 'cvs', fault });
    const { status, headers, body } = await order(fault);
    assert.deepEqual([status, headers['idempotent-replayed']], [202, undefined]);
    assert.deepEqual(
      [body.status, body.failure, body.attention],
      ['unknown', null, [{ reason: 'outcome_unknown', since: body.updatedAt, note: null }]],
    );
    assert.deepEqual(body.cvs, { store: 'lawson', paymentNumbers: [], payBy: null, redirectUrl: null });
    for (let i = 0; i < 3; i += 1) {
      const again = await order(fault);
      assert.deepEqual([again.status, again.headers['idempotent-replayed'], again.body], [202, 'true', body]);
    }
    assert.deepEqual([sent().length, known().length], [1, fault === 'closed-before' ? 0 : 1]);
  });
}

test('an answer cut anywhere is unknown or a success, never refused, and 01 makes it right', async () => {
  const whole = (await order('whole')) && sent()[0]?.answer?.body.length;
  assert.ok(whole && whole > 100);
  for (let bytes = 0; bytes < whole; bytes += 5) {
    gateway.arm({ endpoint: 'cvs', fault: 'truncated-close', bytes });
    const { status, body } = await order(`cut-${bytes}`);
    assert.ok(status === 202 || status === 201, `${bytes}: ${status}`);
    await gateway.idle();
    const after = await read(body.orderId);
    assert.deepEqual([after.status, after.attention], ['awaiting_customer', []], `${bytes}`);
    assert.deepEqual(after.cvs, shownBlock('lawson', knownAs(body.orderId)), `${bytes}`);
    assert.equal(after.gateway.orderNumber, knownAs(body.orderId).orderNumber, `${bytes}`);
  }
});

for (const store of ['seven-eleven', 'ministop'] as const) {
  test(`a lost answer of ${store} is repaired by 01: numbers and deadline, not the page`, async () => {
    const { status, body } = await order(`repaired-${store}`, { store, email: 'lost-answer@fault.invalid' });
    assert.deepEqual([status, body.status], [202, 'unknown']);
    await gateway.idle();
    const after = await read(body.orderId);
    assert.deepEqual([after.status, after.attention, after.failure], ['awaiting_customer', [], null]);
    assert.deepEqual(after.cvs, shownBlock(store, knownAs(body.orderId), null));
    assert.deepEqual(after.gateway, { orderNumber: knownAs(body.orderId).orderNumber, status: '01' });
    assert.deepEqual(eventsOf(after), ['cvs_order', 'unknown', 'cvs_01']);

    const again = await order(`repaired-${store}`, { store, email: 'lost-answer@fault.invalid' });
    assert.deepEqual([again.status, again.headers['idempotent-replayed'], again.body], [200, 'true', after]);
    assert.deepEqual([sent().length, known().length], [1, 1]);
  });
}

test('a late answer is taken, whether 01 came before it or not: numbers, deadline and page', async () => {
  const { status, body } = await order('late', { store: 'seven-eleven', email: 'late-answer.100@fault.invalid' });
  await gateway.idle();
  const after = await read(body.orderId);
  assert.deepEqual([status, after.status, after.attention], [201, 'awaiting_customer', []]);
  assert.deepEqual(after.cvs, shownBlock('seven-eleven', knownAs(body.orderId)));
  assert.deepEqual(eventsOf(after).toSorted(), ['cvs_01', 'cvs_order', 'done']);
});

test('a lost answer whose 01 is lost too: the money is still heard of', async () => {
  for (const [actions, status] of [
    [['pay'], 'received'],
    [['pay', 'confirm'], 'paid'],
    [['pay', 'reverse'], 'reversed'],
  ] as const) {
    quiet();
    const { body } = await order(`only-money-${status}`, { email: 'lost-answer@fault.invalid' });
    loud();
    await counter(knownAs(body.orderId).orderNumber, ...actions);
    const after = await read(body.orderId);
    assert.deepEqual(
      [after.status, after.attention, after.gateway.orderNumber],
      [status, [], knownAs(body.orderId).orderNumber],
    );
    assert.deepEqual(after.cvs, shownBlock('lawson', knownAs(body.orderId)));
  }
});

test('an order without answer and callbacks is on the list of attention, and an operator decides it', async () => {
  quiet();
  const { body } = await order('silent', { email: 'closed-before@fault.invalid' });
  const { orders } = (await local.call('GET', '/orders?attention=true')).body;
  assert.ok(orders.some(({ orderId }: { orderId: string }) => orderId === body.orderId));
  const { status, body: resolved } = await resolve('silent-1', body.orderId, { outcome: 'declined' });
  assert.deepEqual([status, resolved.status, resolved.attention], [200, 'declined', []]);
  const again = await order('silent', { email: 'closed-before@fault.invalid' });
  assert.deepEqual([again.status, again.headers['idempotent-replayed'], sent().length], [402, 'true', 1]);
});

test('ten repeats of a lost order at once, while 01 comes: one request, one order', async () => {
  gateway.arm({ endpoint: 'cvs', fault: 'lost-answer' });
  const { body } = await order('many');
  const all = await Promise.all(Array.from({ length: 10 }, () => order('many')));
  await gateway.idle();
  for (const { status, body: replayed } of all) {
    assert.equal(replayed.orderId, body.orderId);
    assert.equal(status, replayed.status === 'unknown' ? 202 : 200);
  }
  assert.deepEqual([sent().length, known().length, (await read(body.orderId)).status], [1, 1, 'awaiting_customer']);
});
