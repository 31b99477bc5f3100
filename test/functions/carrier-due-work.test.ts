/** What EventBridge runs: settlements of our schedule on their day, lost answers, and attention before the last day. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { callbackFields, carrierCalls, runDueWork, setClocks } from '../support/carrier.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway, lines } = local;
const { settle, withdraw, giveBack, resolve, read, authorized, act, callBack, wire, sent, ledger } =
  carrierCalls(local);
beforeEach(() => {
  gateway.reset();
  setClocks(gateway, '2026-12-01 12:00:00');
});

const day = '2026-12-05';

async function booked(key: string, body: Record<string, unknown> = {}) {
  const made = await authorized(key);
  const { body: order } = await settle(`${key}-booked`, made.orderId, { on: day, ...body });
  assert.equal(order.status, 'settle_scheduled');
  return made;
}

async function runAt(time: string): Promise<void> {
  setClocks(gateway, time);
  await runDueWork();
  await gateway.idle();
}

const standing = async (orderId: string) => {
  const { status, attention } = await read(orderId);
  return [status, ...attention.map(({ reason }: { reason: string }) => reason)];
};
/** Else the bookings of one test would be due in the next one's runs. */
const finish = (orderId: string) => giveBack(`${orderId}-end`, orderId);

test('nothing before the day, and on it each is settled: the amount only where it is lower', async () => {
  const whole = await booked('whole');
  const less = await booked('less', { amount: 5000 });
  const tomorrow = await booked('tomorrow', { on: '2026-12-06' });
  await runAt('2026-12-04 23:50:00');
  assert.deepEqual(sent(), []);
  await runAt('2026-12-05 00:00:00');
  const common = (orderNumber: string) =>
    `clientip=2019000002&act=settled&order_no=${orderNumber}&zkey=89abcdef0123456789abcdef0123456789abcdef&`;
  assert.deepEqual(
    wire().toSorted(),
    [`${common(whole.orderNumber)}date=20261205`, `${common(less.orderNumber)}money=5000&date=20261205`].toSorted(),
  );
  for (const { orderId } of [whole, less]) {
    assert.deepEqual(await standing(orderId), ['paid']);
    const { history, carrier } = await read(orderId);
    assert.ok(
      history.some(
        ({ source, event, to }: Record<string, string>) =>
          source === 'schedule' && event === 'settle' && to === 'settling',
      ),
    );
    assert.deepEqual([carrier.settlement.on, carrier.settlement.by], [day, 'schedule']);
  }
  assert.deepEqual(await standing(tomorrow.orderId), ['settle_scheduled']);
  assert.deepEqual(
    ledger()
      .filter(entry => entry.startsWith('settlement'))
      .toSorted(),
    ['settlement 5000', 'settlement 8000'],
  );
  await runAt('2026-12-05 00:05:00');
  assert.equal(sent().length, 2);
  await finish(tomorrow.orderId);
});

test('what a dead schedule left over is settled with the day it is by then', async () => {
  const { orderId } = await booked('late');
  await runAt('2026-12-08 09:00:00');
  assert.match(wire()[0] ?? '', /&date=20261208$/);
  assert.deepEqual(await standing(orderId), ['paid']);
});

test('a withdrawn or returned booking is not settled', async () => {
  const withdrawn = await booked('withdrawn');
  const returned = await booked('returned');
  await withdraw('withdrawn-1', withdrawn.orderId);
  await giveBack('returned-1', returned.orderId);
  await runAt('2026-12-05 00:10:00');
  assert.deepEqual(
    sent().map(({ endpoint }) => endpoint),
    ['return'],
  );
  assert.deepEqual(await standing(withdrawn.orderId), ['authorized']);
  await finish(withdrawn.orderId);
});

test('from 23:55:00 to midnight JST nothing is settled, and right after it is', async () => {
  const { orderId } = await booked('window', { on: '2026-12-02' });
  gateway.settings({ maintenance: true });
  await runAt('2026-12-02 23:50:00');
  gateway.settings({ maintenance: false });
  const before = sent().length;
  for (const time of ['23:55:00', '23:57:30', '23:59:58']) await runAt(`2026-12-02 ${time}`);
  assert.equal(sent().length, before);
  assert.deepEqual(await standing(orderId), ['settle_scheduled']);
  await runAt('2026-12-03 00:00:00');
  assert.deepEqual([await standing(orderId), wire().at(-1)?.slice(-13)], [['paid'], 'date=20261203']);
});

test('a lost settlement is not repeated in the window either, a lost return is', async () => {
  const settled = await authorized('lost-settled');
  const returned = await authorized('lost-returned');
  gateway.arm({ endpoint: 'settle', fault: 'closed-before' });
  gateway.arm({ endpoint: 'return', fault: 'closed-before' });
  await settle('lost-settled-1', settled.orderId);
  await giveBack('lost-returned-1', returned.orderId);
  const before = await read(settled.orderId);
  await runAt('2026-12-01 23:56:00');
  assert.deepEqual(await read(settled.orderId), before);
  assert.deepEqual(
    sent().map(({ endpoint }) => endpoint),
    ['settle', 'return', 'return'],
  );
  assert.deepEqual(await standing(settled.orderId), ['settling', 'outcome_unknown']);
  assert.deepEqual(await standing(returned.orderId), ['cancelled']);
  await runAt('2026-12-02 00:00:00');
  assert.deepEqual([await standing(settled.orderId), wire().at(-1)?.slice(-13)], [['paid'], 'date=20261202']);
});

test('maintenance leaves the booking as it was, for the next run', async () => {
  const { orderId } = await booked('maintained', { amount: 5000 });
  gateway.arm({ endpoint: 'settle', fault: 'maintenance' });
  const before = await read(orderId);
  await runAt('2026-12-05 00:10:00');
  const met = await read(orderId);
  assert.deepEqual([met.status, met.attention, met.carrier], ['settle_scheduled', [], before.carrier]);
  await runAt('2026-12-05 00:15:00');
  assert.deepEqual([await standing(orderId), ledger().at(-1), sent().length], [['paid'], 'settlement 5000', 2]);
});

test('a refusal raises settlement_due, and is tried again the next day, not before', async () => {
  const { orderId } = await booked('refused', { amount: 5000 });
  gateway.arm({ endpoint: 'settle', fault: 'refusal', code: '010010006' });
  const before = await read(orderId);
  await runAt('2026-12-05 00:10:00');
  const refused = await read(orderId);
  assert.deepEqual(
    [await standing(orderId), refused.attention[0].note, refused.carrier],
    [['settle_scheduled', 'settlement_due'], '2026-12-05, code 010010006', before.carrier],
  );
  assert.equal(refused.history.at(-1).code, '010010006');
  for (const time of ['00:15:00', '12:00:00', '23:50:00']) await runAt(`2026-12-05 ${time}`);
  assert.equal(sent().length, 1);
  await runAt('2026-12-06 00:00:00');
  assert.deepEqual([await standing(orderId), ledger().at(-1), sent().length], [['paid'], 'settlement 5000', 2]);
});

test('a lost answer is repeated in the next run, with the same amount, and takes effect once', async () => {
  for (const fault of ['lost-answer', 'closed-before', 'truncated', 'garbage'] as const) {
    setClocks(gateway, '2026-12-01 12:00:00');
    const { orderId } = await booked(fault, { amount: 5000 });
    gateway.settings({ callbacks: { carrier: null } });
    gateway.arm({ endpoint: 'settle', fault });
    await runAt('2026-12-05 00:10:00');
    assert.deepEqual(await standing(orderId), ['settling', 'outcome_unknown'], fault);
    await runAt('2026-12-05 00:15:00');
    assert.deepEqual(await standing(orderId), ['paid'], fault);
    assert.deepEqual(ledger(), ['authorization 8000', 'settlement 5000'], fault);
    gateway.reset();
  }
});

test('a refusal after a lost answer proves nothing: it stays open and is repeated after a longer pause', async () => {
  const { orderId } = await booked('lost-refused');
  gateway.arm({ endpoint: 'settle', fault: 'closed-before' });
  gateway.arm({ endpoint: 'settle', fault: 'refusal', code: '010010006' });
  for (const [time, requests] of [
    ['00:10', 1],
    ['00:15', 2],
    ['00:20', 2],
  ] as const) {
    await runAt(`2026-12-05 ${time}:00`);
    assert.deepEqual([await standing(orderId), sent().length], [['settling', 'outcome_unknown'], requests], time);
  }
  await runAt('2026-12-05 00:25:00');
  assert.deepEqual([await standing(orderId), ledger().at(-1)], [['paid'], 'settlement 8000']);
});

test('settlement_due is raised five days before settleBy, once, and not where our schedule has it', async () => {
  const open = await authorized('open');
  const ours = await booked('ours', { on: '2027-01-19' });
  assert.equal((await read(open.orderId)).carrier.settleBy, '2027-01-20');
  await runAt('2027-01-14 23:59:58');
  assert.deepEqual(await standing(open.orderId), ['authorized']);
  lines.length = 0;
  await runAt('2027-01-15 00:00:00');
  assert.deepEqual(await standing(open.orderId), ['authorized', 'settlement_due']);
  assert.deepEqual(await standing(ours.orderId), ['settle_scheduled']);
  assert.equal(lines.filter(line => (line as { event: string }).event === 'attention').length, 1);
  const raised = await read(open.orderId);
  assert.deepEqual((await resolve('open-seen', open.orderId, 'acknowledged')).body.attention, []);
  for (const time of ['2027-01-15 00:05:00', '2027-01-18 12:00:00', '2027-01-20 12:00:00']) await runAt(time);
  const after = await read(open.orderId);
  assert.deepEqual([after.attention, after.history.length], [[], raised.history.length + 1]);
  assert.deepEqual([await standing(ours.orderId), ledger().at(-1)], [['paid'], 'settlement 8000']);
});

test('06 of a due settlement, before its answer or after, is final', async () => {
  for (const fault of ['late-answer', 'callback-first'] as const) {
    setClocks(gateway, '2026-12-01 12:00:00');
    const { orderId, orderNumber } = await booked(`06-${fault}`);
    await act(orderNumber, 'next-settlement-fails');
    gateway.arm({ endpoint: 'settle', fault, ms: 50 });
    await runAt('2026-12-05 00:10:00');
    assert.equal((await read(orderId)).status, 'settle_failed');
    const before = sent().length;
    await runAt('2026-12-06 00:10:00');
    assert.equal(sent().length, before);
  }
});

test('without time to end in, nothing is begun, and what fails makes the run fail', async () => {
  const { orderId } = await booked('no-time');
  setClocks(gateway, '2026-12-05 00:10:00');
  lines.length = 0;
  await runDueWork(60);
  assert.deepEqual([sent(), await standing(orderId)], [[], ['settle_scheduled']]);
  const summary = lines.find(line => (line as { event: string }).event === 'due_work') as { left: number };
  assert.ok(summary.left >= 1);
  await callBack(callbackFields(orderId, '08', { order_no: (await read(orderId)).gateway.orderNumber }));
  await runDueWork();
  assert.deepEqual(await standing(orderId), ['cancelled']);
});
