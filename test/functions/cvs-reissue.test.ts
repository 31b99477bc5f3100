/** A number issued again: the gateway cancels the old order without a callback and sends 01 of the new one (002 p.14, 15). */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { cvsCalls, reasonOf, shownBlock } from '../support/cvs.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { order, read, knownAs, known, counter, callBack, resolve } = cvsCalls(local);
beforeEach(() => gateway.reset());

const standing = async (orderId: string) => {
  const { status, attention, gateway: at, otherPayments } = await read(orderId);
  const others = otherPayments.map((each: { orderNumber: string; status: string }) => [each.orderNumber, each.status]);
  return [status, attention.map(reasonOf), at.orderNumber, others];
};

/** An order over two numbers; `first` is cancelled at the gateway, `second` waits for cash. */
async function reissued(key: string, more: Record<string, unknown> = {}) {
  const { body } = await order(key, more);
  await gateway.idle();
  const orderId: string = body.orderId;
  const first = knownAs(orderId).orderNumber;
  gateway.settings({ payDays: 30 });
  await counter(first, 'reissue');
  return { orderId, first, second: knownAs(orderId).orderNumber };
}

/** A call about one of the numbers, as the gateway would send it. */
const calledOf = (orderNumber: string, status: string) => {
  const found = known().find(each => each.orderNumber === orderNumber);
  assert.ok(found);
  const { money, sendpoint, payNo1, payNo2, payLimit } = found;
  return callBack({
    clientip: '2019000003',
    money: String(money),
    sendpoint,
    order_no: orderNumber,
    pay_cvs: found.payCvs,
    pay_no1: payNo1,
    pay_no2: payNo2,
    pay_limit: payLimit,
    status,
  });
};

test('the new number is shown: it can be paid longer; the old one is another payment', async () => {
  const { body } = await order('rebinds', { store: 'seven-eleven' });
  await gateway.idle();
  const first = knownAs(body.orderId);
  gateway.settings({ payDays: 30 });
  await counter(first.orderNumber, 'reissue');
  const second = knownAs(body.orderId);
  assert.notEqual(second.orderNumber, first.orderNumber);
  const after = await read(body.orderId);
  assert.deepEqual(
    [after.status, after.attention, after.gateway],
    ['awaiting_customer', [], { orderNumber: second.orderNumber, status: '01' }],
  );
  const old = { orderNumber: first.orderNumber, status: 'awaiting_customer', paid: null, returned: null };
  assert.deepEqual(after.otherPayments, [old]);
  // The page of the answer shows the old number.
  assert.deepEqual(after.cvs, shownBlock('seven-eleven', second, null));
  assert.notDeepEqual(after.cvs.payBy, body.cvs.payBy);
});

test('of two numbers with one deadline the lower one is shown, whichever came first', async () => {
  const { body } = await order('equal deadlines');
  await gateway.idle();
  const first = knownAs(body.orderId).orderNumber;
  await counter(first, 'reissue');
  const second = knownAs(body.orderId).orderNumber;
  const [lower, higher] = [first, second].toSorted();
  assert.deepEqual(await standing(body.orderId), ['awaiting_customer', [], lower, [[higher, 'awaiting_customer']]]);
  await counter(second, 'pay');
  assert.deepEqual(await standing(body.orderId), ['received', [], second, [[first, 'awaiting_customer']]]);
});

test('the new number is paid and confirmed like any', async () => {
  const { orderId, first, second } = await reissued('paid');
  await counter(second, 'pay', 'confirm');
  assert.deepEqual(await standing(orderId), ['paid', [], second, [[first, 'awaiting_customer']]]);
});

test('money for the old number raises money_after_cancel, and the new one stays shown', async () => {
  const { orderId, first, second } = await reissued('old money');
  await counter(first, 'pay');
  assert.deepEqual(gateway.callbacks().at(-1)?.status, '11');
  const raised = ['money_after_cancel'];
  assert.deepEqual(await standing(orderId), ['awaiting_customer', raised, second, [[first, 'received_after_cancel']]]);
  await counter(first, 'confirm');
  assert.deepEqual(await standing(orderId), ['awaiting_customer', raised, second, [[first, 'paid_after_cancel']]]);
  await counter(second, 'pay', 'confirm');
  assert.deepEqual(await standing(orderId), ['paid', raised, second, [[first, 'paid_after_cancel']]]);
  assert.equal(gateway.ledger().filter(({ kind }) => kind === 'cash_confirmed').length, 2);
  const { paid, otherPayments } = await read(orderId);
  assert.deepEqual([paid.amount, otherPayments[0].paid.amount], [8000, 8000]);
});

test('the old number paid after the new one was: money_after_cancel on a paid order, until it is taken back', async () => {
  const cases: [actions: string[], reasons: string[], status: string][] = [
    [['pay'], ['money_after_cancel'], 'received_after_cancel'],
    [['pay', 'confirm'], ['money_after_cancel'], 'paid_after_cancel'],
    [['pay', 'reverse'], [], 'reversed_after_cancel'],
  ];
  for (const [i, [actions, reasons, status]] of cases.entries()) {
    const { orderId, first, second } = await reissued(`both-${i}`);
    await counter(second, 'pay', 'confirm');
    await counter(first, ...actions);
    assert.deepEqual(await standing(orderId), ['paid', reasons, second, [[first, status]]]);
  }
});

test('04 or 05 of both numbers is a duplicate payment; cancelled once one was refunded by hand', async () => {
  for (const status of ['04', '05']) {
    const { orderId, first, second } = await reissued(`duplicate-${status}`);
    await counter(second, 'pay', 'confirm');
    await calledOf(first, status);
    const name = status === '04' ? 'received' : 'paid';
    const [lower, higher] = status === '04' ? [second, first] : [first, second].toSorted();
    const { body } = await resolve(`${status}-no`, orderId, { outcome: 'declined' });
    assert.equal(body.code, 'order_state');
    assert.deepEqual(await standing(orderId), ['paid', ['duplicate_payment'], lower, [[higher, name]]]);
    const refund = { outcome: 'cancelled', gatewayOrderNumber: first, note: 'refunded in the store' };
    assert.equal((await resolve(`${status}-yes`, orderId, refund)).status, 200);
    assert.deepEqual(await standing(orderId), ['paid', [], second, [[first, 'cancelled']]]);
    const { otherPayments } = await read(orderId);
    assert.deepEqual([otherPayments[0].paid.amount, otherPayments[0].returned.amount], [8000, 8000]);
  }
});

test('03 or 06 of the old number moves the shown one nowhere', async () => {
  for (const [status, name] of [
    ['03', 'expired'],
    ['06', 'reversed'],
  ] as const) {
    const { orderId, first, second } = await reissued(`other-${status}`);
    await calledOf(first, status);
    assert.deepEqual(await standing(orderId), ['awaiting_customer', [], second, [[first, name]]], status);
  }
});

test('01 of the old number again, late or resent, does not bring it back', async () => {
  const { orderId, first, second } = await reissued('old again');
  const before = await read(orderId);
  await calledOf(first, '01');
  await gateway.resend(gateway.callbacks()[0]?.id ?? '');
  assert.deepEqual(await read(orderId), before);
  assert.equal(before.gateway.orderNumber, second);
});

test('an expired order is issued again, and waits again', async () => {
  gateway.settings({ optionalCallbacks: ['cvs-03'] });
  const { body } = await order('expired');
  await gateway.idle();
  const first = knownAs(body.orderId).orderNumber;
  await counter(first, 'expire');
  assert.deepEqual(await standing(body.orderId), ['expired', [], first, []]);
  await counter(first, 'reissue');
  const second = knownAs(body.orderId);
  const others = [[first, 'expired']];
  assert.deepEqual(await standing(body.orderId), ['awaiting_customer', [], second.orderNumber, others]);
  assert.deepEqual((await read(body.orderId)).cvs, shownBlock('lawson', second));
  await counter(second.orderNumber, 'pay', 'confirm');
  assert.deepEqual(await standing(body.orderId), ['paid', [], second.orderNumber, others]);
});

test('issued three times: money of each old number raises attention once', async () => {
  const { orderId, first, second } = await reissued('three');
  gateway.settings({ payDays: 45 });
  await counter(second, 'reissue');
  const third = knownAs(orderId).orderNumber;
  for (const [i, old] of [first, second].entries()) {
    await counter(old, 'pay');
    const { attention } = await read(orderId);
    assert.deepEqual(attention.map(reasonOf), ['money_after_cancel']);
    await resolve(`three-${i}`, orderId, { outcome: 'acknowledged' });
    const [status, reasons, orderNumber] = await standing(orderId);
    assert.deepEqual([status, reasons, orderNumber], ['awaiting_customer', [], third]);
  }
});

test('once cash was taken, 01 of a new number changes nothing of what is shown', async () => {
  for (const [i, actions] of [['pay'], ['pay', 'confirm']].entries()) {
    const { body } = await order(`late-${i}`);
    await gateway.idle();
    const { orderNumber } = knownAs(body.orderId);
    await counter(orderNumber, ...actions);
    const before = await read(body.orderId);
    const fields = { clientip: '2019000003', money: '8000', sendpoint: body.orderId, pay_no1: '9', status: '01' };
    await callBack({ ...fields, order_no: 'N-9' });
    const { history, otherPayments, version, updatedAt: _, ...after } = await read(body.orderId);
    const { history: past, otherPayments: none, version: last, updatedAt: __, ...shown } = before;
    assert.deepEqual(after, shown);
    assert.deepEqual([none, history.length, version], [[], past.length + 1, last + 1]);
    assert.deepEqual(
      otherPayments.map((each: { orderNumber: string; status: string }) => [each.orderNumber, each.status]),
      [['N-9', 'awaiting_customer']],
    );
  }
});

test('an order whose answer was lost is repaired by 01 and then issued again', async () => {
  const { orderId, first, second } = await reissued('lost', { email: 'lost-answer@fault.invalid' });
  assert.deepEqual(await standing(orderId), ['awaiting_customer', [], second, [[first, 'awaiting_customer']]]);
  await counter(first, 'pay');
  const others = [[first, 'received_after_cancel']];
  assert.deepEqual(await standing(orderId), ['awaiting_customer', ['money_after_cancel'], second, others]);
});

test('cash of a number that was issued after an operator cancelled is money after cancellation', async () => {
  const { body } = await order('cancelled');
  await gateway.idle();
  const { orderNumber } = knownAs(body.orderId);
  await resolve('cancel', body.orderId, { outcome: 'cancelled' });
  await counter(orderNumber, 'reissue');
  const second = knownAs(body.orderId).orderNumber;
  await counter(second, 'pay', 'confirm');
  const [status, reasons, shown] = await standing(body.orderId);
  assert.deepEqual([status, shown], ['paid_after_cancel', second]);
  assert.ok(reasons.includes('money_after_cancel'));
});
