/** Contract 1.1 and 1.6: keys, lost answers, and what is sent again. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { carrierCalls, runDueWork, setClocks } from '../support/carrier.ts';
import { startLocal, until } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { settle, withdraw, giveBack, read, authorized, wire, sent, ledger, knownAs } = carrierCalls(local);
beforeEach(begin);

function begin(): void {
  gateway.reset();
  setClocks(gateway, '2026-12-01 12:00:00');
}

async function runAt(time: string): Promise<void> {
  setClocks(gateway, time);
  await runDueWork();
}

const reasonsOf = ({ attention }: { attention: { reason: string }[] }) => attention.map(({ reason }) => reason);

/** Faults after which nothing is known; the first two took effect. */
const unheard = ['lost-answer', 'truncated', 'closed-before'] as const;
type Fault = (typeof unheard)[number] | 'garbage' | 'http-500';

/** A settlement whose answer was lost and whose callback does not come. */
async function lostSettle(key: string, body?: Record<string, unknown>, fault: Fault = 'lost-answer') {
  const { orderId, orderNumber } = await authorized(key);
  gateway.settings({ callbacks: { carrier: null } });
  gateway.arm({ endpoint: 'settle', fault });
  const answered = await settle(`${key}-1`, orderId, body);
  return { orderId, orderNumber, answered };
}

for (const fault of [...unheard, 'garbage', 'http-500'] as const) {
  test(`answer lost (${fault}): 202 settling with outcome_unknown, and it takes effect once, repeated by any of the three`, async () => {
    for (const who of ['same key', 'new key', 'due work']) {
      begin();
      const key = `${fault}-${who}`;
      const { orderId, answered } = await lostSettle(key, { amount: 5000 }, fault);
      assert.deepEqual([answered.status, answered.body.status], [202, 'settling']);
      assert.deepEqual(reasonsOf(answered.body), ['outcome_unknown']);
      assert.deepEqual(answered.body.carrier.settlement, { on: '2026-12-01', amount: 5000, by: 'schedule' });
      if (who === 'due work') await runAt('2026-12-01 12:05:00');
      else await settle(`${key}-${who === 'same key' ? 1 : 2}`, orderId, { amount: 5000 });
      const { status, attention } = await read(orderId);
      assert.deepEqual([status, attention], ['paid', []]);
      assert.deepEqual(ledger(), ['authorization 8000', 'settlement 5000']);
      assert.equal(wire()[1], wire()[0]);
      const replayed = await settle(`${key}-1`, orderId, { amount: 5000 });
      assert.deepEqual([replayed.status, replayed.headers['idempotent-replayed']], [200, 'true']);
      assert.equal(sent().length, 2);
    }
  });
}

test('a callback settles what a lost answer left open, and nothing is sent again', async () => {
  const { orderId } = await authorized('by-callback');
  gateway.arm({ endpoint: 'settle', fault: 'lost-answer' });
  await settle('by-callback-1', orderId);
  await gateway.idle();
  const { status, attention } = await read(orderId);
  assert.deepEqual([status, attention], ['paid', []]);
  await runAt('2026-12-01 12:05:00');
  const replayed = await settle('by-callback-1', orderId);
  assert.deepEqual([replayed.status, replayed.headers['idempotent-replayed'], sent().length], [200, 'true', 1]);
});

test('while the first send runs: the same is 409 in_progress with Retry-After under any key, everything else 409 order_state', async () => {
  const { orderId } = await authorized('running');
  gateway.settings({ callbacks: { carrier: null } });
  gateway.arm({ endpoint: 'settle', fault: 'late-answer', ms: 300 });
  const running = settle('running-1', orderId);
  await until(async () => sent().length === 1, 'the settlement');
  for (const key of ['running-1', 'running-2']) {
    const { status, headers, body } = await settle(key, orderId);
    assert.deepEqual([status, body.code], [409, 'in_progress']);
    assert.match(String(headers['retry-after']), /^\d+$/);
  }
  for (const answered of [
    await settle('running-3', orderId, { on: '2026-12-02' }),
    await settle('running-4', orderId, { amount: 7999 }),
    await withdraw('running-5', orderId),
    await giveBack('running-6', orderId),
  ]) {
    assert.deepEqual(
      [answered.status, answered.body.code, answered.body.order.status],
      [409, 'order_state', 'settling'],
    );
  }
  assert.deepEqual([(await running).body.status, sent().length], ['paid', 1]);
});

test('ten equal settlements at once: one request', async () => {
  const { orderId } = await authorized('at-once');
  const all = await Promise.all(Array.from({ length: 10 }, () => settle('at-once-1', orderId)));
  assert.deepEqual(
    [...new Set(all.map(({ status }) => status))].toSorted(),
    [200, 409].slice(0, new Set(all.map(({ status }) => status)).size),
  );
  assert.deepEqual([sent().length, ledger()], [1, ['authorization 8000', 'settlement 8000']]);
});

test('a key is bound to its request, and the last ten are kept', async () => {
  const { orderId } = await authorized('keys');
  await settle('keys-0', orderId, { on: '2026-12-02' });
  for (const answered of [
    await settle('keys-0', orderId, { on: '2026-12-03' }),
    await withdraw('keys-0', orderId),
    await giveBack('keys-0', orderId),
  ]) {
    assert.deepEqual([answered.status, answered.body.code], [422, 'idempotency_key_reused']);
  }
  const again = await settle('keys-0', orderId, { on: '2026-12-02' });
  assert.deepEqual([again.status, again.headers['idempotent-replayed']], [200, 'true']);
});

test('while a lost settlement is open another one is 409, and nothing is sent', async () => {
  const others = [
    ['another amount', { amount: 4000 }],
    ['the first amount, not given', undefined],
    ['the first amount, given', { amount: 8000 }],
    ['a later day of ours', { amount: 5000, on: '2026-12-05' }],
    ['a later day at the gateway', { amount: 5000, on: '2026-12-05', by: 'gateway' }],
  ] as const;
  for (const [name, body] of others) {
    begin();
    const { orderId } = await lostSettle(`other-${name}`, { amount: 5000 }, 'closed-before');
    const { status, body: answered } = await settle(`other-${name}-2`, orderId, body);
    assert.deepEqual([status, answered.code, sent().length], [409, 'order_state', 1], name);
    assert.deepEqual(ledger(), ['authorization 8000'], name);
    await runAt('2026-12-01 12:05:00');
    const { status: after, paid } = await read(orderId);
    assert.deepEqual([after, paid.amount, ledger().at(-1)], ['paid', 5000, 'settlement 5000'], name);
  }
});

test('while a lost booking at the gateway is open nothing is settled now', async () => {
  const booking = { on: '2026-12-05', by: 'gateway' };
  const { orderId } = await lostSettle('lost-booking', booking, 'closed-before');
  for (const other of [undefined, { on: '2026-12-05' }, { on: '2026-12-06', by: 'gateway' }]) {
    const { status, body } = await settle('lost-booking-2', orderId, other);
    assert.deepEqual([status, body.code, sent().length], [409, 'order_state', 1]);
  }
  const repeated = await settle('lost-booking-3', orderId, booking);
  assert.deepEqual([repeated.status, repeated.body.carrier.settlement.on], [200, '2026-12-05']);
});

test('a key that the gateway refused before does not stand for the settlement that is out now', async () => {
  const { orderId } = await authorized('refused-key');
  gateway.arm({ endpoint: 'settle', fault: 'refusal', code: '010010006' });
  gateway.arm({ endpoint: 'settle', fault: 'closed-before' });
  assert.equal((await settle('refused-key-1', orderId, { amount: 5000 })).status, 422);
  assert.equal((await settle('refused-key-2', orderId)).status, 202);
  assert.equal((await settle('refused-key-1', orderId, { amount: 5000 })).status, 409);
  assert.equal((await settle('refused-key-2', orderId)).body.carrier.settlement.amount, 8000);
});

test('the same key after 23:55 JST is the same request, not a booking for tomorrow: nothing is sent, nothing is 409', async () => {
  const { orderId } = await lostSettle('into-window');
  setClocks(gateway, '2026-12-01 23:56:00');
  const { status, body } = await settle('into-window-1', orderId);
  assert.ok([202, 503].includes(status), `${status} ${body.code}`);
  assert.deepEqual([(await read(orderId)).status, sent().length], ['settling', 1]);
  setClocks(gateway, '2026-12-02 00:00:00');
  assert.deepEqual(
    [(await settle('into-window-1', orderId)).body.status, ledger().at(-1)],
    ['paid', 'settlement 8000'],
  );
});

test('a booking for tomorrow, asked for without a day after 23:55, is repeated by its key', async () => {
  const { orderId } = await authorized('window-booking');
  setClocks(gateway, '2026-12-01 23:56:00');
  gateway.arm({ endpoint: 'settle', fault: 'closed-before' });
  assert.equal((await settle('window-booking-1', orderId, { by: 'gateway' })).status, 202);
  const { status, body } = await settle('window-booking-1', orderId, { by: 'gateway' });
  assert.deepEqual([status, body.status, body.carrier.settlement.on], [200, 'settle_scheduled', '2026-12-02']);
});

test('a settlement of yesterday whose answer was lost is repeated with today as its day', async () => {
  const { orderId, orderNumber } = await lostSettle('next-day', { on: '2026-12-01', amount: 5000 }, 'closed-before');
  setClocks(gateway, '2026-12-02 00:00:00');
  const { status, body } = await settle('next-day-1', orderId, { on: '2026-12-01', amount: 5000 });
  assert.deepEqual([status, body.status, knownAs(orderNumber)?.status], [200, 'paid', 'settled']);
  assert.match(wire()[1] ?? '', /&money=5000&date=20261202$/);
});

test('the same key the next day is a replay, though its day is past by now', async () => {
  const { orderId } = await authorized('replayed-late');
  const request = { on: '2026-12-01' };
  gateway.arm({ endpoint: 'settle', fault: 'lost-answer' });
  gateway.arm({ endpoint: 'settle', fault: 'no-callback' });
  assert.equal((await settle('replayed-late-1', orderId, request)).status, 202);
  await gateway.resend(gateway.callbacks().at(-1)?.id ?? '');
  assert.equal((await read(orderId)).status, 'paid');
  for (const time of ['2026-12-01 23:56:00', '2026-12-02 00:00:00']) {
    setClocks(gateway, time);
    const { status, headers, body } = await settle('replayed-late-1', orderId, request);
    assert.deepEqual([status, headers['idempotent-replayed'], body.status], [200, 'true', 'paid'], time);
  }
});

test('a withdrawal whose answer was lost: 202, stays settle_scheduled, and is repeated', async () => {
  const { orderId, orderNumber } = await authorized('withdrawn');
  await settle('withdrawn-1', orderId, { on: '2026-12-05', by: 'gateway' });
  gateway.arm({ endpoint: 'settle', fault: 'closed-before' });
  const { status, body } = await withdraw('withdrawn-2', orderId);
  assert.deepEqual([status, body.status, reasonsOf(body)], [202, 'settle_scheduled', ['outcome_unknown']]);
  assert.equal((await settle('withdrawn-3', orderId, { on: '2026-12-06' })).status, 409);
  await runAt('2026-12-01 12:05:00');
  const after = await read(orderId);
  assert.deepEqual([after.status, after.carrier.settlement, after.attention], ['authorized', null, []]);
  assert.equal(knownAs(orderNumber)?.status, 'authorized');
  assert.equal((await withdraw('withdrawn-2', orderId)).headers['idempotent-replayed'], 'true');
});

test('a lost withdrawal is repeated on the booked day as well, by the key that began it', async () => {
  const { orderId, orderNumber } = await authorized('withdrawn-late');
  await settle('withdrawn-late-1', orderId, { on: '2026-12-05', by: 'gateway' });
  gateway.arm({ endpoint: 'settle', fault: 'lost-answer' });
  assert.equal((await withdraw('withdrawn-late-2', orderId)).status, 202);
  assert.equal(knownAs(orderNumber)?.status, 'authorized');
  setClocks(gateway, '2026-12-05 12:00:00');
  const { status, body } = await withdraw('withdrawn-late-2', orderId);
  assert.deepEqual([status, body.status, sent().length], [202, 'settle_scheduled', 3]);
});
