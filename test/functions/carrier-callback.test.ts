/** The carrier rows of contract 1.5, and what follows them, through the public function. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { externalOrderId } from '../../shared/domain/identity.ts';
import type { Order } from '../../shared/domain/order.ts';
import { callbackFields, carrierCalls, type Fields, standingOf } from '../support/carrier.ts';
import { contractTable } from '../support/contract-table.ts';
import { startLocal } from '../support/local.ts';
import { failureWith, idOf, noonText, placed } from '../support/orders.ts';
import { dynamoOf } from '../support/table.ts';

const local = await startLocal();
const { gateway, engine, lines } = local;
const { authorized, order, submit, act, callBack, read, settle, giveBack, ledger } = carrierCalls(local);
const store = ordersTable(dynamoOf(engine.endpoint), 'orders');

let count = 0;
async function keep(order: Order): Promise<string> {
  count += 1;
  const orderId = idOf(`callback-${count}-`);
  assert.ok((await store.create({ ...order, orderId })).stored);
  return orderId;
}

const find = async (orderId: string): Promise<Order> => {
  const found = await store.find(orderId);
  assert.ok(found);
  return found;
};

/** Stored, whatever it says. */
async function called(orderId: string, status: string, changes: Fields = {}): Promise<Order> {
  assert.deepEqual(await callBack(callbackFields(orderId, status, changes)), [200, 'successok']);
  return find(orderId);
}

const effects = () => lines.map(line => (line as { effect?: string }).effect).filter(Boolean);
/** A repeat whose call is new is stored unread, like a move. */
const words = { M: ['moved'], A: ['moved'], R: ['moved', 'repeat'], L: ['late'], C: ['contradiction'] };
/** Raised already, where the order is one that nobody knew the outcome of. */
const standsWith = (from: string) => (from === 'unknown' ? 'outcome_unknown' : null);

for (const status of ['02', '03', '06', '07', '08', '09']) {
  test(`${status} in every status, twice`, async () => {
    const cells = contractTable.filter(cell => cell.method === 'carrier' && cell.called === status);
    assert.equal(cells.length, 10);
    for (const { from, effect, to, attention } of cells) {
      const orderId = await keep(placed('carrier', from));
      const what = `${status} in ${from}`;
      lines.length = 0;
      const after = await called(orderId, status, { error_code: status === '02' ? '010201301' : '-' });
      const isMove = effect === 'M' || effect === 'A';
      assert.deepEqual(standingOf(after), [to, attention ?? (isMove ? null : standsWith(from))], what);
      assert.equal(after.history.at(-1)?.event, `carrier_${status}`, what);
      assert.ok(words[effect].includes(effects()[0] ?? ''), `${what}: ${effects()}`);
      if (isMove && status !== '02')
        assert.deepEqual([after.orderNumber, after.numberBound, after.gatewayStatus], ['N1', true, status], what);
      const again = await called(orderId, status, { error_code: status === '02' ? '010201301' : '-' });
      assert.deepEqual(standingOf(again), standingOf(after), what);
      if (effect !== 'C') assert.deepEqual(again.history, after.history, what);
    }
  });
}

test('02 keeps its code with the meaning, and 03 clears it', async () => {
  const orderId = await keep(placed('carrier', 'awaiting_customer'));
  for (const [code, meaning] of [
    ['010201301', /./],
    ['019999999', /./],
    ['029999999', /maintenance/i],
    ['009999999', /parameter/i],
  ] as const) {
    const other = await keep(placed('carrier', 'awaiting_customer'));
    const { failure } = await called(other, '02', { error_code: code });
    assert.deepEqual([failure?.reason, failure?.code], ['refused', code]);
    assert.match(failure?.message ?? '', meaning);
  }
  await called(orderId, '02', { error_code: '010201301' });
  const after = await called(orderId, '03');
  assert.deepEqual([after.status, after.failure, after.carrier?.settleBy?.length], ['authorized', null, 10]);
});

test('a status no manual lists: stored, no move, unlisted_status', async () => {
  for (const status of ['01', '04', '05', '10', '99', 'OK', '7']) {
    const after = await called(await keep(placed('carrier', 'authorized')), status);
    assert.deepEqual(
      [...standingOf(after), after.history.at(-1)?.event],
      ['authorized', 'unlisted_status', 'unlisted'],
    );
    assert.match(after.history.at(-1)?.note ?? '', new RegExp(status));
  }
});

test('another amount or IP code: stored, no move; absent: believed, and history says unchecked', async () => {
  const mismatches: [Fields, string][] = [
    [{ money: '7999' }, 'amount_mismatch'],
    [{ money: '0' }, 'amount_mismatch'],
    [{ money: 'x' }, 'amount_mismatch'],
    [{ clientip: '2019000003' }, 'ip_code_mismatch'],
  ];
  for (const status of ['03', '07', '08']) {
    for (const [changes, reason] of mismatches) {
      const after = await called(await keep(placed('carrier', 'awaiting_customer')), status, changes);
      assert.deepEqual(standingOf(after), ['awaiting_customer', reason], `${status} ${reason}`);
    }
  }
  const after = await called(await keep(placed('carrier', 'awaiting_customer')), '03', { money: '', clientip: '' });
  assert.deepEqual(standingOf(after), ['authorized', null]);
  assert.match(after.history.at(-1)?.note ?? '', /unchecked.*amount.*IP code/);
});

test('06 to 09 are compared with the settled amount', async () => {
  const carrier = {
    type: 'docomo' as const,
    settlement: { on: '2026-12-01', amountYen: 5000, by: 'schedule' as const },
    settleBy: '2027-01-09',
  };
  for (const [status, to] of [
    ['06', 'settle_failed'],
    ['07', 'paid'],
    ['08', 'cancelled'],
    ['09', 'paid'],
  ] as const) {
    const settling = placed('carrier', 'settling', { carrier });
    assert.equal((await called(await keep(settling), status, { money: '5000' })).status, to);
    assert.deepEqual(standingOf(await called(await keep(settling), status)), ['settling', 'amount_mismatch']);
  }
});

test('the gateway chooses which fields come: status and one way to find the order suffice', async () => {
  const orderId = await keep(placed('carrier', 'awaiting_customer'));
  const least = Object.fromEntries(Object.keys(callbackFields('', '')).map(name => [name, '']));
  assert.deepEqual(await callBack({ ...least, sendpoint: orderId, status: '03' }), [200, 'successok']);
  const { status, orderNumber } = await find(orderId);
  assert.deepEqual([status, orderNumber], ['authorized', null]);
  assert.equal((await called(orderId, '07')).orderNumber, 'N1');
  assert.deepEqual(await callBack({ ...least, sendpoint: orderId }), [400, 'ERR400']);
  assert.deepEqual(await callBack({ ...least, status: '07' }), [400, 'ERR400']);
});

test('the payer submits twice: the second payment is reported, and nothing is lost', async () => {
  gateway.reset();
  const { body } = await order('twice');
  const [one, two] = [await submit(body.form), await submit(body.form)];
  await act(one, 'complete');
  await act(two, 'complete');
  const twice = await read(body.orderId);
  assert.deepEqual(
    [twice.status, twice.gateway.orderNumber, twice.attention.reason],
    ['authorized', one, 'duplicate_payment'],
  );
  assert.ok(
    twice.history.some(({ note }: { note: string | null }) => note?.includes(two)),
    'the second number is noted',
  );
  assert.deepEqual(ledger(), ['authorization 8000', 'authorization 8000']);
  assert.equal((await settle('twice-1', body.orderId)).body.status, 'paid');
  assert.equal((await giveBack('twice-2', body.orderId)).body.status, 'cancelled');
  await gateway.idle();
  const after = await read(body.orderId);
  assert.deepEqual([after.status, after.attention.reason], ['cancelled', 'duplicate_payment']);
  assert.deepEqual(
    gateway
      .ledger()
      .slice(2)
      .map(({ kind, orderNumber }) => [kind, orderNumber]),
    [
      ['settlement', one],
      ['return', one],
    ],
  );
});

test('the payer submits twice and pays once: whichever succeeds is bound, before or after the other failed', async () => {
  for (const failsFirst of [true, false]) {
    gateway.reset();
    const { body } = await order(`once-${failsFirst}`);
    const [one, two] = [await submit(body.form), await submit(body.form)];
    for (const step of failsFirst ? ['fail', 'complete'] : ['complete', 'fail'])
      await act(step === 'fail' ? one : two, step);
    const { status, gateway: known, attention, failure } = await read(body.orderId);
    assert.deepEqual([status, known.orderNumber, attention, failure], ['authorized', two, null, null]);
  }
});

test('calls of another number: 02 late, 06 and 08 noted, 09 cancel_failed, 03 and 07 duplicate_payment', async () => {
  const reasons = {
    '02': null,
    '06': null,
    '08': null,
    '09': 'cancel_failed',
    '03': 'duplicate_payment',
    '07': 'duplicate_payment',
  };
  for (const from of [
    'authorized',
    'settle_scheduled',
    'settling',
    'paid',
    'cancelling',
    'cancelled',
    'settle_failed',
  ] as const) {
    for (const [status, reason] of Object.entries(reasons)) {
      const after = await called(await keep(placed('carrier', from)), status, { order_no: 'N2' });
      assert.deepEqual([...standingOf(after), after.orderNumber], [from, reason, 'N1'], `${status} in ${from}`);
      assert.equal(after.history.at(-1)?.event, `carrier_${status}`);
    }
  }
});

test('a second payment is no mismatch because the first was settled for less', async () => {
  const { orderId } = await authorized('for-less');
  await settle('for-less-1', orderId, { amount: 5000 });
  const after = await called(orderId, '07', { order_no: 'N2' });
  assert.deepEqual(standingOf(after), ['paid', 'duplicate_payment']);
});

test('of no order of ours: kept as external under its number, and moved by the same table', async () => {
  const id = externalOrderId('test', 'carrier', 'E1');
  for (const [status, to] of [
    ['03', 'authorized'],
    ['07', 'paid'],
    ['03', 'paid'],
    ['08', 'cancelled'],
  ] as const) {
    const after = await called(id, status, { order_no: 'E1', sendpoint: 'written by hand'.replaceAll(' ', '+') });
    assert.deepEqual([...standingOf(after), after.operation, after.amountYen], [to, 'unmatched', 'external', 8000]);
  }
});

test('an order of ours that failed for good is not touched by what is stored before', async () => {
  const declined = placed('carrier', 'declined', { failure: failureWith('refused'), updatedAt: noonText });
  const after = await called(await keep(declined), '02', { order_no: 'N9', error_code: '010010001' });
  assert.deepEqual(standingOf(after), ['declined', null]);
});
