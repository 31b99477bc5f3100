/** What the gateway and its stores call about an order: cash, head office, deadline, tests, and calls that do not fit. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { callbackFields, cvsCalls, eventsOf, queryOf, reasonOf } from '../support/cvs.ts';
import { standingOf as contractSays, type Standing } from '../support/cvs-contract.ts';
import { startLocal } from '../support/local.ts';
import { fixture } from '../zeus/recorded.ts';

const local = await startLocal({ testPayments: 'accept' });
const { gateway } = local;
const { order, read, knownAs, counter, callBack, calledBack } = cvsCalls(local);
beforeEach(() => gateway.reset());

const successok = { status: 200, type: 'text/plain', body: 'successok' };
const standingOf = (body: { status: string; attention: { reason: string }[] }): Standing => ({
  status: body.status,
  reasons: body.attention.map(reasonOf).toSorted(),
});

/** An order whose 01 has come. */
async function placed(key: string, more: Record<string, unknown> = {}) {
  const { status, body } = await order(key, more);
  await gateway.idle();
  assert.equal(status, 201);
  return { orderId: body.orderId as string, orderNumber: knownAs(body.orderId).orderNumber };
}

const lives: [actions: string[], statuses: string[]][] = [
  [
    ['pay', 'confirm'],
    ['received', 'paid'],
  ],
  [
    ['pay', 'reverse'],
    ['received', 'reversed'],
  ],
];
for (const [actions, statuses] of lives) {
  test(`at the store: ${actions.join(', then ')}`, async () => {
    const { orderId, orderNumber } = await placed(actions.join());
    for (const [i, action] of actions.entries()) {
      await counter(orderNumber, action);
      const now = await read(orderId);
      assert.deepEqual(standingOf(now), { status: statuses[i], reasons: [] });
      assert.equal(now.gateway.status, gateway.callbacks().at(-1)?.status);
    }
    assert.ok(gateway.callbacks().every(({ attempts }) => attempts.every(({ body }) => body === 'successok')));
    assert.deepEqual(eventsOf(await read(orderId)), [
      'cvs_order',
      'done',
      ...gateway.callbacks().map(({ status }) => `cvs_${status}`),
    ]);
  });
}

for (const [type, calls, status] of [
  ['unpaid', ['01'], 'awaiting_customer'],
  ['paid', ['01', '04', '05'], 'paid'],
  ['reversed', ['01', '04', '06'], 'reversed'],
] as const) {
  test(`a test order of type ${type} ends ${status} by itself`, async () => {
    gateway.settings({ callbackDelayMs: 50 });
    const { body } = await order(`type-${type}`, { test: { id: '12345678', type } });
    assert.equal(body.test, true);
    await gateway.idle();
    const after = await read(body.orderId);
    assert.match(after.gateway.orderNumber, /TEST/);
    assert.equal(after.status, status);
    const arrived = after.history.slice(2).map(({ event }: { event: string }) => event.slice('cvs_'.length));
    assert.deepEqual(arrived.toSorted(), calls);
    assert.deepEqual(standingOf(after), contractSays('awaiting_customer', arrived));
    assert.ok(gateway.ledger().every(entry => entry.test));
  });
}

test('the deadline passes: no callback where 03 is not agreed, 03 expires the order where it is', async () => {
  const quiet = await placed('deadline-quiet');
  gateway.setClock(new Date(Date.now() + 16 * 86_400_000).toISOString());
  await gateway.idle();
  assert.equal((await read(quiet.orderId)).status, 'awaiting_customer');

  gateway.settings({ optionalCallbacks: ['cvs-03'] });
  const { orderId } = await placed('deadline');
  gateway.setClock(new Date(Date.now() + 32 * 86_400_000).toISOString());
  await gateway.idle();
  const expired = await read(orderId);
  assert.deepEqual([standingOf(expired), expired.gateway.status], [{ status: 'expired', reasons: [] }, '03']);
  await calledBack(orderId, '04');
  assert.deepEqual(standingOf(await read(orderId)), { status: 'received', reasons: [] });
});

test('every call twice: the second changes nothing at all', async () => {
  const { orderId } = await placed('twice');
  for (const status of ['01', '03', '04', '05', '01', '03', '04']) {
    await calledBack(orderId, status);
    const once = await read(orderId);
    assert.deepEqual(await calledBack(orderId, status), successok);
    assert.deepEqual(await read(orderId), once, status);
  }
  assert.deepEqual(eventsOf(await read(orderId)), ['cvs_order', 'done', 'cvs_01', 'cvs_03', 'cvs_04', 'cvs_05']);
});

test('payment numbers are no key: of five orders with two equal numbers the right one is paid', async () => {
  const all = [];
  for (let i = 0; i < 5; i += 1) all.push(await placed(`equal-${i}`));
  const [fourth, fifth] = [knownAs(all[3]?.orderId ?? ''), knownAs(all[4]?.orderId ?? '')];
  assert.deepEqual([fourth.payNo1, fourth.payNo2], [fifth.payNo1, fifth.payNo2]);
  await counter(fifth.orderNumber, 'pay', 'confirm');
  const statuses = await Promise.all(all.map(async ({ orderId }) => (await read(orderId)).status));
  assert.deepEqual(statuses, [
    'awaiting_customer',
    'awaiting_customer',
    'awaiting_customer',
    'awaiting_customer',
    'paid',
  ]);
});

for (const [what, changes, reason] of [
  ['another amount', { money: '8001' }, 'amount_mismatch'],
  ['an amount that is none', { money: '8,000' }, 'amount_mismatch'],
  ['another IP code', { clientip: '2019000001' }, 'ip_code_mismatch'],
] as const) {
  test(`${what}: stored, no move, ${reason}; the right call still moves`, async () => {
    const { orderId } = await placed(what);
    for (const status of ['04', '05', '13', '11'])
      assert.deepEqual(await calledBack(orderId, status, changes), successok);
    const after = await read(orderId);
    assert.deepEqual(standingOf(after), { status: 'awaiting_customer', reasons: [reason] });
    assert.deepEqual(eventsOf(after).slice(3), ['cvs_04', 'cvs_05', 'cvs_13', 'cvs_11']);
    await calledBack(orderId, '04');
    assert.deepEqual(standingOf(await read(orderId)), { status: 'received', reasons: [reason] });
  });
}

test('money and clientip absent from the calls: accepted, and history says unchecked', async () => {
  gateway.settings({ callbackOmit: ['money', 'clientip'] });
  const { orderId, orderNumber } = await placed('unchecked');
  await counter(orderNumber, 'pay', 'confirm');
  const after = await read(orderId);
  assert.deepEqual(standingOf(after), { status: 'paid', reasons: [] });
  for (const entry of after.history.slice(2)) assert.match(entry.note, /unchecked.*amount.*IP code/);
});

test('a status that no manual lists: stored, no move, unlisted_status', async () => {
  const { orderId } = await placed('unlisted');
  for (const status of ['07', '14', '1', '99', 'paid']) assert.deepEqual(await calledBack(orderId, status), successok);
  const after = await read(orderId);
  assert.deepEqual(standingOf(after), { status: 'awaiting_customer', reasons: ['unlisted_status'] });
  assert.equal(after.history.length, 3 + 5);
});

test('about no order of ours: kept under its number, in the status of the same table', async () => {
  const unmatched =
    'clientip=2019000003&money=3000&telno=0312345678&email=a%40b&sendpoint=shop-77&order_no=X-1&pay_cvs=D015&pay_no1=654321';
  for (const status of ['01', '04', '04', '05'])
    assert.deepEqual(await callBack(`${unmatched}&status=${status}`), successok);
  const { orders } = (await local.call('GET', '/orders')).body;
  const found = orders.filter(
    ({ gateway: { orderNumber } }: { gateway: { orderNumber: string } }) => orderNumber === 'X-1',
  );
  assert.equal(found.length, 1);
  assert.deepEqual(
    [found[0].operation, found[0].amount, standingOf(found[0])],
    ['external', 3000, { status: 'paid', reasons: ['unmatched'] }],
  );
  assert.deepEqual(found[0].cvs.paymentNumbers, [{ label: 'お支払受付番号', value: '654321' }]);
  assert.doesNotMatch(JSON.stringify(found), /0312345678|a@b/);
});

test('too little to go by: 400 ERR400, and nothing is stored', async () => {
  const { orderId } = await placed('too little');
  const before = await read(orderId);
  const { status: _, ...without } = callbackFields(knownAs(orderId), '04');
  for (const query of [
    queryOf(without),
    `${queryOf(without)}&status=`,
    fixture('cvs/callback-no-order').toString('latin1'),
    '',
  ]) {
    assert.deepEqual(await callBack(query), { ...successok, status: 400, body: 'ERR400' }, query);
  }
  assert.deepEqual(await read(orderId), before);
});
