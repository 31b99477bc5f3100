import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import type { Method, Order, Status } from '../../shared/domain/order.ts';
import { cardActions } from '../support/card-actions.ts';
import { countDynamoDb, startLocal } from '../support/local.ts';
import { idOf, placed } from '../support/orders.ts';

const local = await startLocal();
const { gateway, lines } = local;
const { charge, read, resolve, cancel, store, effects, at } = cardActions(local);
beforeEach(() => {
  gateway.reset();
  gateway.settings({ cancelWaitMs: 0 });
});

let count = 0;
async function add(method: Method, status: Status, changes: Partial<Order> = {}): Promise<string> {
  const orderId = idOf(`resolution-${++count}-`);
  await store.create(placed(method, status, { orderId, ...changes }));
  return orderId;
}
/** A charge whose answer and callback are lost; the gateway has taken the money. */
async function lost(key: string): Promise<string> {
  const { body } = await charge(key, { body: { email: 'lost-answer+no-callback@fault.invalid' } });
  assert.equal(body.status, 'unknown');
  return body.orderId;
}

test('a person says that a lost charge is paid: 200 with the order, note and number kept, attention gone', async () => {
  const orderId = await lost('r-1');
  const [order] = gateway.orders();
  const word = { outcome: 'paid', gatewayOrderNumber: order?.orderNumber, note: '管理画面で確認' };
  const { status, headers, body } = await resolve(orderId, 'r-1', word);
  assert.deepEqual(
    [status, headers['content-type'], headers['idempotent-replayed']],
    [200, 'application/json', undefined],
  );
  assert.deepEqual(
    [body.status, body.attention, body.failure, body.gateway.orderNumber],
    ['paid', null, null, order?.orderNumber],
  );
  const { at: _, ...entry } = body.history.at(-1);
  assert.deepEqual(entry, {
    source: 'operator',
    event: 'paid',
    from: 'unknown',
    to: 'paid',
    code: null,
    note: '管理画面で確認',
    count: 1,
  });
  assert.deepEqual(await read(orderId), body);
});

test('such an order can be cancelled by its number, 10 s after the word at the earliest', async () => {
  const orderId = await lost('r-2');
  await resolve(orderId, 'paid', { outcome: 'paid', gatewayOrderNumber: gateway.orders()[0]?.orderNumber, note: 'n' });
  const order = await store.find(orderId);
  assert.ok(order?.paidAt && Date.now() - Date.parse(order.paidAt) < 60_000);
  await store.replace({ ...order, paidAt: '2020-01-01T00:00:00.000Z', version: order.version + 1 });
  assert.deepEqual([(await cancel(orderId, 'cancel')).status, effects('cancel').length], [200, 1]);
});

test('the callback that still comes repeats, contradicts, or is late, by what the person said', async () => {
  const cases: [outcome: string, status: string, attention: string | null][] = [
    ['paid', 'paid', null],
    ['declined', 'paid', 'contradiction'],
    ['cancelled', 'cancelled', null],
  ];
  for (const [outcome, status, attention] of cases) {
    gateway.reset();
    const orderId = await lost(`callback ${outcome}`);
    assert.equal((await resolve(orderId, 'word', { outcome, note: 'n' })).body.status, outcome);
    await gateway.resend(gateway.callbacks()[0]?.id ?? '');
    const order = await read(orderId);
    assert.deepEqual([order.status, order.attention?.reason ?? null], [status, attention], outcome);
  }
});

test('declined by a person is final for the charge: 402, replayed, nothing sent', async () => {
  const orderId = await lost('r-3');
  const { body } = await resolve(orderId, 'word', { outcome: 'declined', note: 'no sale found' });
  assert.deepEqual([body.failure.reason, body.failure.code, body.failure.parameter], ['operator', null, null]);
  const again = await charge('r-3', { body: { email: 'lost-answer+no-callback@fault.invalid' } });
  assert.deepEqual([again.status, again.headers['idempotent-replayed'], at('charge').length], [402, 'true', 1]);
});

test('attention is cleared by acknowledging, and can be raised again', async () => {
  const orderId = await add('card', 'paid', {
    attention: { reason: 'amount_mismatch', since: '2026-11-20T03:00:00.000Z' },
  });
  const { status, body } = await resolve(orderId, 'one', { outcome: 'acknowledged', note: 'n' });
  assert.deepEqual([status, body.status, body.attention], [200, 'paid', null]);
  assert.equal((await resolve(orderId, 'two', { outcome: 'acknowledged', note: 'n' })).body.code, 'order_state');
  const list = await local.call('GET', '/orders?attention=true');
  assert.ok(!list.body.orders.some((order: { orderId: string }) => order.orderId === orderId));
});

test('not allowed in the order’s status: 409 with the order, and nothing changes', async () => {
  const cases: [Method, Status, string][] = [
    ['card', 'paid', 'declined'],
    ['card', 'declined', 'paid'],
    ['card', 'unknown', 'awaiting_customer'],
    ['carrier', 'awaiting_customer', 'paid'],
    ['cvs', 'received', 'paid'],
  ];
  for (const [method, status, outcome] of cases) {
    const orderId = await add(method, status);
    const answer = await resolve(orderId, 'word', { outcome, note: 'n' });
    assert.deepEqual(
      [answer.status, answer.body.code, answer.body.order.status],
      [409, 'order_state', status],
      `${outcome} in ${status}`,
    );
    assert.equal((await store.find(orderId))?.version, 1);
  }
});

test('a charge that is still running is in progress: 409 with Retry-After', async () => {
  const orderId = await add('card', 'sending', { claim: { id: 'c', at: new Date().toISOString() } });
  const { status, headers, body } = await resolve(orderId, 'word', { outcome: 'paid', note: 'n' });
  assert.deepEqual([status, body.code], [409, 'in_progress']);
  assert.match(String(headers['retry-after']), /^[1-9]\d*$/);
});

test('an order of nobody: 404, also for what is no order ID', async () => {
  for (const orderId of [orderIdOf('test', 'nobody'), 'x']) {
    const { status, body } = await resolve(orderId, 'word', { outcome: 'paid', note: 'n' });
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
    fits: [undefined, 'N', 'N'.repeat(50), '11.111.11.11-000-222-333'],
    refused: ['', 'N'.repeat(51), '番号', 'N\n', 1, null],
  },
];
for (const { field, fits, refused } of rows) {
  test(`${field}: what fits is taken, what does not is named`, async () => {
    const body = (value: unknown) => ({ outcome: 'paid', note: 'n', [field]: value });
    for (const value of fits) {
      const { status } = await resolve(await add('card', 'unknown'), 'word', body(value));
      assert.equal(status, 200, JSON.stringify(value));
    }
    const orderId = await add('card', 'unknown');
    for (const value of refused) {
      const answer = await resolve(orderId, 'word', body(value));
      assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request'], JSON.stringify(value));
      assert.deepEqual(
        answer.body.errors.map((each: { field: string }) => each.field),
        [field],
      );
    }
    assert.equal((await store.find(orderId))?.version, 1);
  });
}

test('all faults come at once, unknown fields and card data among them', async () => {
  const orderId = await add('card', 'unknown');
  const { body } = await resolve(orderId, 'word', { outcome: 'x', gatewayOrderNumber: '', status: 'paid' });
  assert.deepEqual(body.errors.map((each: { field: string }) => each.field).toSorted(), [
    'gatewayOrderNumber',
    'note',
    'outcome',
    'status',
  ]);
  assert.equal(
    (await resolve(orderId, 'word', { outcome: 'paid', note: 'n', cvv: '123' })).body.code,
    'card_data_refused',
  );
});

test('the same key again: 200 replayed with the order as it is now; another body: 422', async () => {
  const orderId = await lost('r-4');
  const word = { outcome: 'declined', note: 'n' };
  await resolve(orderId, 'word', word);
  await gateway.resend(gateway.callbacks()[0]?.id ?? '');
  const { status, headers, body } = await resolve(orderId, 'word', { note: 'n', outcome: 'declined' });
  assert.deepEqual([status, headers['idempotent-replayed'], body.status], [200, 'true', 'paid']);
  const other = await resolve(orderId, 'word', { ...word, note: 'other' });
  assert.deepEqual([other.status, other.body.code], [422, 'idempotency_key_reused']);
});

test('it costs two DynamoDB requests, and its note is in no line of the log', async () => {
  const orderId = await add('card', 'unknown');
  const counts = await countDynamoDb(() => resolve(orderId, 'word', { outcome: 'paid', note: 'canary of a note' }));
  assert.deepEqual(counts, { GetItem: 1, PutItem: 1 });
  assert.ok(lines.length > 0);
  assert.doesNotMatch(JSON.stringify(lines), /canary/);
});
