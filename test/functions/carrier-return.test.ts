import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { carrierCalls, runDueWork, setClocks } from '../support/carrier.ts';
import { startLocal, until } from '../support/local.ts';

const local = await startLocal();
const { gateway, call } = local;
const { settle, withdraw, giveBack, read, order, authorized, act, wire, sent, ledger, knownAs } = carrierCalls(local);
beforeEach(begin);

function begin(): void {
  gateway.reset();
  gateway.settings({ optionalCallbacks: ['carrier-provisional-return'] });
  setClocks(gateway, '2026-12-01 12:00:00');
}

const returns = () => gateway.ledger().filter(({ kind }) => kind === 'return');
const reasonsOf = ({ attention }: { attention: { reason: string }[] }) => attention.map(({ reason }) => reason);

async function runAt(time: string): Promise<void> {
  setClocks(gateway, time);
  await runDueWork();
}

const sentReturns = () => sent().filter(({ endpoint }) => endpoint === 'return');

/** An order in each status that can be returned; what the gateway knows of it, and whether money had moved. */
const starts: Record<string, (orderId: string, key: string) => Promise<unknown>> = {
  authorized: async () => {},
  'booked by us': (orderId, key) => settle(`${key}-1`, orderId, { on: '2026-12-05' }),
  'booked by us for less': (orderId, key) => settle(`${key}-1`, orderId, { on: '2026-12-05', amount: 5000 }),
  'booked at the gateway': (orderId, key) => settle(`${key}-1`, orderId, { on: '2026-12-05', by: 'gateway' }),
  paid: (orderId, key) => settle(`${key}-1`, orderId),
  'paid for less': (orderId, key) => settle(`${key}-1`, orderId, { amount: 5000 }),
};

for (const [name, start] of Object.entries(starts)) {
  test(`${name}: 200 cancelled, one request byte for byte, and its 08 repeats it`, async () => {
    const { orderId, orderNumber } = await authorized(name);
    await start(orderId, name);
    await gateway.idle();
    const { status, body } = await giveBack(`${name}-2`, orderId);
    assert.deepEqual([status, body.status, body.attention], [200, 'cancelled', []]);
    const zkey = '89abcdef0123456789abcdef0123456789abcdef';
    assert.equal(wire().at(-1), `clientip=2019000002&act=return&order_no=${orderNumber}&zkey=${zkey}`);
    assert.deepEqual([sentReturns().length, sent().at(-1)?.violations, returns().length], [1, [], 1]);
    await gateway.idle();
    const after = await read(orderId);
    assert.deepEqual([after.status, after.attention, after.gateway.status], ['cancelled', [], '08']);
    const settled = { paid: 8000, 'paid for less': 5000 }[name] ?? null;
    assert.deepEqual([after.paid?.amount ?? null, after.returned?.amount ?? null], [settled, settled]);
    if (name.startsWith('booked by us')) assert.equal(body.carrier.settlement, null);

    const replayed = await giveBack(`${name}-2`, orderId);
    assert.deepEqual(
      [replayed.status, replayed.headers['idempotent-replayed'], replayed.body.status],
      [200, 'true', 'cancelled'],
    );
    const another = await giveBack(`${name}-3`, orderId);
    assert.deepEqual(
      [another.status, another.headers['idempotent-replayed'], another.body.status],
      [200, undefined, 'cancelled'],
    );
    assert.equal(sentReturns().length, 1);
  });

  test(`${name}: refused, 422 with the code and the order as it was, its booking too, and once more`, async () => {
    const { orderId } = await authorized(`${name} refused`);
    await start(orderId, `${name} refused`);
    await gateway.idle();
    const before = await read(orderId);
    gateway.arm({ endpoint: 'return', fault: 'refusal', code: '010100031' });
    const { status, headers, body } = await giveBack(`${name} refused-2`, orderId);
    assert.deepEqual([status, headers['content-type']], [422, 'application/problem+json']);
    assert.deepEqual([body.code, body.gatewayCode], ['gateway_refused', '010100031']);
    assert.match(body.gatewayMeaning, /^[ -~]{5,}$/);
    for (const shown of [body.order, await read(orderId)]) {
      assert.deepEqual([shown.status, shown.attention, shown.carrier], [before.status, [], before.carrier]);
    }
    assert.equal((await giveBack(`${name} refused-2`, orderId)).body.status, 'cancelled');
  });

  test(`${name}: maintenance, 503 with Retry-After and the order as it was`, async () => {
    const { orderId } = await authorized(`${name} maintained`);
    await start(orderId, `${name} maintained`);
    await gateway.idle();
    const before = await read(orderId);
    gateway.settings({ maintenance: true });
    const { status, headers, body } = await giveBack(`${name} maintained-2`, orderId);
    assert.deepEqual([status, body.code, headers['retry-after'] !== undefined], [503, 'gateway_maintenance', true]);
    assert.deepEqual([body.order.status, body.order.carrier], [before.status, before.carrier]);
  });

  for (const fault of ['lost-answer', 'closed-before', 'truncated', 'http-500', 'garbage'] as const) {
    test(`${name}: answer lost (${fault}), 202, repeated by each, returned once`, async () => {
      for (const who of ['same key', 'new key', 'due work']) {
        begin();
        const key = `${name} ${fault} ${who}`;
        const { orderId } = await authorized(key);
        await start(orderId, key);
        await gateway.idle();
        gateway.settings({ callbacks: { carrier: null } });
        gateway.arm({ endpoint: 'return', fault });
        const { status, body } = await giveBack(`${key}-2`, orderId);
        assert.deepEqual([status, body.status, reasonsOf(body)], [202, 'cancelling', ['outcome_unknown']]);
        if (who === 'due work') await runAt('2026-12-01 12:05:00');
        else await giveBack(`${key}-${who === 'same key' ? 2 : 3}`, orderId);
        const after = await read(orderId);
        assert.deepEqual([after.status, after.attention, returns().length], ['cancelled', [], 1]);
      }
    });
  }
}

test('a return the carrier cannot do: 422, then 09: paid with cancel_failed, once', async () => {
  const { orderId, orderNumber } = await authorized('cancel-failed');
  await settle('cancel-failed-1', orderId);
  await gateway.idle();
  await act(orderNumber, 'next-return-fails');
  const { status, body } = await giveBack('cancel-failed-2', orderId);
  assert.deepEqual([status, body.gatewayCode, body.order.status], [422, '010100086', 'paid']);
  await gateway.idle();
  const after = await read(orderId);
  assert.deepEqual([after.status, reasonsOf(after), after.paid.amount], ['paid', ['cancel_failed'], 8000]);
  await gateway.resend(gateway.callbacks().at(-1)?.id ?? '');
  assert.deepEqual((await read(orderId)).history, after.history);
  // 09 outranks the answer of a return (contract 1.5), until the 08 of that return comes.
  const again = await giveBack('cancel-failed-3', orderId);
  assert.deepEqual(
    [again.status, again.body.status, reasonsOf(again.body)],
    [200, 'paid', ['contradiction', 'cancel_failed']],
  );
  await gateway.idle();
  const returned = await read(orderId);
  assert.deepEqual([returned.status, reasonsOf(returned), returned.returned.amount], ['cancelled', [], 8000]);
});

test('the gateway judges the windows: 50 days from completion, or from settlement', async () => {
  const released = await authorized('released-late');
  const paid = await authorized('paid-late');
  setClocks(gateway, '2027-01-20 11:00:00');
  await settle('paid-late-1', paid.orderId);
  await gateway.idle();
  setClocks(gateway, '2027-01-20 13:00:00');
  const late = await giveBack('released-late-1', released.orderId);
  assert.deepEqual([late.status, late.body.gatewayCode, late.body.order.status], [422, '010010113', 'authorized']);
  setClocks(gateway, '2027-03-11 10:00:00');
  assert.equal((await giveBack('paid-late-2', paid.orderId)).body.status, 'cancelled');
});

test('not in this status: 409 and nothing is sent; no such order: 404; a body: 400', async () => {
  const waiting = (await order('waits')).body.orderId;
  const answered = await giveBack('waits-1', waiting);
  assert.deepEqual(
    [answered.status, answered.body.code, answered.body.order.status],
    [409, 'order_state', 'awaiting_customer'],
  );
  const failing = await authorized('fails');
  await act(failing.orderNumber, 'fail-settlement');
  assert.equal((await giveBack('fails-1', failing.orderId)).status, 409);
  assert.equal((await giveBack('absent-1', orderIdOf('test', 'no such order'))).body.code, 'order_not_found');
  const { orderId } = await authorized('bodies');
  const withBody = (body: unknown) => call('POST', `/carrier/orders/${orderId}/return`, { key: 'bodies-1', body });
  assert.deepEqual([(await withBody({ amount: 1 })).status, (await withBody([])).status], [400, 400]);
  assert.deepEqual(sent(), []);
  assert.equal((await withBody({})).status, 200);
  assert.equal((await giveBack('bodies-1', orderId)).headers['idempotent-replayed'], 'true');
});

test('while the return runs: 409 in_progress for a return, order_state for everything else on the order', async () => {
  const { orderId } = await authorized('running');
  gateway.settings({ callbacks: { carrier: null } });
  gateway.arm({ endpoint: 'return', fault: 'late-answer', ms: 300 });
  const running = giveBack('running-1', orderId);
  await until(async () => sent().length === 1, 'the return');
  for (const key of ['running-1', 'running-2']) {
    const { status, body, headers } = await giveBack(key, orderId);
    assert.deepEqual([status, body.code, headers['retry-after'] !== undefined], [409, 'in_progress', true]);
  }
  const others = [
    settle('running-3', orderId),
    settle('running-4', orderId, { on: '2026-12-05' }),
    withdraw('running-5', orderId),
  ];
  for (const { status, body } of await Promise.all(others)) {
    assert.deepEqual([status, body.code, body.order.status], [409, 'order_state', 'cancelling']);
  }
  assert.deepEqual([(await running).body.status, sent().length], ['cancelled', 1]);
});

test('a return in the console at the gateway: cancelled, whatever was booked here', async () => {
  for (const body of [undefined, { on: '2026-12-05' }, { on: '2026-12-05', by: 'gateway' }]) {
    begin();
    const key = `console-${JSON.stringify(body)}`;
    const { orderId, orderNumber } = await authorized(key);
    await settle(`${key}-1`, orderId, body);
    await gateway.idle();
    const zkey = '89abcdef0123456789abcdef0123456789abcdef';
    await fetch(`${gateway.url}/cgi-bin/carrier/secure.cgi`, {
      method: 'POST',
      body: new URLSearchParams({ clientip: '2019000002', act: 'return', order_no: orderNumber, zkey }),
    });
    await gateway.idle();
    const after = await read(orderId);
    assert.deepEqual([after.status, after.attention, ledger().at(-1)], ['cancelled', [], 'return 8000']);
    setClocks(gateway, '2026-12-05 00:10:00');
    await runDueWork();
    assert.equal(knownAs(orderNumber)?.status.endsWith('cancelled'), true);
    assert.equal((await read(orderId)).status, 'cancelled');
  }
});
