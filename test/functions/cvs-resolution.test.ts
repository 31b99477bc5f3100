/** An operator's decision about a convenience-store order (contract 1.7), and the callbacks that come after it. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { cvsCalls, reasonOf } from '../support/cvs.ts';
import { afterOperatorsCancel, arrivals, standingOf as contractSays, type Standing } from '../support/cvs-contract.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { order, read, resolve, knownAs, counter, calledBack } = cvsCalls(local);
beforeEach(() => gateway.reset());

const standingOf = (body: { status: string; attention: { reason: string }[] }): Standing => ({
  status: body.status,
  reasons: body.attention.map(reasonOf).toSorted(),
});

/** An order in a status, with whatever callbacks led there; `unknown`: no callback has come. */
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

const outcomes = ['paid', 'received', 'declined', 'cancelled', 'expired', 'awaiting_customer'];
for (const from of ['unknown', 'awaiting_customer', 'received']) {
  for (const outcome of outcomes) {
    test(`${from} is resolved as ${outcome}`, async () => {
      const orderId = await orderIn(from, `${from}-${outcome}`);
      const isNeeded = from === 'unknown' && outcome === 'paid';
      const { orderNumber } = knownAs(orderId);
      const decision = { outcome, note: '売上管理画面で確認', ...(isNeeded && { gatewayOrderNumber: orderNumber }) };
      const { status, headers, body } = await resolve('r', orderId, decision);
      assert.deepEqual([status, headers['idempotent-replayed']], [200, undefined]);
      assert.deepEqual(standingOf(body), { status: outcome, reasons: [] });
      const { at, ...entry } = body.history.at(-1);
      assert.deepEqual(entry, {
        source: 'operator',
        event: outcome,
        from,
        to: outcome,
        code: null,
        note: '売上管理画面で確認',
        actor: 'local',
        count: 1,
      });
      assert.equal(body.failure?.reason ?? null, outcome === 'declined' ? 'operator' : null);
      const hasCash = ['paid', 'received'].includes(outcome) || (from === 'received' && outcome === 'cancelled');
      assert.deepEqual([body.paid?.amount ?? null, at], [hasCash ? 8000 : null, body.updatedAt]);
      assert.equal(body.returned?.amount ?? null, hasCash && outcome === 'cancelled' ? 8000 : null);
      assert.deepEqual(await read(orderId), body);
      const again = await resolve('r', orderId, decision);
      assert.deepEqual([again.status, again.headers['idempotent-replayed'], again.body], [200, 'true', body]);
      const other = await resolve('r', orderId, { ...decision, note: 'another note' });
      assert.deepEqual([other.status, other.body.code], [422, 'idempotency_key_reused']);
    });
  }
}

test('in every other status no outcome is taken: 409, nothing changes; but a refund by hand of cash after cancellation', async () => {
  for (const from of ['declined', 'paid', 'reversed', 'expired', 'received_after_cancel']) {
    const orderId = await orderIn(from, `barred-${from}`);
    const before = await read(orderId);
    for (const outcome of outcomes) {
      if (from === 'received_after_cancel' && outcome === 'cancelled') continue;
      const { status, body } = await resolve('barred', orderId, { outcome });
      assert.deepEqual([status, body.code, body.order.status], [409, 'order_state', from], `${outcome} in ${from}`);
    }
    assert.deepEqual(await read(orderId), before);
  }
  const orderId = await orderIn('received_after_cancel', 'refunded');
  const { status, body } = await resolve('refund', orderId, { outcome: 'cancelled' });
  assert.deepEqual([status, standingOf(body)], [200, { status: 'cancelled', reasons: [] }]);
  assert.deepEqual([body.paid.amount, body.returned.amount], [8000, 8000]);
});

test('acknowledged clears attention and nothing else; without attention it is 409', async () => {
  const orderId = await orderIn('received_after_cancel', 'acknowledged');
  const before = await read(orderId);
  assert.deepEqual(standingOf(before).reasons, ['money_after_cancel']);
  const { status, body } = await resolve('seen', orderId, { outcome: 'acknowledged', note: 'refunded' });
  assert.deepEqual([status, standingOf(body)], [200, { status: 'received_after_cancel', reasons: [] }]);
  assert.deepEqual([body.cvs, body.gateway, body.paid], [before.cvs, before.gateway, before.paid]);
  assert.equal((await resolve('seen twice', orderId, { outcome: 'acknowledged' })).status, 409);
  const waiting = await orderIn('awaiting_customer', 'nothing to acknowledge');
  assert.equal((await resolve('seen', waiting, { outcome: 'acknowledged' })).status, 409);
});

test('an acknowledged reason is not raised by the same callback again, but by another', async () => {
  const orderId = await orderIn('received', 'again');
  await calledBack(orderId, '11');
  await resolve('clear', orderId, { outcome: 'acknowledged', reasons: ['money_after_cancel'] });
  await calledBack(orderId, '11');
  assert.deepEqual(standingOf(await read(orderId)), { status: 'received_after_cancel', reasons: [] });
  await calledBack(orderId, '12');
  assert.deepEqual(standingOf(await read(orderId)), { status: 'paid_after_cancel', reasons: ['money_after_cancel'] });
});

test("the gateway's number that an operator found is shown; cash of another one is another payment", async () => {
  const orderId = await orderIn('unknown', 'number');
  const { orderNumber } = knownAs(orderId);
  const { body } = await resolve('number', orderId, { outcome: 'awaiting_customer', gatewayOrderNumber: orderNumber });
  assert.deepEqual([body.status, body.gateway.orderNumber], ['awaiting_customer', orderNumber]);
  await calledBack(orderId, '04', { order_no: 'another-1' });
  await calledBack(orderId, '04');
  const after = await read(orderId);
  assert.deepEqual(standingOf(after), { status: 'received', reasons: ['duplicate_payment'] });
  assert.deepEqual(
    [after.gateway.orderNumber, ...after.otherPayments.map((each: { orderNumber: string }) => each.orderNumber)],
    [orderNumber, 'another-1'].sort((a, b) => Number(a === 'another-1') - Number(b === 'another-1')),
  );
});

test('awaiting_customer without a number: 01 fills in what the payer needs', async () => {
  const orderId = await orderIn('unknown', 'filled');
  await resolve('waits', orderId, { outcome: 'awaiting_customer' });
  await calledBack(orderId, '01');
  const { status, attention, cvs, gateway: at, otherPayments } = await read(orderId);
  const known = knownAs(orderId);
  assert.deepEqual(
    [status, attention, at.orderNumber, otherPayments],
    ['awaiting_customer', [], known.orderNumber, []],
  );
  assert.deepEqual(
    cvs.paymentNumbers.map(({ value }: { value: string }) => value),
    [known.payNo1, known.payNo2],
  );
});

test('after an operator cancelled the store takes cash all the same: 04, 05, 06 count as 11, 12, 13', async () => {
  for (const [actions, status, reasons] of [
    [['pay'], 'received_after_cancel', ['contradiction', 'money_after_cancel']],
    [['pay', 'confirm'], 'paid_after_cancel', ['contradiction', 'money_after_cancel']],
    [['pay', 'reverse'], 'reversed_after_cancel', ['contradiction']],
  ] as const) {
    const orderId = await orderIn('awaiting_customer', `cancelled-${status}`);
    assert.equal((await resolve('cancel', orderId, { outcome: 'cancelled' })).status, 200);
    await counter(knownAs(orderId).orderNumber, ...actions);
    assert.ok(gateway.callbacks().every(({ status: called }) => Number(called) <= 6));
    assert.deepEqual(standingOf(await read(orderId)), { status, reasons: [...reasons] });
  }
});

/** Statuses that a decision ended the order in; a callback that leaves one contradicts it. */
const ended = ['declined', 'cancelled', 'expired'];
const decidedThen = (outcome: string, callbacks: readonly string[]): Standing => {
  const fact =
    { paid: '05', received: '04', declined: '02', expired: '03', awaiting_customer: '01' }[outcome] ?? outcome;
  const counted = callbacks.map(call => (outcome === 'cancelled' ? (afterOperatorsCancel[call] ?? call) : call));
  const { status, reasons } = contractSays('sending', [fact, ...counted]);
  const isLeft = ended.includes(outcome) && status !== outcome;
  return { status, reasons: [...new Set([...(isLeft ? ['contradiction'] : []), ...reasons])].toSorted() };
};

for (const from of ['awaiting_customer', 'unknown']) {
  test(`04, 05, 06 in every order after an operator cancelled one that was ${from}`, async () => {
    for (const arrived of arrivals(['04', '05', '06'])) {
      const orderId = await orderIn(from, `${from}-${arrived.join('-')}`);
      await resolve('cancel', orderId, { outcome: 'cancelled' });
      for (const call of arrived) await calledBack(orderId, call);
      assert.deepEqual(standingOf(await read(orderId)), decidedThen('cancelled', arrived), arrived.join(' '));
    }
  });
}

test('every callback after every decision is judged together with it', async () => {
  for (const outcome of outcomes) {
    for (const call of ['02', '03', '04', '05', '06', '11', '12', '13']) {
      const orderId = await orderIn('awaiting_customer', `after-${outcome}-${call}`);
      assert.equal((await resolve('r', orderId, { outcome })).status, 200);
      await calledBack(orderId, call);
      const found = standingOf(await read(orderId));
      assert.deepEqual(found, decidedThen(outcome, [call]), `${call} after ${outcome}`);
    }
  }
});

test('what a resolution must hold', async () => {
  const orderId = await orderIn('awaiting_customer', 'faults');
  for (const [body, fields] of [
    [{ outcome: 'reversed' }, ['outcome']],
    [{ outcome: 'paid', note: '' }, ['note']],
    [{ outcome: 'paid', note: 'n'.repeat(501) }, ['note']],
    [{ outcome: 'paid', gatewayOrderNumber: '' }, ['gatewayOrderNumber']],
    [{ outcome: 'paid', gatewayOrderNumber: '番号', by: 'me', note: undefined }, ['by', 'gatewayOrderNumber', 'note']],
    [{ outcome: 'paid', amount: 0 }, ['amount']],
    [{ outcome: 'paid', amount: 8001 }, ['amount']],
    [{ outcome: 'declined', amount: 8000 }, ['amount']],
    [{ outcome: 'paid', reasons: ['contradiction'] }, ['reasons']],
    [{ outcome: 'acknowledged', reasons: ['contradiction'] }, ['reasons.0']],
    [{ outcome: 'acknowledged', reasons: [] }, ['reasons']],
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
