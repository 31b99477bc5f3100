/** A person's word about a convenience-store order (contract 1.7), and what the gateway still calls after it. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { cvsCalls } from '../support/cvs.ts';
import { afterOperatorsCancel, arrivals, type Standing, standingAfter } from '../support/cvs-contract.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { order, read, resolve, knownAs, counter, calledBack } = cvsCalls(local);
beforeEach(() => gateway.reset());

const standingOf = (body: { status: string; attention: { reason: string } | null }): Standing => ({
  status: body.status,
  attention: body.attention?.reason ?? null,
});

/** An order in a status, with whatever callbacks led there; `unknown`: nobody has called yet. */
async function orderIn(status: string, key: string): Promise<string> {
  const isUnknown = status === 'unknown';
  gateway.settings({ callbacks: { cvs: isUnknown ? null : `${local.inbox.url}/local/cvs` } });
  const email = isUnknown
    ? 'lost-answer@fault.invalid'
    : status === 'declined'
      ? 'refusal.0008@fault.invalid'
      : 'taro@example.com';
  const { body } = await order(key, { email });
  await gateway.idle();
  const called: Record<string, string[]> = {
    received: ['04'],
    paid: ['05'],
    reversed: ['06'],
    expired: ['03'],
    received_after_cancel: ['11'],
  };
  for (const call of called[status] ?? []) await calledBack(body.orderId, call);
  assert.equal((await read(body.orderId)).status, status);
  return body.orderId;
}

const allowed: [from: string, outcome: string, to: string][] = [
  ['unknown', 'paid', 'paid'],
  ['unknown', 'declined', 'declined'],
  ['unknown', 'cancelled', 'cancelled'],
  ['unknown', 'awaiting_customer', 'awaiting_customer'],
  ['awaiting_customer', 'paid', 'paid'],
  ['awaiting_customer', 'declined', 'declined'],
  ['awaiting_customer', 'cancelled', 'cancelled'],
];
for (const [from, outcome, to] of allowed) {
  test(`${from} is resolved as ${outcome}`, async () => {
    const orderId = await orderIn(from, `${from}-${outcome}`);
    const { status, headers, body } = await resolve('r', orderId, { outcome, note: '売上管理画面で確認' });
    assert.deepEqual([status, headers['idempotent-replayed']], [200, undefined]);
    assert.deepEqual(standingOf(body), { status: to, attention: null });
    const { at: _, ...entry } = body.history.at(-1);
    assert.deepEqual(entry, {
      source: 'operator',
      event: outcome,
      from,
      to,
      code: null,
      note: '売上管理画面で確認',
      count: 1,
    });
    assert.equal(body.failure?.reason ?? null, outcome === 'declined' ? 'operator' : null);
    assert.deepEqual(await read(orderId), body);
    const again = await resolve('r', orderId, { outcome, note: '売上管理画面で確認' });
    assert.deepEqual([again.status, again.headers['idempotent-replayed'], again.body], [200, 'true', body]);
    const other = await resolve('r', orderId, { outcome, note: 'another note' });
    assert.deepEqual([other.status, other.body.code], [422, 'idempotency_key_reused']);
  });
}

test('in every other status no outcome is taken: 409, nothing changes', async () => {
  for (const from of ['declined', 'received', 'paid', 'reversed', 'expired', 'received_after_cancel']) {
    const orderId = await orderIn(from, `barred-${from}`);
    const before = await read(orderId);
    for (const outcome of ['paid', 'declined', 'cancelled', 'awaiting_customer']) {
      const { status, body } = await resolve('barred', orderId, { outcome });
      assert.deepEqual([status, body.code, body.order.status], [409, 'order_state', from], `${outcome} in ${from}`);
    }
    assert.deepEqual(await read(orderId), before);
  }
  const waiting = await orderIn('awaiting_customer', 'barred-waiting');
  assert.equal((await resolve('barred', waiting, { outcome: 'awaiting_customer' })).status, 409);
});

test('acknowledged clears attention and nothing else; without attention it is 409', async () => {
  const orderId = await orderIn('received_after_cancel', 'acknowledged');
  const before = await read(orderId);
  assert.equal(before.attention.reason, 'money_after_cancel');
  const { status, body } = await resolve('seen', orderId, { outcome: 'acknowledged', note: 'refunded' });
  assert.deepEqual([status, body.status, body.attention], [200, 'received_after_cancel', null]);
  assert.deepEqual([body.cvs, body.gateway], [before.cvs, before.gateway]);
  assert.equal((await resolve('seen twice', orderId, { outcome: 'acknowledged' })).status, 409);
  const waiting = await orderIn('awaiting_customer', 'nothing to acknowledge');
  assert.equal((await resolve('seen', waiting, { outcome: 'acknowledged' })).status, 409);
});

test('attention is raised again by what comes after it was cleared', async () => {
  const orderId = await orderIn('received', 'again');
  await calledBack(orderId, '06');
  await calledBack(orderId, '05');
  assert.deepEqual(standingOf(await read(orderId)), { status: 'paid', attention: 'contradiction' });
  await resolve('clear', orderId, { outcome: 'acknowledged' });
  await calledBack(orderId, '12');
  assert.deepEqual(standingOf(await read(orderId)), { status: 'paid_after_cancel', attention: 'money_after_cancel' });
});

test("the gateway's number that a person found is the bound one", async () => {
  const orderId = await orderIn('unknown', 'number');
  const { orderNumber } = knownAs(orderId);
  const { body } = await resolve('number', orderId, { outcome: 'awaiting_customer', gatewayOrderNumber: orderNumber });
  assert.deepEqual([body.status, body.gateway.orderNumber], ['awaiting_customer', orderNumber]);
  await calledBack(orderId, '04', { order_no: 'another-1' });
  assert.deepEqual(standingOf(await read(orderId)), { status: 'awaiting_customer', attention: 'contradiction' });
  await calledBack(orderId, '04');
  assert.deepEqual(standingOf(await read(orderId)), { status: 'received', attention: 'contradiction' });
});

test('awaiting_customer without a number: 01 fills in what the payer needs', async () => {
  const orderId = await orderIn('unknown', 'filled');
  await resolve('waits', orderId, { outcome: 'awaiting_customer' });
  await calledBack(orderId, '01');
  const { status, attention, cvs, gateway: at } = await read(orderId);
  const known = knownAs(orderId);
  assert.deepEqual([status, attention, at.orderNumber], ['awaiting_customer', null, known.orderNumber]);
  assert.deepEqual(
    cvs.paymentNumbers.map(({ value }: { value: string }) => value),
    [known.payNo1, known.payNo2],
  );
});

test('after an operator’s cancel the store takes cash all the same: 11, 12, 13 in all but name', async () => {
  for (const [actions, status, attention] of [
    [['pay'], 'received_after_cancel', 'money_after_cancel'],
    [['pay', 'confirm'], 'paid_after_cancel', 'money_after_cancel'],
    [['pay', 'reverse'], 'reversed_after_cancel', 'money_after_cancel'],
  ] as const) {
    const orderId = await orderIn('awaiting_customer', `cancelled-${status}`);
    assert.equal((await resolve('cancel', orderId, { outcome: 'cancelled' })).status, 200);
    await counter(knownAs(orderId).orderNumber, ...actions);
    assert.ok(gateway.callbacks().every(({ status: called }) => Number(called) <= 6));
    const after = await read(orderId);
    assert.deepEqual([after.status, after.attention?.reason], [status, attention]);
  }
});

for (const from of ['awaiting_customer', 'unknown']) {
  test(`04, 05, 06 in every order after an operator’s cancel of one that was ${from}`, async () => {
    for (const arrived of arrivals(['04', '05', '06'])) {
      const orderId = await orderIn(from, `${from}-${arrived.join('-')}`);
      await resolve('cancel', orderId, { outcome: 'cancelled' });
      let expected: Standing = { status: 'cancelled', attention: null };
      for (const call of arrived) {
        await calledBack(orderId, call);
        expected = standingAfter(expected, afterOperatorsCancel[call] ?? call);
        assert.deepEqual(standingOf(await read(orderId)), expected, arrived.join(' '));
      }
    }
  });
}

test("after an operator's declined or paid the calls move the order as from any such status", async () => {
  for (const outcome of ['declined', 'paid']) {
    for (const call of ['01', '03', '04', '05', '06', '11', '12', '13']) {
      const orderId = await orderIn('awaiting_customer', `${outcome}-${call}`);
      await resolve('r', orderId, { outcome });
      await calledBack(orderId, call);
      assert.deepEqual(
        standingOf(await read(orderId)),
        standingAfter({ status: outcome, attention: null }, call),
        `${call} after ${outcome}`,
      );
    }
  }
});

test('what a resolution must hold', async () => {
  const orderId = await orderIn('awaiting_customer', 'faults');
  for (const [body, fields] of [
    [{ outcome: 'expired' }, ['outcome']],
    [{ outcome: 'paid', note: '' }, ['note']],
    [{ outcome: 'paid', note: 'n'.repeat(501) }, ['note']],
    [{ outcome: 'paid', gatewayOrderNumber: '' }, ['gatewayOrderNumber']],
    [{ outcome: 'paid', gatewayOrderNumber: '番号', by: 'me', note: undefined }, ['by', 'gatewayOrderNumber', 'note']],
  ] as const) {
    const answered = await resolve('faults', orderId, body);
    assert.deepEqual(
      [answered.status, answered.body.errors.map(({ field }: { field: string }) => field).toSorted()],
      [400, [...fields]],
    );
  }
  assert.equal((await resolve('faults', 'A'.repeat(32), { outcome: 'paid' })).status, 404);
  assert.equal((await read(orderId)).status, 'awaiting_customer');
});
