/** One order through its use case on a real table, with a gateway that says what the test wants, and calls when it wants. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { Masked } from '../../shared/domain/masked.ts';
import type { Order } from '../../shared/domain/order.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import { type Stored, storeCallback } from '../../shared/orders/callbacks.ts';
import { type CvsOrderRequest, cvsOrder } from '../../shared/orders/cvs-order.ts';
import type { Submitted } from '../../shared/orders/replay.ts';
import type { ReceivedCallback } from '../../shared/zeus/callbacks/callback.ts';
import type { Reply } from '../../shared/zeus/wire/transport.ts';
import { aReceived, noon, reasonsOf, standingClock, statusOf } from '../support/orders.ts';
import { startTable } from '../support/table.ts';
import { answered, fixture } from '../zeus/recorded.ts';

const { store } = await startTable();
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
const callBack = async (
  orderId: string,
  status: string,
  changes: Partial<ReceivedCallback> = {},
  now = noon,
): Promise<Stored> => {
  const deps = { ...standingClock(now), store, deploymentId: 'test', ipCode: '2019000003' };
  return storeCallback(deps, aReceived('cvs', status, { orderId, ipCode: '2019000003', cvs, ...changes }), now);
};

const requestOf = (idempotencyKey: string, changes: Partial<CvsOrderRequest> = {}): CvsOrderRequest => ({
  idempotencyKey,
  request: 'request',
  actor: 'test',
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
function gateway(
  replies: Reply[],
  during: (orderId: string) => Promise<unknown> = async () => {},
  clock = standingClock(),
) {
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
const standing = (order: Order) => [statusOf(order), reasonsOf(order), summarize(order).failure?.reason ?? null];
const events = (order: Order) => order.history.map(entry => entry.event);

const endings: [what: string, reply: Reply, status: string, reasons: string[], failure: string | null][] = [
  ['numbers', issued, 'awaiting_customer', [], null],
  ['an error code', refused, 'declined', [], 'store_unavailable'],
  ['maintenance', maintenance, 'not_processed', [], 'maintenance'],
  ['no connection', noConnection, 'not_processed', [], 'connection_failed'],
  ['a lost answer', lost, 'unknown', ['outcome_unknown'], null],
  ['an answer of HTTP 500', answered('rel=Success_order\n', 500), 'unknown', ['outcome_unknown'], null],
];

for (const [what, reply, ...expected] of endings) {
  test(`${what}: ${expected[0]}, stored, sent once`, async () => {
    const { sent, submit } = gateway([reply]);
    const order = orderOf(await submit(what));
    assert.deepEqual([...standing(order), summarize(order).open, sent.length], [...expected, null, 1]);
    assert.deepEqual(await store.find(order.orderId), order);
  });
}

test('numbers, labels, deadline and order number are stored with the answer', async () => {
  const { orderNumber, gatewayStatus, cvs: shown } = summarize(orderOf(await gateway([issued]).submit('stored')));
  assert.deepEqual([orderNumber, gatewayStatus, shown], ['N1', '01', { ...cvs, redirectUrl: null }]);
});

test('a URL that payers must not follow is left out: the order stands, and history says so', async () => {
  const unsafe = answered(
    'rel=Success_order\norder_no=N7\npay_no1=1234567890123\npay_limit=20261204\npay_url=http://pay.example/slip\n',
  );
  const order = orderOf(await gateway([unsafe]).submit('unsafe page', { store: 'seven-eleven' }));
  const { status, cvs: shown } = summarize(order);
  assert.deepEqual([status, shown?.redirectUrl], ['awaiting_customer', null]);
  const { event, note } = order.history.at(-1) ?? {};
  assert.equal(event, 'done');
  assert.equal(note, 'The URL of the payment slip was left out: no https URL without user information');
});

for (const [what, reply] of [['maintenance', maintenance] as const, ['no connection', noConnection] as const]) {
  test(`after ${what} the same key sends again, and only until something is known`, async () => {
    const { sent, submit } = gateway([reply, reply, issued]);
    const key = `again after ${what}`;
    const all = [await submit(key), await submit(key), await submit(key), await submit(key)].map(orderOf);
    assert.deepEqual(all.map(statusOf), ['not_processed', 'not_processed', 'awaiting_customer', 'awaiting_customer']);
    assert.deepEqual([sent.length, new Set(sent).size, summarize(all[3] as Order).failure], [3, 1, null]);
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

const during: [call: string, reply: Reply, status: string, reasons: string[]][] = [
  ['01', issued, 'awaiting_customer', []],
  ['01', lost, 'awaiting_customer', []],
  ['01', noConnection, 'awaiting_customer', []],
  ['01', refused, 'awaiting_customer', ['contradiction']],
  ['02', issued, 'awaiting_customer', ['contradiction']],
  ['02', refused, 'declined', []],
  ['02', lost, 'declined', []],
  ['03', issued, 'expired', []],
  ['04', issued, 'received', []],
  ['04', lost, 'received', []],
  ['04', refused, 'received', []],
  ['05', issued, 'paid', []],
  ['05', lost, 'paid', []],
  ['05', refused, 'paid', []],
];
for (const [call, reply, status, reasons] of during) {
  const what =
    reply === issued ? 'numbers' : reply === refused ? 'a refusal' : reply === lost ? 'no answer' : 'no connection';
  test(`${call} while the request is out, then ${what}: ${[status, ...reasons].join(', ')}`, async () => {
    const orderNumber = reply === refused ? null : 'N1';
    const { submit } = gateway([reply], orderId => callBack(orderId, call, { orderNumber }));
    const order = orderOf(await submit(`${call} during ${what}`));
    assert.deepEqual([statusOf(order), reasonsOf(order), events(order)[1]], [status, reasons, `cvs_${call}`]);
    if (reply === issued) assert.deepEqual(summarize(order).cvs, { ...cvs, redirectUrl: null });
    assert.deepEqual(await store.find(order.orderId), order);
  });

  test(`${call} after ${what}: the same, and an equal one adds nothing`, async () => {
    const orderNumber = reply === refused ? null : 'N1';
    const { orderId } = orderOf(await gateway([reply]).submit(`${call} after ${what}`));
    const { order } = await callBack(orderId, call, { orderNumber });
    assert.deepEqual([statusOf(order), reasonsOf(order)], [status, reasons]);
    assert.deepEqual(await callBack(orderId, call, { orderNumber }), { order, isNew: false });
  });
}

test('a success that carries nothing takes nothing away that 01 has brought', async () => {
  const { submit } = gateway([answered(fixture('cvs/success-only-rel'))], orderId => callBack(orderId, '01'));
  const order = orderOf(await submit('bare success'));
  const { status, orderNumber, cvs: shown } = summarize(order);
  assert.deepEqual([status, orderNumber, shown], ['awaiting_customer', 'N1', { ...cvs, redirectUrl: null }]);
});

test('a refusal is told alike by the answer and by 02', async () => {
  const { failure } = summarize(orderOf(await gateway([refused]).submit('refused by the answer')));
  const { orderId } = orderOf(await gateway([lost]).submit('refused by 02'));
  const { order } = await callBack(orderId, '02', { code: '0008', failure, orderNumber: null, cvs: null });
  assert.deepEqual([statusOf(order), summarize(order).failure], ['declined', failure]);
});

test('a claim older than 120 s is unknown, is not sent again, and its own answer still counts', async () => {
  const clock = standingClock();
  let replayed: Submitted | null = null;
  const { sent, submit } = gateway(
    [issued],
    async () => {
      clock.set(new Date(noon.getTime() + 120_000));
      replayed = await again.submit('stale');
    },
    clock,
  );
  const again = gateway([issued], undefined, clock);
  const order = orderOf(await submit('stale'));
  assert.ok(replayed);
  assert.equal((replayed as { replayed?: boolean }).replayed, true);
  assert.deepEqual([standing(order), sent.length, again.sent.length], [['awaiting_customer', [], null], 1, 0]);
});

test('of an answer that breaks off nothing half is left once 01 has come', async () => {
  const whole = (issued as { body: Buffer }).body;
  const values = [null, 'N1', '12345678', '900000001', '2026-12-04'];
  const half: string[] = [];
  for (let length = 0; length < whole.length; length += 1) {
    const order = orderOf(await gateway([answered(whole.subarray(0, length))]).submit(`cut at ${length}`));
    assert.ok(['unknown', 'awaiting_customer'].includes(statusOf(order)), `${length}: ${statusOf(order)}`);
    const { order: repaired } = await callBack(order.orderId, '01');
    const { orderNumber, cvs: shown, others, attention } = summarize(repaired);
    const told = [orderNumber, shown?.payBy ?? null, ...(shown?.paymentNumbers ?? []).map(({ value }) => value)];
    half.push(...told.filter(value => !values.includes(value)).map(value => `after ${length} bytes: ${value}`));
    assert.deepEqual([others, attention], [[], []], `after ${length} bytes`);
  }
  assert.deepEqual(half, []);
});
