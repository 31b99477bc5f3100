/** A number issued again: the gateway cancels the old order without a word and calls 01 of the new one (002 p.14, 15). */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { cvsCalls, shownBlock } from '../support/cvs.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { order, read, knownAs, known, counter, callBack, resolve } = cvsCalls(local);
beforeEach(() => gateway.reset());

const standing = async (orderId: string) => {
  const { status, attention, gateway: at } = await read(orderId);
  return [status, attention?.reason ?? null, at.orderNumber];
};

/** An order over two numbers; `first` is cancelled at the gateway, `second` waits for cash. */
async function reissued(key: string, more: Record<string, unknown> = {}) {
  const { body } = await order(key, more);
  await gateway.idle();
  const orderId: string = body.orderId;
  const first = knownAs(orderId).orderNumber;
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

test('the new number is bound, its payment numbers and deadline replace the old ones', async () => {
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
    ['awaiting_customer', null, { orderNumber: second.orderNumber, status: '01' }],
  );
  // The old page shows the old number.
  assert.deepEqual(after.cvs, shownBlock('seven-eleven', second, null));
  assert.notDeepEqual(after.cvs.payBy, body.cvs.payBy);
  assert.match(after.history.at(-1).note, new RegExp(second.orderNumber));
});

test('the new number is paid and confirmed like any', async () => {
  const { orderId, second } = await reissued('paid');
  await counter(second, 'pay', 'confirm');
  assert.deepEqual(await standing(orderId), ['paid', null, second]);
});

test('money for the old number raises money_after_cancel and moves nothing', async () => {
  const { orderId, first, second } = await reissued('old money');
  await counter(first, 'pay');
  assert.deepEqual(gateway.callbacks().at(-1)?.status, '11');
  assert.deepEqual(await standing(orderId), ['awaiting_customer', 'money_after_cancel', second]);
  await counter(first, 'confirm');
  assert.deepEqual(await standing(orderId), ['awaiting_customer', 'money_after_cancel', second]);
  await counter(second, 'pay', 'confirm');
  assert.deepEqual(await standing(orderId), ['paid', 'money_after_cancel', second]);
  assert.equal(gateway.ledger().filter(({ kind }) => kind === 'cash_confirmed').length, 2);
});

test('the old number paid after the new one was: money_after_cancel on a paid order', async () => {
  for (const [i, actions] of [['pay'], ['pay', 'confirm'], ['pay', 'reverse']].entries()) {
    const { orderId, first, second } = await reissued(`both-${i}`);
    await counter(second, 'pay', 'confirm');
    await counter(first, ...actions);
    assert.deepEqual(await standing(orderId), ['paid', 'money_after_cancel', second]);
  }
});

test('03 to 06 of a number other than the bound one: contradiction, no move', async () => {
  for (const status of ['03', '04', '05', '06']) {
    const { orderId, first, second } = await reissued(`other-${status}`);
    await calledOf(first, status);
    assert.deepEqual(await standing(orderId), ['awaiting_customer', 'contradiction', second], status);
    await counter(second, 'pay', 'confirm');
    assert.deepEqual(await standing(orderId), ['paid', 'contradiction', second], status);
  }
});

test('01 of the old number again, late or resent, does not bring it back', async () => {
  const { orderId, first, second } = await reissued('old again');
  const before = await read(orderId);
  await calledOf(first, '01');
  await gateway.resend(gateway.callbacks()[0]?.id ?? '');
  assert.deepEqual(await standing(orderId), ['awaiting_customer', null, second]);
  assert.deepEqual((await read(orderId)).cvs, before.cvs);
});

test('an expired order is issued again, and waits again', async () => {
  gateway.settings({ optionalCallbacks: ['cvs-03'] });
  const { body } = await order('expired');
  await gateway.idle();
  const first = knownAs(body.orderId).orderNumber;
  await counter(first, 'expire');
  assert.deepEqual(await standing(body.orderId), ['expired', null, first]);
  await counter(first, 'reissue');
  const second = knownAs(body.orderId);
  assert.deepEqual(await standing(body.orderId), ['awaiting_customer', null, second.orderNumber]);
  assert.deepEqual((await read(body.orderId)).cvs, shownBlock('lawson', second));
  await counter(second.orderNumber, 'pay', 'confirm');
  assert.deepEqual(await standing(body.orderId), ['paid', null, second.orderNumber]);
});

test('issued three times: only the last counts, and each old one raises attention', async () => {
  const { orderId, first, second } = await reissued('three');
  await counter(second, 'reissue');
  const third = knownAs(orderId).orderNumber;
  assert.deepEqual(await standing(orderId), ['awaiting_customer', null, third]);
  for (const old of [first, second]) await calledOf(old, '01');
  assert.deepEqual(await standing(orderId), ['awaiting_customer', null, third]);
  for (const [i, old] of [first, second].entries()) {
    await counter(old, 'pay');
    const { attention } = await read(orderId);
    assert.equal(attention?.reason, 'money_after_cancel');
    await resolve(`three-${i}`, orderId, { outcome: 'acknowledged' });
    assert.deepEqual(await standing(orderId), ['awaiting_customer', null, third]);
  }
});

test('in every other status 01 of a new number is late', async () => {
  for (const [i, actions] of [['pay'], ['pay', 'confirm'], ['pay', 'reverse']].entries()) {
    const { body } = await order(`late-${i}`);
    await gateway.idle();
    const { orderNumber } = knownAs(body.orderId);
    await counter(orderNumber, ...actions);
    const before = await read(body.orderId);
    await callBack({
      clientip: '2019000003',
      money: '8000',
      sendpoint: body.orderId,
      order_no: 'N-9',
      pay_no1: '9',
      status: '01',
    });
    const after = await read(body.orderId);
    assert.deepEqual(
      [after.status, after.attention, after.gateway, after.cvs],
      [before.status, null, before.gateway, before.cvs],
    );
    assert.equal(after.history.length, before.history.length + 1);
  }
});

test('an order whose answer was lost is repaired by 01 and then issued again', async () => {
  const { orderId, first, second } = await reissued('lost', { email: 'lost-answer@fault.invalid' });
  assert.deepEqual(await standing(orderId), ['awaiting_customer', null, second]);
  await counter(first, 'pay');
  assert.deepEqual(await standing(orderId), ['awaiting_customer', 'money_after_cancel', second]);
});

test("after an operator's cancel a new number is late, and its money is still seen by a person", async () => {
  const { body } = await order('cancelled');
  await gateway.idle();
  const { orderNumber } = knownAs(body.orderId);
  await resolve('cancel', body.orderId, { outcome: 'cancelled' });
  await counter(orderNumber, 'reissue');
  assert.deepEqual(await standing(body.orderId), ['cancelled', null, orderNumber]);
  await counter(knownAs(body.orderId).orderNumber, 'pay', 'confirm');
  const { status, attention } = await read(body.orderId);
  assert.equal(status, 'cancelled');
  assert.ok(attention);
});
