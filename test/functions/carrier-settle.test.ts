import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { carrierCalls, setClocks } from '../support/carrier.ts';
import { cardToken, startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway, call } = local;
const { settle, withdraw, read, order, authorized, act, wire, sent, ledger, knownAs } = carrierCalls(local);
beforeEach(() => {
  gateway.reset();
  setClocks(gateway, '2026-12-01 12:00:00');
});

const zkey = '89abcdef0123456789abcdef0123456789abcdef';
const sentOf = (orderNumber: string, more: string) =>
  `clientip=2019000002&act=settled&order_no=${orderNumber}&zkey=${zkey}&${more}`;
const tomorrow = '2026-12-02';
const eventsOf = (body: { history: { source: string; event: string }[] }) =>
  body.history.map(({ source, event }) => `${source} ${event}`);

test('settled now: 200 paid, the whole first amount, one request byte for byte', async () => {
  const { orderId, orderNumber } = await authorized('now');
  gateway.settings({ callbacks: { carrier: null } });
  const { status, headers, body } = await settle('now-settle', orderId);
  assert.deepEqual([status, headers['idempotent-replayed']], [200, undefined]);
  assert.deepEqual([body.status, body.attention, body.amount], ['paid', [], 8000]);
  assert.deepEqual([body.paid, body.returned], [{ amount: 8000, at: body.updatedAt }, null]);
  assert.deepEqual(body.carrier, {
    type: 'docomo',
    settlement: { on: '2026-12-01', amount: 8000, by: 'schedule' },
    settleBy: '2027-01-20',
  });
  assert.deepEqual(wire(), [sentOf(orderNumber, 'date=20261201')]);
  assert.deepEqual(ledger(), ['authorization 8000', 'settlement 8000']);
  assert.deepEqual(sent()[0]?.violations, []);
  assert.deepEqual(await read(orderId), body);
  assert.deepEqual(eventsOf(body).slice(-3), ['callback carrier_03', 'api settle', 'gateway settle_done']);
});

test('its callback repeats it; one that comes before the answer makes no difference', async () => {
  for (const fault of ['callback-first', 'callback-twice'] as const) {
    const { orderId } = await authorized(fault);
    gateway.arm({ endpoint: 'settle', fault });
    const answered = await settle(`${fault}-settle`, orderId);
    assert.deepEqual([answered.status, answered.body.status], [200, 'paid']);
    await gateway.idle();
    const { status, attention, gateway: known } = await read(orderId);
    assert.deepEqual([status, attention, known.status], ['paid', [], '07']);
  }
});

test('a lower amount, or the first one where it was given, travels as money', async () => {
  for (const amount of [5000, 8000]) {
    const { orderId, orderNumber } = await authorized(`money-${amount}`);
    const { body } = await settle(`money-${amount}-settle`, orderId, { amount });
    assert.deepEqual([body.status, body.amount, body.carrier.settlement.amount], ['paid', 8000, amount]);
    assert.equal(body.paid.amount, amount);
    assert.equal(wire().at(-1), sentOf(orderNumber, `money=${amount}&date=20261201`));
    await gateway.idle();
    const after = await read(orderId);
    assert.deepEqual([after.attention, after.paid, ledger().at(-1)], [[], body.paid, `settlement ${amount}`]);
  }
});

test('booked by our schedule: 200 settle_scheduled and nothing is sent', async () => {
  const { orderId } = await authorized('schedule');
  const { status, body } = await settle('schedule-settle', orderId, { on: tomorrow, amount: 5000 });
  assert.deepEqual([status, body.status], [200, 'settle_scheduled']);
  assert.deepEqual(body.carrier.settlement, { on: tomorrow, amount: 5000, by: 'schedule' });
  assert.deepEqual(sent(), []);
  const replayed = await settle('schedule-settle', orderId, { on: tomorrow, amount: 5000 });
  assert.deepEqual([replayed.status, replayed.headers['idempotent-replayed']], [200, 'true']);
  assert.deepEqual(replayed.body, body);
});

test('booked at the gateway: 200 settle_scheduled, never paid before its day', async () => {
  const { orderId, orderNumber } = await authorized('at-gateway');
  const { status, body } = await settle('at-gateway-settle', orderId, { on: tomorrow, by: 'gateway', amount: 5000 });
  assert.deepEqual([status, body.status], [200, 'settle_scheduled']);
  assert.deepEqual(body.carrier.settlement, { on: tomorrow, amount: 5000, by: 'gateway' });
  assert.deepEqual(wire(), [sentOf(orderNumber, 'money=5000&date=20261202')]);
  assert.equal(knownAs(orderNumber)?.bookedFor, '20261202');
  await gateway.idle();
  assert.equal((await read(orderId)).status, 'settle_scheduled');

  setClocks(gateway, '2026-12-02 00:00:01');
  await gateway.idle();
  const paid = await read(orderId);
  assert.deepEqual([paid.status, paid.attention, paid.paid.amount], ['paid', [], 5000]);
  assert.equal(ledger().at(-1), 'settlement 5000');
});

for (const by of ['schedule', 'gateway']) {
  test(`while booked (${by}) nothing else is booked: 409, withdraw first`, async () => {
    const { orderId } = await authorized(`booked-${by}`);
    await settle(`booked-${by}-1`, orderId, { on: tomorrow, by });
    const before = sent().length;
    for (const body of [undefined, { on: '2026-12-03' }, { on: tomorrow, by }, { on: '2026-12-03', by: 'gateway' }]) {
      const answered = await settle(`booked-${by}-2`, orderId, body);
      assert.deepEqual(
        [answered.status, answered.body.code, answered.body.order.status],
        [409, 'order_state', 'settle_scheduled'],
      );
    }
    assert.equal(sent().length, before);
    assert.equal((await withdraw(`booked-${by}-3`, orderId)).body.status, 'authorized');
    assert.equal(
      (await settle(`booked-${by}-2`, orderId, { on: '2026-12-03' })).body.carrier.settlement.on,
      '2026-12-03',
    );
  });
}

test('a booking of our schedule is withdrawn without asking the gateway', async () => {
  const { orderId } = await authorized('withdraw-ours');
  await settle('withdraw-ours-1', orderId, { on: tomorrow });
  const { status, body } = await withdraw('withdraw-ours-2', orderId);
  assert.deepEqual([status, body.status, body.carrier.settlement], [200, 'authorized', null]);
  assert.deepEqual(sent(), []);
  const replayed = await withdraw('withdraw-ours-2', orderId);
  assert.deepEqual([replayed.status, replayed.headers['idempotent-replayed']], [200, 'true']);
});

test('a booking at the gateway is withdrawn there: act=settled, autype=auth, no date', async () => {
  const { orderId, orderNumber } = await authorized('withdraw-theirs');
  await settle('withdraw-theirs-1', orderId, { on: tomorrow, by: 'gateway', amount: 5000 });
  const { status, body } = await withdraw('withdraw-theirs-2', orderId);
  assert.deepEqual([status, body.status, body.carrier.settlement], [200, 'authorized', null]);
  assert.equal(wire().at(-1), sentOf(orderNumber, 'autype=auth'));
  assert.deepEqual([sent().at(-1)?.violations, knownAs(orderNumber)?.status], [[], 'authorized']);
  setClocks(gateway, '2026-12-02 00:00:01');
  await gateway.idle();
  assert.deepEqual(ledger(), ['authorization 8000']);
});

for (const fault of ['no-callback', 'callback-first'] as const) {
  test(`a settlement the carrier cannot do (${fault}): 422 with the code, its meaning and the order, then 06`, async () => {
    const { orderId, orderNumber } = await authorized(`fails-${fault}`);
    await act(orderNumber, 'next-settlement-fails');
    gateway.arm({ endpoint: 'settle', fault });
    const { status, headers, body } = await settle(`fails-${fault}-1`, orderId);
    assert.deepEqual([status, headers['content-type']], [422, 'application/problem+json']);
    assert.deepEqual([body.code, body.gatewayCode], ['gateway_refused', '010100086']);
    assert.match(body.gatewayMeaning, /^[ -~]{5,}$/);
    assert.equal(body.order.status, fault === 'no-callback' ? 'authorized' : 'settle_failed');
    if (fault === 'no-callback') await gateway.resend(gateway.callbacks().at(-1)?.id ?? '');
    const after = await read(orderId);
    assert.deepEqual([after.status, after.attention, after.gateway.status], ['settle_failed', [], '06']);
  });
}

test('maintenance: 503 with Retry-After and the order as before, and the same key sends again', async () => {
  const { orderId } = await authorized('maintained');
  gateway.settings({ maintenance: true });
  const { status, headers, body } = await settle('maintained-settle', orderId);
  assert.deepEqual([status, body.code, body.order.status], [503, 'gateway_maintenance', 'authorized']);
  assert.match(String(headers['retry-after']), /^\d+$/);
  assert.equal(body.order.carrier.settlement, null);
  gateway.settings({ maintenance: false });
  const again = await settle('maintained-settle', orderId);
  assert.deepEqual([again.status, again.body.status, again.body.attention], [200, 'paid', []]);
});

test('a refusal leaves the order as it was, and the same key sends again', async () => {
  const { orderId } = await authorized('refused');
  gateway.arm({ endpoint: 'settle', fault: 'refusal', code: '010010006' });
  const { status, body } = await settle('refused-settle', orderId);
  assert.deepEqual(
    [status, body.gatewayCode, body.order.status, body.order.attention],
    [422, '010010006', 'authorized', []],
  );
  assert.deepEqual([(await settle('refused-settle', orderId)).body.status, sent().length], ['paid', 2]);
});

test('not in this status: 409 and nothing is sent; no carrier order: 404', async () => {
  const waiting = (await order('waits')).body.orderId;
  const paid = await authorized('paid-already');
  await settle('paid-already-1', paid.orderId);
  const tokenKey = await cardToken(gateway.url);
  const charge = { tokenKey, amount: 8000, phone: '0312345678', email: 'a@example.com' };
  const card = (await call('POST', '/card/charges', { key: 'a-card', body: charge })).body.orderId;
  const before = sent().length;
  for (const [orderId, status, code] of [
    [waiting, 409, 'order_state'],
    [paid.orderId, 409, 'order_state'],
    [card, 404, 'order_not_found'],
    [orderIdOf('test', 'no such order'), 404, 'order_not_found'],
  ] as const) {
    for (const answered of [await settle('no-1', orderId), await withdraw('no-2', orderId)]) {
      assert.deepEqual([answered.status, answered.body.code], [status, code]);
    }
  }
  assert.equal(sent().length, before);
});
