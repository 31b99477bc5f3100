/** Amounts by carrier, the last five minutes of a day in Tokyo, the 50 days, and the day before a booked day. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { callbackFields, carrierCalls, setClocks } from '../support/carrier.ts';
import { type Answered, startLocal } from '../support/local.ts';
import { clientOf, readersOf } from '../support/table.ts';

const local = await startLocal();
const { gateway, engine } = local;
const { settle, withdraw, giveBack, read, authorized, callBack, wire, sent, ledger } = carrierCalls(local);
const { itemOf } = readersOf(clientOf(engine.endpoint));
beforeEach(() => {
  gateway.reset();
  setClocks(gateway, '2026-12-01 12:00:00');
});

/** 400 with these faults, each `field code`; nothing sent, no key kept. */
async function isRefused({ status, body }: Answered, ...faults: string[]): Promise<void> {
  const found = body.errors?.map(({ field, code }: { field: string; code: string }) => `${field} ${code}`);
  assert.deepEqual([status, body.code, found?.toSorted()], [400, 'invalid_request', faults.toSorted()]);
  assert.deepEqual(sent(), []);
}

for (const carrier of ['docomo', 'au']) {
  test(`${carrier}: any amount up to the first`, async () => {
    const { orderId } = await authorized(`amounts-${carrier}`, { carrier });
    for (const amount of [8001, 50_001, 100_001, 0, -1, 1.5, '5000', null]) {
      await isRefused(await settle(`amounts-${carrier}-bad`, orderId, { amount }), 'amount invalid');
    }
    const { status, body } = await settle(`amounts-${carrier}-1`, orderId, { amount: 1 });
    assert.deepEqual([status, body.status, ledger().at(-1)], [200, 'paid', 'settlement 1']);
  });
}

test('SoftBank: the first amount only, given or not', async () => {
  const amount = 100_000;
  const given = await authorized('softbank-given', { carrier: 'softbank', amount });
  for (const other of [99_999, 100_001, 1]) {
    await isRefused(await settle('softbank-other', given.orderId, { amount: other }), 'amount invalid');
    await isRefused(
      await settle('softbank-other', given.orderId, { amount: other, on: '2026-12-02' }),
      'amount invalid',
    );
  }
  assert.equal((await settle('softbank-given-1', given.orderId, { amount })).body.status, 'paid');
  const left = await authorized('softbank-left', { carrier: 'softbank', amount });
  assert.equal((await settle('softbank-left-1', left.orderId)).body.status, 'paid');
  assert.deepEqual(ledger().slice(-1), ['settlement 100000']);
});

test('the body: unknown fields, broken days and kinds of booking are faults', async () => {
  const { orderId } = await authorized('bodies');
  for (const on of ['2026-02-30', '20261202', '2026-12-2', '', 'tomorrow', '2026-12-02T00:00:00Z', 1, null]) {
    await isRefused(await settle('bodies-1', orderId, { on }), 'on invalid');
  }
  for (const by of ['', 'us', null, 1]) await isRefused(await settle('bodies-1', orderId, { by }), 'by invalid');
  const all = { amount: 0, on: 'x', by: 'x', date: '20261202' };
  await isRefused(
    await settle('bodies-1', orderId, all),
    'amount invalid',
    'on invalid',
    'by invalid',
    'date unknown_field',
  );
  assert.equal((await withdraw('bodies-2', orderId)).status, 409);
});

test('a day is not past, and not after settleBy, which is 50 days from the day the order was made', async () => {
  const { orderId } = await authorized('days');
  assert.equal((await read(orderId)).carrier.settleBy, '2027-01-20');
  for (const by of ['schedule', 'gateway']) {
    for (const on of ['2026-11-30', '2025-12-02', '2027-01-21', '2030-01-01']) {
      await isRefused(await settle('days-bad', orderId, { on, by }), 'on invalid');
    }
    assert.equal((await settle(`days-${by}`, orderId, { on: '2027-01-20', by })).body.status, 'settle_scheduled');
    if (by === 'schedule') await withdraw('days-withdraw', orderId);
  }
  assert.equal(wire().length, 1);
});

test('amount and day are judged together, before the status', async () => {
  const { orderId } = await authorized('together');
  await settle('together-1', orderId, { on: '2026-12-05' });
  await isRefused(
    await settle('together-2', orderId, { amount: 8001, on: '2027-01-21' }),
    'amount invalid',
    'on invalid',
  );
});

test('a call answered 400 or 409 leaves no key behind', async () => {
  const { orderId } = await authorized('no-key');
  await settle('no-key-1', orderId, { on: '2026-12-05' });
  const item = await itemOf(orderId);
  await settle('no-key-2', orderId, { on: '2026-11-30' });
  await settle('no-key-2', orderId);
  assert.deepEqual(await itemOf(orderId), item);
});

const windows: [time: string, today: string, tomorrow: string][] = [
  ['2026-12-01 23:55:00', '2026-12-01', '2026-12-02'],
  ['2026-12-01 23:59:58', '2026-12-01', '2026-12-02'],
  ['2026-12-31 23:57:00', '2026-12-31', '2027-01-01'],
];
for (const [time, today, tomorrow] of windows) {
  test(`${time} JST: today is too late, and no day is tomorrow`, async () => {
    const { orderId } = await authorized(`window-${time}`);
    const other = await authorized(`window-other-${time}`);
    setClocks(gateway, time);
    for (const by of ['schedule', 'gateway']) {
      const refused = await settle('too-late', orderId, { on: today, by });
      await isRefused(refused, 'on too_late_today');
    }
    const ours = await settle('default-ours', orderId);
    assert.deepEqual([ours.status, ours.body.status], [200, 'settle_scheduled']);
    assert.deepEqual(ours.body.carrier.settlement, { on: tomorrow, amount: 8000, by: 'schedule' });
    assert.deepEqual(sent(), []);

    const theirs = await settle('default-theirs', other.orderId, { by: 'gateway' });
    assert.deepEqual([theirs.status, theirs.body.status], [200, 'settle_scheduled']);
    assert.deepEqual(theirs.body.carrier.settlement, { on: tomorrow, amount: 8000, by: 'gateway' });
    assert.match(wire()[0] ?? '', new RegExp(`&date=${tomorrow.replaceAll('-', '')}$`));
    assert.deepEqual(ledger(), ['authorization 8000', 'authorization 8000']);
  });
}

test('23:54:00 and 00:00:00 JST are today', async () => {
  for (const [time, date] of [
    ['2026-12-01 23:54:00', '20261201'],
    ['2026-12-02 00:00:00', '20261202'],
  ] as const) {
    setClocks(gateway, '2026-12-01 12:00:00');
    const { orderId } = await authorized(`today-${date}`);
    setClocks(gateway, time);
    const { status, body } = await settle(`today-${date}-1`, orderId);
    assert.deepEqual([status, body.status], [200, 'paid']);
    assert.ok(wire().at(-1)?.endsWith(`date=${date}`));
  }
});

test('day 50 settles; later a booking is 400, and a settlement for today is sent and judged by the gateway', async () => {
  const fiftieth = await authorized('day-50');
  const after = await authorized('day-51');
  setClocks(gateway, '2027-01-20 23:50:00');
  assert.equal((await settle('day-50-1', fiftieth.orderId)).body.status, 'paid');
  setClocks(gateway, '2027-01-20 23:56:00');
  await gateway.idle();
  const before = sent().length;
  for (const body of [undefined, { by: 'gateway' }, { on: '2027-01-21' }, { on: '2027-01-21', by: 'gateway' }]) {
    const { status, body: answered } = await settle('day-51-1', after.orderId, body);
    assert.deepEqual([status, answered.errors[0].field], [400, 'on']);
  }
  assert.equal(sent().length, before);
  setClocks(gateway, '2027-01-21 00:00:00');
  const { status, body } = await settle('day-51-2', after.orderId);
  assert.deepEqual([status, body.gatewayCode, body.order.status], [422, '010010013', 'authorized']);
  assert.equal(sent().length, before + 1);
});

test('a late 03 does not lengthen settleBy', async () => {
  gateway.settings({ callbacks: { carrier: null } });
  const { orderId, orderNumber } = await authorized('late-03');
  assert.equal((await read(orderId)).carrier.settleBy, null);
  setClocks(gateway, '2027-01-15 12:00:00');
  await callBack(callbackFields(orderId, '03', { order_no: orderNumber }));
  assert.equal((await read(orderId)).carrier.settleBy, '2027-01-20');
  await isRefused(await settle('late-03-1', orderId, { on: '2027-01-21' }), 'on invalid');
  assert.equal((await settle('late-03-2', orderId, { on: '2027-01-20' })).body.status, 'settle_scheduled');
});

for (const by of ['schedule', 'gateway']) {
  test(`a booking (${by}) is withdrawn until the day before, and returned still on its day`, async () => {
    const { orderId } = await authorized(`until-${by}`);
    await settle(`until-${by}-1`, orderId, { on: '2026-12-05', by });
    setClocks(gateway, '2026-12-04 23:59:00');
    assert.equal((await withdraw(`until-${by}-2`, orderId)).body.status, 'authorized');
    await settle(`until-${by}-3`, orderId, { on: '2026-12-06', by });
    gateway.settings({ callbacks: { carrier: null } });
    const before = sent().length;
    for (const time of ['2026-12-06 00:00:00', '2026-12-07 12:00:00']) {
      setClocks(gateway, time);
      const { status, body } = await withdraw(`until-${by}-4`, orderId);
      assert.deepEqual([status, body.code, body.order.status], [409, 'order_state', 'settle_scheduled']);
    }
    assert.equal(sent().length, before);
    assert.equal((await giveBack(`until-${by}-5`, orderId)).body.status, 'cancelled');
  });
}
