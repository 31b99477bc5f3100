import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import type { Order } from '../../shared/domain/order.ts';
import { cardActions } from '../support/card-actions.ts';
import { reasonOf } from '../support/cvs.ts';
import { cardToken, countDynamoDb, startLocal } from '../support/local.ts';
import { aCallback, anOrder, idOf, noon, told, usual, withCallbacks } from '../support/orders.ts';

const local = await startLocal();
const { gateway, lines } = local;
const { charge, read, resolve, cancel, store, effects, at } = cardActions(local);
beforeEach(() => {
  gateway.reset();
  gateway.settings({ cancelWaitMs: 0 });
});

let count = 0;
async function add(order: Order): Promise<string> {
  const orderId = idOf(`resolution-${++count}-`);
  await store.create({ ...order, orderId });
  return orderId;
}
/** A charge whose answer and callback are lost; the gateway has taken the money. */
async function lost(key: string): Promise<string> {
  const { body } = await charge(key, { body: { email: 'lost-answer+no-callback@fault.invalid' } });
  assert.equal(body.status, 'unknown');
  return body.orderId;
}

test('an operator says that a lost charge is paid: 200 with the order, note, number and actor kept, attention gone', async () => {
  const orderId = await lost('r-1');
  const orderNumber = gateway.orders()[0]?.orderNumber;
  const decision = { outcome: 'paid', gatewayOrderNumber: orderNumber, note: '管理画面で確認' };
  const { status, headers, body } = await resolve(orderId, 'r-1', decision);
  assert.deepEqual(
    [status, headers['content-type'], headers['idempotent-replayed']],
    [200, 'application/json', undefined],
  );
  const { at, ...entry } = body.history.at(-1);
  assert.deepEqual(
    [body.status, body.attention, body.failure, body.gateway.orderNumber, body.paid],
    ['paid', [], null, orderNumber, { amount: 8000, at }],
  );
  assert.deepEqual(entry, {
    source: 'operator',
    event: 'paid',
    from: 'unknown',
    to: 'paid',
    code: null,
    note: '管理画面で確認',
    actor: 'local',
    count: 1,
  });
  assert.deepEqual(await read(orderId), body);
});

test('paid without a gateway order number, known or given: 400 on gatewayOrderNumber', async () => {
  const orderId = await lost('r-2');
  const { status, body } = await resolve(orderId, 'r', { outcome: 'paid', note: 'n' });
  const errors = [
    { field: 'gatewayOrderNumber', code: 'required', message: 'is required: no number of the gateway is known' },
  ];
  assert.deepEqual([status, body.code, body.errors], [400, 'invalid_request', errors]);
  const carrier = await add(anOrder('carrier'));
  assert.equal((await resolve(carrier, 'r', { outcome: 'authorized', note: 'n' })).status, 400);
});

test('such an order can be cancelled by its number', async () => {
  const orderId = await lost('r-3');
  const orderNumber = gateway.orders()[0]?.orderNumber;
  await resolve(orderId, 'paid', { outcome: 'paid', gatewayOrderNumber: orderNumber, note: 'n' });
  const order = await store.find(orderId);
  assert.ok(order);
  // The wait after the payment is over.
  const steps = order.steps.map(step => (step.kind === 'decision' ? { ...step, at: noon.toISOString() } : step));
  await store.replace({ ...order, steps, version: order.version + 1 });
  assert.deepEqual([(await cancel(orderId, 'cancel')).status, effects('cancel').length], [200, 1]);
});

test('the callback that still comes agrees or contradicts, by what the operator decided', async () => {
  const cases: [outcome: string, status: string, reasons: string[]][] = [
    ['paid', 'paid', []],
    ['declined', 'paid', ['contradiction']],
  ];
  for (const [outcome, status, reasons] of cases) {
    gateway.reset();
    const orderId = await lost(`callback ${outcome}`);
    const gatewayOrderNumber = gateway.orders()[0]?.orderNumber;
    const decided = await resolve(orderId, 'decision', { outcome, gatewayOrderNumber, note: 'n' });
    assert.equal(decided.body.status, outcome);
    await gateway.resend(gateway.callbacks()[0]?.id ?? '');
    const order = await read(orderId);
    assert.deepEqual([order.status, order.attention.map(reasonOf)], [status, reasons], outcome);
  }
});

test('declined by an operator is final for the charge: 402, replayed; another card needs another key; nothing is sent', async () => {
  const body = { email: 'lost-answer+no-callback@fault.invalid', tokenKey: await cardToken(gateway.url) };
  const { orderId } = (await charge('r-4', { body })).body;
  const { failure } = (await resolve(orderId, 'decision', { outcome: 'declined', note: 'no sale found' })).body;
  assert.deepEqual([failure.reason, failure.code, failure.parameter], ['operator', null, null]);
  const again = await charge('r-4', { body });
  assert.deepEqual([again.status, again.headers['idempotent-replayed'], again.body.orderId], [402, 'true', orderId]);
  const other = await charge('r-4', { body: { ...body, tokenKey: await cardToken(gateway.url) } });
  assert.deepEqual(
    [other.status, other.body.code, other.body.order.orderId],
    [422, 'idempotency_key_declined', orderId],
  );
  assert.equal(at('charge').length, 1);
});

test('attention goes by acknowledging, all of it or by reasons; what does not stand is 400', async () => {
  const trouble = [aCallback('card', 'XX'), aCallback('card', 'OK', { amountYen: 1 })];
  const orderId = await add(withCallbacks(usual.card.paid(), trouble));
  const say = (key: string, more: object = {}) =>
    resolve(orderId, key, { outcome: 'acknowledged', note: 'n', ...more });
  const wrong = await say('zero', { reasons: ['unlisted_status', 'contradiction'] });
  const error = { field: 'reasons.1', code: 'invalid', message: 'does not stand: contradiction' };
  assert.deepEqual([wrong.status, wrong.body.errors], [400, [error]]);
  const one = await say('one', { reasons: ['unlisted_status'] });
  assert.deepEqual([one.status, one.body.attention.map(reasonOf)], [200, ['amount_mismatch']]);
  const two = await say('two');
  assert.deepEqual([two.status, two.body.status, two.body.attention], [200, 'paid', []]);
  assert.equal((await say('three')).body.code, 'order_state');
  const list = await local.call('GET', '/orders?attention=true');
  assert.ok(!list.body.orders.some((order: { orderId: string }) => order.orderId === orderId));
});

test('an unknown outcome cannot be acknowledged: 400 on reasons', async () => {
  const orderId = await add(usual.card.unknown());
  for (const [more, field] of [
    [{}, 'reasons'],
    [{ reasons: ['outcome_unknown'] }, 'reasons.0'],
  ] as const) {
    const { status, body } = await resolve(orderId, 'r', { outcome: 'acknowledged', note: 'n', ...more });
    assert.deepEqual([status, body.errors[0].field], [400, field]);
  }
});

test('amount is what was really paid', async () => {
  const orderId = await add(usual.carrier.settling());
  const { status, body } = await resolve(orderId, 'r', { outcome: 'paid', amount: 5000, note: 'n' });
  assert.deepEqual([status, body.paid.amount, body.amount], [200, 5000, 8000]);
});

test('not allowed in the order’s status: 409 with the order, and nothing changes', async () => {
  const cases: [order: Order, outcome: string][] = [
    [usual.card.paid(), 'declined'],
    [usual.card.declined(), 'paid'],
    [usual.card.unknown(), 'awaiting_customer'],
    [usual.card.unknown(), 'settle_failed'],
    [usual.carrier.authorized(), 'paid'],
    [usual.carrier.settle_scheduled(), 'paid'],
    [usual.cvs.paid(), 'cancelled'],
  ];
  for (const [order, outcome] of cases) {
    const orderId = await add(order);
    const shown = await read(orderId);
    const answer = await resolve(orderId, 'decision', { outcome, note: 'n' });
    assert.deepEqual([answer.status, answer.body.code, answer.body.order], [409, 'order_state', shown], outcome);
    assert.deepEqual(await read(orderId), shown);
  }
});

test('cancelled after a refund by hand: for cancel_failed, and no other outcome', async () => {
  const orderId = await add(told(usual.carrier.paid(), '09'));
  assert.equal((await resolve(orderId, 'no', { outcome: 'declined', note: 'n' })).status, 409);
  const { status, body } = await resolve(orderId, 'yes', { outcome: 'cancelled', note: 'refunded by transfer' });
  assert.deepEqual([status, body.status, body.attention, body.paid.amount], [200, 'cancelled', [], 8000]);
  assert.equal(body.returned.amount, 8000);
});

test('a charge that is still running is in progress: 409 with Retry-After', async () => {
  const orderId = await add(anOrder('card', {}, new Date()));
  const { status, headers, body } = await resolve(orderId, 'decision', { outcome: 'paid', note: 'n' });
  assert.deepEqual([status, body.code], [409, 'in_progress']);
  assert.match(String(headers['retry-after']), /^[1-9]\d*$/);
});

test('an order that does not exist: 404, also for what is no order ID', async () => {
  for (const orderId of [orderIdOf('test', 'none'), 'x']) {
    const { status, body } = await resolve(orderId, 'decision', { outcome: 'paid', note: 'n' });
    assert.deepEqual([status, body.code], [404, 'order_not_found']);
  }
});

const rows: { field: string; fits: unknown[]; refused: unknown[] }[] = [
  {
    field: 'outcome',
    fits: ['paid', 'declined', 'cancelled'],
    refused: [undefined, '', 'Paid', 'registered', 'unknown', 1, null],
  },
  {
    field: 'note',
    fits: ['n', 'n'.repeat(500), '確'.repeat(500), '😀'.repeat(500), 'two\nlines'],
    refused: [undefined, '', 'n'.repeat(501), 1, null],
  },
  {
    field: 'gatewayOrderNumber',
    fits: ['N', 'N'.repeat(50), '11.111.11.11-000-222-333'],
    refused: ['', 'N'.repeat(51), '番号', 'N\n', 1, null],
  },
];
for (const { field, fits, refused } of rows) {
  test(`${field}: what fits is taken, what does not is named`, async () => {
    const body = (value: unknown) => ({ outcome: 'paid', gatewayOrderNumber: 'N1', note: 'n', [field]: value });
    for (const value of fits) {
      const { status } = await resolve(await add(usual.card.unknown()), 'decision', body(value));
      assert.equal(status, 200, JSON.stringify(value));
    }
    const orderId = await add(usual.card.unknown());
    for (const value of refused) {
      const answer = await resolve(orderId, 'decision', body(value));
      assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request'], JSON.stringify(value));
      assert.deepEqual(
        answer.body.errors.map((each: { field: string }) => each.field),
        [field],
      );
    }
    assert.equal((await store.find(orderId))?.version, 2);
  });
}

test('all faults come at once, unknown fields and card data among them', async () => {
  const orderId = await add(usual.card.unknown());
  const { body } = await resolve(orderId, 'decision', { outcome: 'x', gatewayOrderNumber: '', status: 'paid' });
  assert.deepEqual(body.errors.map((each: { field: string }) => each.field).toSorted(), [
    'gatewayOrderNumber',
    'note',
    'outcome',
    'status',
  ]);
  assert.equal(
    (await resolve(orderId, 'decision', { outcome: 'paid', note: 'n', cvv: '123' })).body.code,
    'card_data_refused',
  );
});

test('the same key again: 200 replayed with the order as it is now; another body: 422', async () => {
  const orderId = await lost('r-5');
  const decision = { outcome: 'declined', note: 'n' };
  await resolve(orderId, 'decision', decision);
  await gateway.resend(gateway.callbacks()[0]?.id ?? '');
  const { status, headers, body } = await resolve(orderId, 'decision', { note: 'n', outcome: 'declined' });
  assert.deepEqual([status, headers['idempotent-replayed'], body.status], [200, 'true', 'paid']);
  const other = await resolve(orderId, 'decision', { ...decision, note: 'other' });
  assert.deepEqual([other.status, other.body.code], [422, 'idempotency_key_reused']);
});

test('it costs two DynamoDB requests, and its note is in no line of the log', async () => {
  const orderId = await add(usual.card.unknown());
  const counts = await countDynamoDb(() =>
    resolve(orderId, 'decision', { outcome: 'paid', gatewayOrderNumber: 'N1', note: 'canary of a note' }),
  );
  assert.deepEqual(counts, { GetItem: 1, PutItem: 1 });
  assert.ok(lines.length > 0);
  assert.doesNotMatch(JSON.stringify(lines), /canary/);
});
