/** The carrier table of contract 1.5, and what surrounds it, through the public function. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { externalOrderId } from '../../shared/domain/identity.ts';
import type { Order } from '../../shared/domain/order.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import { callbackFields, carrierCalls, type Fields } from '../support/carrier.ts';
import { standingOf } from '../support/carrier-case.ts';
import { startLocal } from '../support/local.ts';
import { anOrder, begun, idOf, settlementOn, told, usual } from '../support/orders.ts';
import { dynamoOf } from '../support/table.ts';

const local = await startLocal();
const { engine, lines } = local;
const { callBack } = carrierCalls(local);
const store = ordersTable(dynamoOf(engine.endpoint), 'orders');

let count = 0;
async function keep(order: Order): Promise<string> {
  count += 1;
  const orderId = idOf(`callback-${count}-`);
  assert.ok((await store.create({ ...order, orderId })).stored);
  return orderId;
}

const find = async (orderId: string): Promise<Order> => (await store.find(orderId)) ?? assert.fail(orderId);
/** As it is shown, with what is stored. */
const shown = async (orderId: string) => {
  const order = await find(orderId);
  return { ...order, ...summarize(order) };
};

/** Answered `successok`, whatever it says. */
async function called(orderId: string, status: string, changes: Fields = {}): Promise<Order> {
  assert.deepEqual(await callBack(callbackFields(orderId, status, changes)), [200, 'successok']);
  return find(orderId);
}

const same = null;
/** By status and callback: what the order then is; `same`: as before. */
const table: Record<keyof typeof usual.carrier, Record<string, string | null>> = {
  awaiting_customer: { '02': 'declined', '03': 'authorized', '06': 'settle_failed', '07': 'paid' },
  declined: { '02': same, '03': 'authorized', '06': 'settle_failed', '07': 'paid' },
  authorized: { '02': same, '03': same, '06': 'settle_failed', '07': 'paid' },
  settle_scheduled: { '02': same, '03': same, '06': 'settle_failed', '07': 'paid' },
  settling: { '02': same, '03': same, '06': 'settle_failed', '07': 'paid' },
  settle_failed: { '02': same, '03': same, '06': same, '07': 'paid contradiction' },
  paid: { '02': same, '03': same, '06': 'paid contradiction', '07': same },
  cancelling: { '02': same, '03': same, '06': 'cancelling outcome_unknown contradiction', '07': same },
  cancelled: { '02': same, '03': same, '06': same, '07': same, '09': 'paid contradiction cancel_failed' },
};

for (const [name, make] of Object.entries<() => Order>(usual.carrier)) {
  test(`${name}: every callback, and the same once more, which writes nothing`, async () => {
    const row = { '08': 'cancelled', '09': 'paid cancel_failed', ...table[name as keyof typeof table] };
    assert.equal(Object.keys(row).length, 6);
    for (const [status, expected] of Object.entries(row)) {
      const orderId = await keep(make());
      const before = await find(orderId);
      const isKnown = before.callbacks.some(callback => callback.status === status);
      lines.length = 0;
      const changes = { error_code: status === '02' ? '010201301' : '-' };
      const after = await called(orderId, status, changes);
      const what = `${status} while ${name}`;
      assert.equal(standingOf(after).join(' '), expected ?? standingOf(before).join(' '), what);
      assert.equal(after.version, before.version + (isKnown ? 0 : 1), what);
      if (!isKnown) assert.equal(after.history.at(-1)?.event, `carrier_${status}`, what);
      assert.deepEqual(await called(orderId, status, changes), after, what);
    }
  });
}

test('02 keeps its code with the meaning, and 03 clears it', async () => {
  for (const [code, meaning] of [
    ['010201301', /./],
    ['019999999', /./],
    ['029999999', /maintenance/i],
    ['009999999', /parameter/i],
  ] as const) {
    const orderId = await keep(anOrder('carrier'));
    await called(orderId, '02', { error_code: code });
    const { failure } = await shown(orderId);
    assert.deepEqual([failure?.reason, failure?.code], ['refused', code]);
    assert.match(failure?.message ?? '', meaning);
    await called(orderId, '03');
    const after = await shown(orderId);
    assert.deepEqual([after.status, after.failure, after.carrier?.settleBy], ['authorized', null, '2027-01-09']);
  }
});

test('a status no manual lists: stored, no move, unlisted_status, the status as its code', async () => {
  for (const status of ['01', '04', '05', '10', '99', 'OK', '7']) {
    const after = await called(await keep(usual.carrier.authorized()), status);
    assert.deepEqual(standingOf(after), ['authorized', 'unlisted_status']);
    const { event, code } = after.history.at(-1) ?? {};
    assert.deepEqual([event, code], ['carrier_unlisted', status]);
  }
});

test('another amount or IP code: stored, no move; absent: counted, and history says unchecked', async () => {
  const mismatches: [Fields, string][] = [
    [{ money: '7999' }, 'amount_mismatch'],
    [{ money: '0' }, 'amount_mismatch'],
    [{ money: 'x' }, 'amount_mismatch'],
    [{ clientip: '2019000003' }, 'ip_code_mismatch'],
  ];
  for (const status of ['03', '07', '08']) {
    for (const [changes, reason] of mismatches) {
      const orderId = await keep(anOrder('carrier'));
      assert.deepEqual(standingOf(await called(orderId, status, changes)), ['awaiting_customer', reason]);
      if (status === '07') continue;
      assert.deepEqual(standingOf(await called(orderId, '03')), ['authorized', reason], 'the right one counts');
    }
  }
  const after = await called(await keep(anOrder('carrier')), '03', { money: '', clientip: '' });
  assert.deepEqual(standingOf(after), ['authorized']);
  assert.match(after.history.at(-1)?.note ?? '', /unchecked.*amount.*IP code/);
});

test('06 to 09 may name the amount that we asked to settle; 07 of docomo and au also a lower one', async () => {
  const settling = (type: 'docomo' | 'softbank') =>
    begun(
      told(anOrder('carrier', { carrier: { type } }), '03'),
      'settle',
      settlementOn('2026-11-20', 'schedule', 5000),
    );
  const rows: [money: string, status: string, expected: string][] = [
    ['5000', '06', 'settle_failed'],
    ['5000', '07', 'paid'],
    ['5000', '08', 'cancelled'],
    ['5000', '09', 'paid cancel_failed'],
    ['8000', '06', 'settle_failed'],
    ['8000', '07', 'paid settled_elsewhere'],
    ['4000', '07', 'paid settled_elsewhere'],
    ['4000', '06', 'settling amount_mismatch'],
    ['4000', '08', 'settling amount_mismatch'],
    ['9000', '07', 'settling amount_mismatch'],
  ];
  for (const [money, status, expected] of rows) {
    const orderId = await keep(settling('docomo'));
    assert.equal(standingOf(await called(orderId, status, { money })).join(' '), expected, `${status} ${money}`);
    const { paid } = await shown(orderId);
    if (expected.startsWith('paid')) assert.equal(paid?.amountYen, Number(money));
  }
  const softbank = await called(await keep(settling('softbank')), '07', { money: '4000' });
  assert.deepEqual(standingOf(softbank), ['settling', 'amount_mismatch']);
});

test('the gateway chooses which fields come: status and one way to find the order suffice', async () => {
  const orderId = await keep(anOrder('carrier'));
  const least = Object.fromEntries(Object.keys(callbackFields('', '')).map(name => [name, '']));
  assert.deepEqual(await callBack({ ...least, sendpoint: orderId, status: '03' }), [200, 'successok']);
  const { status, orderNumber } = await shown(orderId);
  assert.deepEqual([status, orderNumber], ['authorized', null]);
  await called(orderId, '07');
  assert.equal((await shown(orderId)).orderNumber, 'N1');
  assert.deepEqual(await callBack({ ...least, sendpoint: orderId }), [400, 'ERR400']);
  assert.deepEqual(await callBack({ ...least, status: '07' }), [400, 'ERR400']);
});

test('of no order of ours: kept as external under its number, and judged by the same table', async () => {
  const id = externalOrderId('test', 'carrier', 'E1');
  for (const [status, to] of [
    ['03', 'authorized'],
    ['07', 'paid'],
    ['03', 'paid'],
    ['08', 'cancelled'],
  ] as const) {
    await called(id, status, { order_no: 'E1', sendpoint: 'written+by+hand' });
    const after = await shown(id);
    assert.deepEqual(
      [...standingOf(await find(id)), after.operation, after.amountYen],
      [to, 'unmatched', 'external', 8000],
    );
  }
});
