/** The whole life of an order: the payer's form, the carrier's pages, a booking, its day, and the money back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { post } from '../local/simulator/support.ts';
import { carrierCalls, runDueWork, setClocks } from '../support/carrier.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal({ testPayments: 'accept' });
const { gateway } = local;
const { order, submit, settle, withdraw, giveBack, read, sent, ledger, knownAs } = carrierCalls(local);

/** The payer presses a button of a hosted page. */
async function press(path: string, orderNumber: string, button: string): Promise<string> {
  const { body } = await post(gateway.url + path, { order: orderNumber, do: button });
  await gateway.idle();
  return new TextDecoder('shift_jis').decode(body);
}

async function runAt(time: string): Promise<void> {
  setClocks(gateway, time);
  await runDueWork();
  await gateway.idle();
}

for (const [carrier, amount, settled] of [
  ['docomo', 8000, 5000],
  ['au', 50_000, 50_000],
  ['softbank', 100_000, 100_000],
] as const) {
  test(`${carrier}: form, authorized, booked, due work, paid, returned`, async () => {
    gateway.reset();
    setClocks(gateway, '2026-12-01 12:00:00');
    const success = { url: 'https://shop.example/ok', text: 'お店へ戻る' };
    const opened = await order(carrier, { carrier, amount, success, name: 'そ ゔ ｿﾞｰ', test: { id: '12345678' } });
    const { orderId } = opened.body;
    assert.deepEqual([opened.status, opened.body.status, opened.body.test], [201, 'awaiting_customer', true]);

    const orderNumber = await submit(opened.body.form);
    assert.equal(knownAs(orderNumber)?.username, 'ソヴゾー_12345678');
    assert.match(await press('/carrier/pay', orderNumber, 'proceed'), /支払完了テスト/);
    assert.match(
      await press('/carrier/done', orderNumber, 'complete'),
      /href="https:\/\/shop\.example\/ok">お店へ戻る</,
    );
    const authorized = await read(orderId);
    assert.deepEqual([authorized.status, authorized.gateway.orderNumber], ['authorized', orderNumber]);
    assert.equal(authorized.carrier.settleBy, '2027-01-20');

    const other = await settle(`${carrier}-booked-wrong`, orderId, { on: '2026-12-20' });
    assert.equal(other.body.status, 'settle_scheduled');
    assert.equal((await withdraw(`${carrier}-withdrawn`, orderId)).body.status, 'authorized');
    const booked = await settle(`${carrier}-booked`, orderId, { on: '2026-12-10', amount: settled });
    assert.deepEqual(booked.body.carrier.settlement, { on: '2026-12-10', amount: settled, by: 'schedule' });
    await runAt('2026-12-09 23:54:00');
    assert.deepEqual([(await read(orderId)).status, sent().length], ['settle_scheduled', 0]);
    await runAt('2026-12-10 00:03:00');
    assert.deepEqual([(await read(orderId)).status, sent().length], ['paid', 1]);
    for (const time of ['2026-12-10 00:08:00', '2026-12-20 00:03:00', '2027-01-15 00:03:00']) await runAt(time);

    const returned = await giveBack(`${carrier}-returned`, orderId);
    assert.deepEqual([returned.status, returned.body.status], [200, 'cancelled']);
    await gateway.idle();
    const ended = await read(orderId);
    assert.deepEqual([ended.status, ended.attention, ended.failure, ended.amount], ['cancelled', [], null, amount]);
    assert.deepEqual([ended.paid.amount, ended.returned.amount], [settled, settled]);
    assert.deepEqual(ledger(), [`authorization ${amount}`, `settlement ${settled}`, `return ${settled}`]);
    assert.deepEqual(
      gateway.requests().flatMap(({ violations }) => violations),
      [],
    );
    const moves = ended.history.filter(({ from, to }: Record<string, string>) => from !== to);
    assert.deepEqual(
      moves.map(({ to }: { to: string }) => to).join(' '),
      'awaiting_customer authorized settle_scheduled authorized settle_scheduled settling paid cancelling cancelled',
    );
    const events = ended.history.map(({ source, event }: Record<string, string>) => `${source} ${event}`);
    for (const event of [
      'api book',
      'schedule settle',
      'callback carrier_03',
      'callback carrier_07',
      'callback carrier_08',
    ]) {
      assert.ok(events.includes(event), event);
    }
  });
}

test('an immediate sale needs no settlement: 07 alone makes it paid', async () => {
  gateway.reset();
  gateway.settings({ carrierSale: 'immediate' });
  setClocks(gateway, '2026-12-01 12:00:00');
  const { body } = await order('immediate');
  const orderNumber = await submit(body.form);
  await press('/carrier/done', orderNumber, 'complete');
  const paid = await read(body.orderId);
  const reasons = paid.attention.map(({ reason }: { reason: string }) => reason);
  assert.deepEqual([paid.status, reasons, paid.gateway], ['paid', [], { orderNumber, status: '07' }]);
  assert.equal((await settle('immediate-1', body.orderId)).status, 409);
  assert.equal((await giveBack('immediate-2', body.orderId)).body.status, 'cancelled');
  assert.deepEqual(ledger(), ['settlement 8000', 'return 8000']);
});
