/** Contract 1.6: codes of the gateway that prove the outcome of a payment, and orders that a lost answer must not freeze. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { callbackFields, carrierCalls, runDueWork, setClocks } from '../support/carrier.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { settle, withdraw, giveBack, resolve, read, authorized, callBack, sent, wire, ledger } = carrierCalls(local);
beforeEach(() => {
  gateway.reset();
  gateway.settings({ callbacks: { carrier: null } });
  setClocks(gateway, '2026-12-01 12:00:00');
});

interface Shown {
  status: string;
  attention: { reason: string }[];
}
const standing = ({ status, attention }: Shown) => [status, ...attention.map(({ reason }) => reason)];

/** An order whose 03 came, though the gateway makes no callbacks in these tests. */
async function ready(key: string) {
  const made = await authorized(key);
  await callBack(callbackFields(made.orderId, '03', { order_no: made.orderNumber }));
  return made;
}

async function runAt(time: string): Promise<void> {
  setClocks(gateway, time);
  await runDueWork();
}

test('010100021: 422 with the code and the order cancelled', async () => {
  const { orderId } = await ready('cancelled');
  gateway.arm({ endpoint: 'settle', fault: 'refusal', code: '010100021' });
  const { status, body } = await settle('cancelled-1', orderId);
  assert.deepEqual([status, body.code, body.gatewayCode], [422, 'gateway_refused', '010100021']);
  assert.deepEqual([...standing(body.order), body.order.paid, body.order.returned], ['cancelled', null, null]);
  const again = await settle('cancelled-1', orderId);
  assert.deepEqual([again.status, again.body.status, sent().length], [200, 'cancelled', 1]);
});

for (const code of ['010100024', '010100036']) {
  test(`${code}: 202 settling, and repeated until the gateway says that it is settled`, async () => {
    const { orderId } = await ready(code);
    for (const fault of [code, code, '010100023']) gateway.arm({ endpoint: 'settle', fault: 'refusal', code: fault });
    const { status, body } = await settle(`${code}-1`, orderId, { amount: 5000 });
    assert.deepEqual([status, ...standing(body)], [202, 'settling', 'outcome_unknown']);
    await runAt('2026-12-01 12:05:00');
    assert.deepEqual(standing(await read(orderId)), ['settling', 'outcome_unknown']);
    await runAt('2026-12-01 12:15:00');
    const after = await read(orderId);
    assert.deepEqual([...standing(after), after.paid.amount], ['paid', 5000]);
    assert.deepEqual([new Set(wire()).size, sent().length], [1, 3]);
  });
}

test('010100023 on a first send: paid for an amount that is not known, settled_elsewhere, until a 07 names it', async () => {
  const { orderId, orderNumber } = await ready('elsewhere');
  gateway.arm({ endpoint: 'settle', fault: 'refusal', code: '010100023' });
  const { status, body } = await settle('elsewhere-1', orderId, { amount: 5000 });
  assert.deepEqual([status, ...standing(body)], [200, 'paid', 'settled_elsewhere']);
  assert.deepEqual([body.paid.amount, body.returned, body.carrier.settlement], [null, null, null]);
  await callBack(callbackFields(orderId, '07', { order_no: orderNumber, money: '3000' }));
  const after = await read(orderId);
  assert.deepEqual([...standing(after), after.paid.amount], ['paid', 'settled_elsewhere', 3000]);
  assert.deepEqual(standing((await resolve('elsewhere-2', orderId, 'acknowledged')).body), ['paid']);
});

for (const code of ['010010007', '010010010', '010010107']) {
  test(`${code} is a refusal on a first send, and proves nothing on a repeat after a lost answer`, async () => {
    const first = await ready(`${code}-first`);
    gateway.arm({ endpoint: 'settle', fault: 'refusal', code });
    const refused = await settle(`${code}-1`, first.orderId);
    assert.deepEqual([refused.status, refused.body.order.status], [422, 'authorized']);
    const second = await ready(`${code}-second`);
    gateway.arm({ endpoint: 'settle', fault: 'closed-before' });
    gateway.arm({ endpoint: 'settle', fault: 'refusal', code });
    await settle(`${code}-2`, second.orderId);
    const repeated = await settle(`${code}-2`, second.orderId);
    assert.deepEqual([repeated.status, ...standing(repeated.body)], [202, 'settling', 'outcome_unknown']);
    const done = await settle(`${code}-2`, second.orderId);
    assert.deepEqual([done.status, done.body.status, ledger().at(-1)], [200, 'paid', 'settlement 8000']);
  });
}

test('2,000 is lost, then maintenance: 3,000 is 409, the repeat asks for 2,000, and 2,000 is paid', async () => {
  const { orderId } = await ready('amounts');
  gateway.arm({ endpoint: 'settle', fault: 'closed-before' });
  gateway.arm({ endpoint: 'settle', fault: 'maintenance' });
  assert.equal((await settle('amounts-1', orderId, { amount: 2000 })).status, 202);
  assert.equal((await settle('amounts-1', orderId, { amount: 2000 })).status, 202);
  const other = await settle('amounts-2', orderId, { amount: 3000 });
  assert.deepEqual([other.status, other.body.code, other.body.order.status], [409, 'order_state', 'settling']);
  await runAt('2026-12-01 12:15:00');
  const { status, paid } = await read(orderId);
  assert.deepEqual([status, paid.amount, ledger().at(-1)], ['paid', 2000, 'settlement 2000']);
});

test('a lost withdrawal that the gateway then refuses: settlement is 409, and an operator closes it', async () => {
  const { orderId } = await ready('withdrawal');
  await settle('withdrawal-1', orderId, { on: '2026-12-05', by: 'gateway' });
  gateway.arm({ endpoint: 'settle', fault: 'lost-answer' });
  assert.equal((await withdraw('withdrawal-2', orderId)).status, 202);
  for (const time of ['12:05', '12:15', '12:35']) await runAt(`2026-12-01 ${time}:00`);
  assert.deepEqual(standing(await read(orderId)), ['settle_scheduled', 'outcome_unknown']);
  const blocked = await settle('withdrawal-3', orderId);
  assert.deepEqual([blocked.status, blocked.body.code], [409, 'order_state']);
  assert.deepEqual(standing((await resolve('withdrawal-4', orderId, 'authorized')).body), ['authorized']);
  const settled = await settle('withdrawal-3', orderId);
  assert.deepEqual([settled.status, settled.body.status, ledger().at(-1)], [200, 'paid', 'settlement 8000']);
});

test('a booking at the gateway whose 07 was lost: settlement_due the day after, no request, and an operator closes it', async () => {
  const { orderId } = await ready('booking');
  await settle('booking-1', orderId, { on: '2026-12-05', by: 'gateway', amount: 5000 });
  await runAt('2026-12-05 23:50:00');
  assert.deepEqual(standing(await read(orderId)), ['settle_scheduled']);
  for (const time of ['00:00', '00:05', '12:00']) await runAt(`2026-12-06 ${time}:00`);
  assert.deepEqual([standing(await read(orderId)), sent().length], [['settle_scheduled', 'settlement_due'], 1]);
  const { status, body } = await resolve('booking-2', orderId, 'paid', { amount: 5000 });
  assert.deepEqual([status, ...standing(body), body.paid.amount], [200, 'paid', 5000]);
  const returned = await giveBack('booking-3', orderId);
  assert.deepEqual([returned.status, returned.body.status, returned.body.returned.amount], [200, 'cancelled', 5000]);
});

test('a 09 that is sent again after 08 leaves the order cancelled', async () => {
  const { orderId, orderNumber } = await ready('again');
  await settle('again-1', orderId);
  for (const [callback, ...expected] of [
    ['09', 'paid', 'cancel_failed'],
    ['08', 'cancelled'],
    ['09', 'cancelled'],
  ] as const) {
    await callBack(callbackFields(orderId, callback, { order_no: orderNumber }));
    assert.deepEqual(standing(await read(orderId)), expected);
  }
});
