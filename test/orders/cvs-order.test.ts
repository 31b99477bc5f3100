/** One order through its use case on a real table, with a gateway that says what the test wants, and calls when it wants. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { Masked } from '../../shared/domain/masked.ts';
import type { Order } from '../../shared/domain/order.ts';
import { applyCallback } from '../../shared/orders/apply-callback.ts';
import { type CvsOrderRequest, cvsOrder } from '../../shared/orders/cvs-order.ts';
import type { Submitted } from '../../shared/orders/new-order.ts';
import type { Notice } from '../../shared/zeus/callbacks/callback.ts';
import type { Reply } from '../../shared/zeus/wire/transport.ts';
import { aNotice, noon, standingClock } from '../support/orders.ts';
import { startTable } from '../support/table.ts';
import { answered, fixture } from '../zeus/recorded.ts';

const { store } = await startTable();
const clock = standingClock();
const issued = answered(
  'rel=Success_order\norder_no=N1\npay_no1=12345678\npay_no2=900000001\npay_limit=20261204\npay_url=\nerror_code=\n',
);
const refused = answered(fixture('cvs/failure-0008'));
const maintenance = answered(fixture('cvs/bare-maintenance'));
const noConnection: Reply = { kind: 'not_sent', message: 'No connection to the gateway could be made (ECONNREFUSED)' };
const lost: Reply = { kind: 'lost', message: "The gateway's answer did not arrive (ECONNRESET)" };

const cvs = {
  store: 'lawson' as const,
  paymentNumbers: [
    { label: '受付番号', value: '12345678' },
    { label: '確認番号', value: '900000001' },
  ],
  payBy: '2026-12-04',
};
const notice = (orderId: string, status: string, changes: Partial<Notice> = {}) =>
  aNotice('cvs', status, { orderId, ipCode: '2019000003', cvs, ...changes });
const callBack = (orderId: string, status: string, changes: Partial<Notice> = {}) =>
  applyCallback({ ...clock, store, deploymentId: 'test', ipCode: '2019000003' }, notice(orderId, status, changes));

const requestOf = (idempotencyKey: string, changes: Partial<CvsOrderRequest> = {}): CvsOrderRequest => ({
  idempotencyKey,
  request: 'request',
  store: 'lawson',
  amountYen: 8000,
  name: new Masked('ゼウス'),
  phone: new Masked('0312345678'),
  email: new Masked('taro@example.com'),
  reference: null,
  test: null,
  ...changes,
});

/** `during` runs while the request is out. */
function gateway(replies: Reply[], during: (orderId: string) => Promise<unknown> = async () => {}) {
  const sent: string[] = [];
  const submit = async (key: string, changes: Partial<CvsOrderRequest> = {}): Promise<Submitted> =>
    cvsOrder(
      {
        ...clock,
        store,
        deploymentId: 'test',
        ipCode: '2019000003',
        send: async (_path, _type, body) => {
          sent.push(Buffer.from(body).toString('latin1'));
          await during(orderIdOf('test', key));
          return replies[sent.length - 1] ?? lost;
        },
      },
      requestOf(key, changes),
    );
  return { sent, submit };
}

const orderOf = (submitted: Submitted): Order => {
  assert.equal(submitted.kind, 'answered');
  return (submitted as { order: Order }).order;
};
const standing = ({ status, attention, failure }: Order) => [
  status,
  attention?.reason ?? null,
  failure?.reason ?? null,
];
const events = (order: Order) => order.history.map(entry => entry.event);

const endings: [what: string, reply: Reply, status: string, attention: string | null, failure: string | null][] = [
  ['numbers', issued, 'awaiting_customer', null, null],
  ['an error code', refused, 'declined', null, 'store_unavailable'],
  ['maintenance', maintenance, 'not_processed', null, 'maintenance'],
  ['no connection', noConnection, 'not_processed', null, 'connection_failed'],
  ['a lost answer', lost, 'unknown', 'outcome_unknown', null],
  ['an answer of HTTP 500', answered('rel=Success_order\n', 500), 'unknown', 'outcome_unknown', null],
];

for (const [what, reply, ...expected] of endings) {
  test(`${what}: ${expected[0]}, stored, sent once`, async () => {
    const { sent, submit } = gateway([reply]);
    const order = orderOf(await submit(what));
    assert.deepEqual([...standing(order), order.claim, sent.length], [...expected, null, 1]);
    assert.deepEqual(await store.find(order.orderId), order);
  });
}

test('numbers, labels, deadline and order number are stored with the answer', async () => {
  const { orderNumber, gatewayStatus, ...order } = orderOf(await gateway([issued]).submit('stored'));
  assert.deepEqual([orderNumber, gatewayStatus, order.cvs], ['N1', '01', { ...cvs, redirectUrl: null }]);
});

for (const [what, reply] of [['maintenance', maintenance] as const, ['no connection', noConnection] as const]) {
  test(`after ${what} the same key sends again, and only until something is known`, async () => {
    const { sent, submit } = gateway([reply, reply, issued]);
    const key = `again after ${what}`;
    const all = [await submit(key), await submit(key), await submit(key), await submit(key)].map(orderOf);
    assert.deepEqual(
      all.map(order => order.status),
      ['not_processed', 'not_processed', 'awaiting_customer', 'awaiting_customer'],
    );
    assert.deepEqual([sent.length, new Set(sent).size, all[3]?.failure], [3, 1, null]);
  });
}

test('another request under the key of one that was not processed is told so', async () => {
  const { sent, submit } = gateway([noConnection]);
  await submit('reused');
  assert.deepEqual(await submit('reused', { request: 'another' }), { kind: 'key_reused' });
  assert.equal(sent.length, 1);
});

test('after a lost answer nothing is sent again, whatever is called meanwhile', async () => {
  for (const status of [null, '01', '03', '04', '05', '06', '11', '12', '13']) {
    const key = `lost, then ${status}`;
    const { sent, submit } = gateway([lost, issued]);
    const { orderId } = orderOf(await submit(key));
    if (status) await callBack(orderId, status);
    assert.deepEqual(orderOf(await submit(key)), await store.find(orderId), key);
    assert.equal(sent.length, 1, key);
  }
});

test('of ten at once one is sent', async () => {
  const { sent, submit } = gateway([issued]);
  await Promise.all(Array.from({ length: 10 }, () => submit('at once')));
  assert.equal(sent.length, 1);
});

const during: [call: string, reply: Reply, status: string, attention: string | null][] = [
  ['01', issued, 'awaiting_customer', null],
  ['01', lost, 'awaiting_customer', null],
  ['01', noConnection, 'awaiting_customer', null],
  ['01', refused, 'awaiting_customer', 'contradiction'],
  ['02', refused, 'declined', null],
  ['02', lost, 'declined', null],
  ['04', issued, 'received', null],
  ['04', lost, 'received', null],
  ['04', refused, 'received', 'contradiction'],
  ['05', issued, 'paid', null],
  ['05', lost, 'paid', null],
  ['05', refused, 'paid', 'contradiction'],
];
for (const [call, reply, status, attention] of during) {
  const what =
    reply === issued ? 'numbers' : reply === refused ? 'a refusal' : reply === lost ? 'no answer' : 'no connection';
  test(`${call} while the request is out, then ${what}: ${status}${attention ? `, ${attention}` : ''}`, async () => {
    const orderNumber = reply === refused ? null : 'N1';
    const { submit } = gateway([reply], orderId => callBack(orderId, call, { orderNumber }));
    const order = orderOf(await submit(`${call} during ${what}`));
    assert.deepEqual(
      [order.status, order.attention?.reason ?? null, events(order)[1]],
      [status, attention, `cvs_${call}`],
    );
    if (reply === issued) assert.deepEqual(order.cvs, { ...cvs, redirectUrl: null });
  });
}

test('a success that carries nothing takes nothing away that 01 has brought', async () => {
  const { submit } = gateway([answered(fixture('cvs/success-only-rel'))], orderId => callBack(orderId, '01'));
  const order = orderOf(await submit('bare success'));
  assert.deepEqual(
    [order.status, order.orderNumber, order.cvs],
    ['awaiting_customer', 'N1', { ...cvs, redirectUrl: null }],
  );
});

test('a refusal is told alike by the answer and by 02', async () => {
  const answeredFirst = orderOf(await gateway([refused]).submit('refused by the answer'));
  const { orderId } = orderOf(await gateway([lost]).submit('refused by 02'));
  const said = { code: '0008', codeMeaning: answeredFirst.failure?.message ?? null, orderNumber: null, cvs: null };
  const { order } = await applyCallback(
    { ...clock, store, deploymentId: 'test', ipCode: '2019000003' },
    notice(orderId, '02', said),
  );
  assert.deepEqual([order.status, order.failure], ['declined', answeredFirst.failure]);
});

test('a claim older than 120 s is unknown, is not sent again, and 01 repairs it', async () => {
  const { orderId } = orderOf(await gateway([issued]).submit('stale'));
  const order = (await store.find(orderId)) as Order;
  const claimed = {
    ...order,
    status: 'sending' as const,
    orderNumber: null,
    numberBound: false,
    version: order.version + 1,
  };
  await store.replace({ ...claimed, claim: { id: 'dead', at: new Date(noon.getTime() - 120_000).toISOString() } });
  const { sent, submit } = gateway([issued]);
  assert.deepEqual(standing(orderOf(await submit('stale'))), ['unknown', 'outcome_unknown', null]);
  const { order: repaired } = await callBack(orderId, '01');
  assert.deepEqual(
    [...standing(repaired), repaired.orderNumber, sent.length],
    ['awaiting_customer', null, null, 'N1', 0],
  );
});

test('of an answer that breaks off nothing half is left once 01 has come', async () => {
  const whole = (issued as { body: Buffer }).body;
  const values = [null, 'N1', '12345678', '900000001', '2026-12-04'];
  const half: string[] = [];
  for (let length = 0; length < whole.length; length += 1) {
    const order = orderOf(await gateway([answered(whole.subarray(0, length))]).submit(`cut at ${length}`));
    assert.ok(order.status === 'unknown' || order.status === 'awaiting_customer', `${length}: ${order.status}`);
    const { order: repaired } = await callBack(order.orderId, '01');
    const shown = [
      repaired.orderNumber,
      repaired.cvs?.payBy ?? null,
      ...(repaired.cvs?.paymentNumbers ?? []).map(({ value }) => value),
    ];
    half.push(...shown.filter(value => !values.includes(value)).map(value => `after ${length} bytes: ${value}`));
  }
  assert.deepEqual(half, []);
});
