/** The payer submits the form twice: one order of ours, two payments at the gateway (contract 1.5, several payments). */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { callbackFields, carrierCalls, setClocks } from '../support/carrier.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { order, submit, act, authorized, callBack, read, settle, giveBack, ledger } = carrierCalls(local);
beforeEach(() => {
  gateway.reset();
  gateway.settings({ optionalCallbacks: ['carrier-provisional-return'] });
  setClocks(gateway, '2026-12-01 12:00:00');
});

interface Shown {
  status: string;
  attention: { reason: string }[];
  gateway: { orderNumber: string | null };
  paid: { amount: number } | null;
  returned: { amount: number } | null;
  otherPayments: { orderNumber: string; status: string; paid: unknown; returned: unknown }[];
}
const reasonsOf = ({ attention }: Shown) => attention.map(({ reason }) => reason);

/** Two payments of one order, both completed; the lower number is shown. */
async function twice(key: string): Promise<{ orderId: string; one: string; two: string }> {
  const { body } = await order(key);
  const numbers = [await submit(body.form), await submit(body.form)];
  for (const orderNumber of numbers) await act(orderNumber, 'complete');
  const [one = '', two = ''] = numbers.toSorted();
  return { orderId: body.orderId, one, two };
}

test('both are authorized: duplicate_payment with both numbers, and each is listed', async () => {
  const { orderId, one, two } = await twice('listed');
  const shown: Shown = await read(orderId);
  assert.deepEqual(
    [shown.status, shown.gateway.orderNumber, reasonsOf(shown)],
    ['authorized', one, ['duplicate_payment']],
  );
  assert.deepEqual(shown.otherPayments, [{ orderNumber: two, status: 'authorized', paid: null, returned: null }]);
  assert.ok(JSON.stringify(shown.attention).includes(one) && JSON.stringify(shown.attention).includes(two));
  assert.deepEqual(ledger(), ['authorization 8000', 'authorization 8000']);
});

test('the second is settled for less and the first returned, each by its number; then the second returned', async () => {
  const { orderId, one, two } = await twice('second');
  const settled = await settle('second-1', orderId, { gatewayOrderNumber: two, amount: 5000 });
  assert.deepEqual([settled.status, settled.body.status, settled.body.gateway.orderNumber], [200, 'paid', two]);
  assert.equal(settled.body.paid.amount, 5000);
  await gateway.idle();
  const released = await giveBack('second-2', orderId, { gatewayOrderNumber: one });
  assert.deepEqual([released.status, released.body.status], [200, 'paid']);
  assert.deepEqual(released.body.otherPayments, [
    { orderNumber: one, status: 'cancelled', paid: null, returned: null },
  ]);
  await gateway.idle();
  const returned = await giveBack('second-3', orderId, { gatewayOrderNumber: two });
  assert.deepEqual([returned.status, returned.body.status, returned.body.returned.amount], [200, 'cancelled', 5000]);
  await gateway.idle();
  const money = gateway.ledger().slice(2);
  assert.deepEqual(
    money.map(({ kind, amount, orderNumber }) => [kind, amount, orderNumber]),
    [
      ['settlement', 5000, two],
      ['return', 8000, one],
      ['return', 5000, two],
    ],
  );
  assert.deepEqual(reasonsOf(await read(orderId)), ['duplicate_payment']);
  for (const body of [{ gatewayOrderNumber: 'N9' }, { gatewayOrderNumber: '' }]) {
    const { status, body: fault } = await settle('second-4', orderId, body);
    assert.deepEqual([status, fault.errors[0].field], [400, 'gatewayOrderNumber']);
  }
});

test('the payer submits twice and pays once: the one that succeeded is shown, without attention', async () => {
  for (const failsFirst of [true, false]) {
    const { body } = await order(`once-${failsFirst}`);
    const [one, two] = [await submit(body.form), await submit(body.form)];
    for (const step of failsFirst ? ['fail', 'complete'] : ['complete', 'fail'])
      await act(step === 'fail' ? one : two, step);
    const { status, gateway: known, attention, failure, otherPayments } = await read(body.orderId);
    assert.deepEqual([status, known.orderNumber, attention, failure], ['authorized', two, [], null]);
    assert.deepEqual(
      otherPayments.map(({ orderNumber, status: other }: Record<string, string>) => [orderNumber, other]),
      [[one, 'declined']],
    );
  }
});

test('a callback of a second number, beside one that is settled for less: its reasons are raised with the first one’s', async () => {
  const rows: [status: string, shown: string, reasons: string[]][] = [
    ['02', 'paid', []],
    ['03', 'paid', ['duplicate_payment']],
    ['06', 'paid', []],
    ['07', 'paid', ['duplicate_payment']],
    ['08', 'paid', []],
    ['09', 'paid', ['cancel_failed']],
  ];
  for (const [status, expected, reasons] of rows) {
    const { orderId, orderNumber } = await authorized(`beside-${status}`);
    await settle(`beside-${status}-1`, orderId, { amount: 5000 });
    await gateway.idle();
    await callBack(callbackFields(orderId, status, { order_no: 'ZZ9' }));
    const shown: Shown = await read(orderId);
    assert.deepEqual([shown.status, reasonsOf(shown).toSorted()], [expected, reasons], status);
    assert.deepEqual([shown.gateway.orderNumber, shown.paid?.amount], [orderNumber, 5000], status);
    assert.deepEqual(
      shown.otherPayments.map(each => each.orderNumber),
      ['ZZ9'],
    );
  }
});
