import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Simulator } from '../../../local/simulator/simulator.ts';
import { catcher, cvsOrder, form, send, simulate } from './support.ts';

const statuses = (simulator: Simulator) => simulator.callbacks().map(callback => callback.status);
const kinds = (simulator: Simulator) => simulator.ledger().map(entry => [entry.kind, entry.amount, entry.afterCancel]);

async function ordered(t: Parameters<typeof simulate>[0]): Promise<{ simulator: Simulator; orderNumber: string }> {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { cvs: shop.url } });
  const orderNumber = (await cvsOrder(simulator)).values.order_no ?? '';
  await simulator.idle();
  return { simulator, orderNumber };
}

test('the callback carries every parameter of the manual, in its order and in Shift_JIS', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { cvs: `${shop.url}/c` } });
  simulator.setClock('2026-11-30T15:00:00Z');
  const { values } = await cvsOrder(simulator, { username: 'ゼソー　ア', sendid: 'S' });
  await simulator.idle();
  // ソ ends with 0x5C, ー with 0x5B, ア with the letter A.
  assert.equal(
    shop.calls[0]?.url,
    '/c?clientip=2019000003&money=1500&username=%83%5B%83%5C%81%5B%81%40%83A&telno=0312345678&email=payer%40example.com' +
      `&sendid=S&sendpoint=order-3&order_no=${values.order_no}&pay_cvs=D002&pay_no1=${values.pay_no1}&pay_no2=${values.pay_no2}` +
      '&pay_limit=20261215&status=01&error_code=',
  );
  simulator.settings({ callbackEscapes: 'full' });
  await cvsOrder(simulator, { username: 'ソア' });
  await simulator.idle();
  simulator.settings({ callbackEscapes: 'raw' });
  await cvsOrder(simulator, { username: 'ゼ　ア' });
  await simulator.idle();
  assert.match(shop.calls[1]?.url ?? '', /username=%83%5C%83%41&/);
  assert.match(shop.calls[2]?.url ?? '', /username=%83\[%81@%83A&/);
});

test('paid, then confirmed at head office', async t => {
  const { simulator, orderNumber } = await ordered(t);
  simulator.counter({ orderNumber, action: 'pay' });
  simulator.counter({ orderNumber, action: 'confirm' });
  await simulator.idle();
  assert.deepEqual(statuses(simulator), ['01', '04', '05']);
  assert.deepEqual(kinds(simulator), [
    ['cash_received', 1500, false],
    ['cash_confirmed', 1500, false],
  ]);
});

test('paid, then taken back', async t => {
  const { simulator, orderNumber } = await ordered(t);
  simulator.counter({ orderNumber, action: 'pay' });
  simulator.counter({ orderNumber, action: 'reverse' });
  await simulator.idle();
  assert.deepEqual(statuses(simulator), ['01', '04', '06']);
  assert.deepEqual(kinds(simulator)[1], ['cash_reversed', 1500, false]);
});

test('re-issued: the old order is cancelled without a call, the new one is called, old money is 11, 12, 13', async t => {
  const { simulator, orderNumber } = await ordered(t);
  simulator.counter({ orderNumber, action: 'reissue' });
  await simulator.idle();
  const [old, fresh] = simulator.orders();
  assert.deepEqual([old?.status, fresh?.status, fresh?.sendpoint], ['cancelled', 'unpaid', 'order-3']);
  assert.equal(old?.service === 'cvs' && old.replacedBy, fresh?.orderNumber);
  assert.deepEqual(
    simulator.callbacks().map(callback => [callback.status, callback.orderNumber]),
    [
      ['01', orderNumber],
      ['01', fresh?.orderNumber],
    ],
  );
  simulator.counter({ orderNumber, action: 'pay' });
  simulator.counter({ orderNumber, action: 'confirm' });
  const second = fresh?.orderNumber ?? '';
  simulator.counter({ orderNumber: second, action: 'reissue' });
  simulator.counter({ orderNumber: second, action: 'pay' });
  simulator.counter({ orderNumber: second, action: 'reverse' });
  await simulator.idle();
  assert.deepEqual(statuses(simulator).toSorted(), ['01', '01', '01', '11', '11', '12', '13']);
  assert.ok(simulator.ledger().every(entry => entry.afterCancel));
});

test('a number ends after the day of its deadline in Japan; 03 is called only where agreed', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { cvs: shop.url }, settings: { payDays: 2 } });
  simulator.setClock('2026-12-01T12:00:00+09:00');
  await cvsOrder(simulator);
  simulator.setClock('2026-12-03T23:59:00+09:00');
  assert.equal(simulator.orders()[0]?.status, 'unpaid');
  simulator.setClock('2026-12-04T00:00:01+09:00');
  assert.equal(simulator.orders()[0]?.status, 'expired');
  simulator.settings({ optionalCallbacks: ['cvs-03'] });
  await cvsOrder(simulator);
  simulator.setClock('2026-12-07T00:00:01+09:00');
  await simulator.idle();
  assert.deepEqual(statuses(simulator), ['01', '01', '03']);
});

test('02 is called only where agreed, with its error code', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { cvs: shop.url } });
  await cvsOrder(simulator, { pay_cvs: 'D999' });
  await simulator.idle();
  simulator.settings({ optionalCallbacks: ['cvs-02'] });
  await cvsOrder(simulator, { pay_cvs: 'D999' });
  await simulator.idle();
  assert.equal(shop.calls.length, 1);
  assert.match(shop.calls[0]?.url ?? '', /&status=02&error_code=800002$/);
});

const impossible: [before: string[], action: string][] = [
  [[], 'confirm'],
  [[], 'reverse'],
  [['pay'], 'pay'],
  [['pay'], 'expire'],
  [['pay'], 'reissue'],
  [['pay', 'confirm'], 'reverse'],
  [['pay', 'reverse'], 'pay'],
  [['expire'], 'pay'],
  [['reissue'], 'confirm'],
];

for (const [before, action] of impossible) {
  test(`after ${before.join(', ') || 'the order'} there is no ${action}`, async t => {
    const { simulator, orderNumber } = await ordered(t);
    for (const step of before) simulator.counter({ orderNumber, action: step });
    assert.throws(() => simulator.counter({ orderNumber, action }), /allows no/);
  });
}

test('the counter page finds a number and offers what is possible', async t => {
  const { simulator, orderNumber } = await ordered(t);
  const [order] = simulator.orders();
  const number = order?.service === 'cvs' ? order.payNo1 : '';
  const page = async () => (await send(`${simulator.url}/counter?number=${number}`, { method: 'GET' })).text;
  assert.match(await page(), /<button>pay<\/button>.*<button>expire<\/button>.*<button>reissue<\/button>/s);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = form({ orderNumber, action: 'pay', back: `/counter?number=${number}` });
  const pressed = await send(`${simulator.url}/_control/counter`, { headers, body });
  assert.deepEqual([pressed.status, pressed.headers.location], [303, `/counter?number=${number}`]);
  assert.match(await page(), /<button>reverse<\/button>.*<button>confirm<\/button>/s);
  assert.match((await send(`${simulator.url}/counter?number=1`, { method: 'GET' })).text, /no order has this number/);
  const elsewhere = await send(`${simulator.url}/_control/counter`, {
    headers,
    body: form({ orderNumber, action: 'confirm', back: '//evil.example' }),
  });
  assert.equal(elsewhere.headers.location, '/');
});
