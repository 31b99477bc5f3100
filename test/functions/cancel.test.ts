import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { cardActions, longAgo } from '../support/card-actions.ts';
import { startLocal } from '../support/local.ts';
import { anOrder, answered, idOf, succeeded, usual } from '../support/orders.ts';

const local = await startLocal();
const { gateway } = local;
const { charge, paid, cancel, read, resolve, recurring, succeededLongAgo, store, at, effects } = cardActions(local);
beforeEach(() => {
  gateway.reset();
  gateway.settings({ cancelWaitMs: 0 });
});

test('a paid charge is cancelled: 200, one cancel over its amount in the ledger', async () => {
  const orderId = await paid('c-1');
  const { status, headers, body } = await cancel(orderId, 'c-1-cancel');
  assert.deepEqual(
    [status, headers['content-type'], headers['idempotent-replayed']],
    [200, 'application/json', undefined],
  );
  assert.deepEqual(
    [body.orderId, body.status, body.failure, body.attention, body.amount],
    [orderId, 'cancelled', null, [], 8000],
  );
  assert.deepEqual(
    [body.paid, body.returned],
    [
      { amount: 8000, at: longAgo },
      { amount: 8000, at: body.updatedAt },
    ],
  );
  assert.deepEqual(
    body.history
      .slice(-2)
      .map((entry: Record<string, unknown>) => [
        entry.source,
        entry.event,
        entry.from,
        entry.to,
        entry.code,
        entry.actor,
      ]),
    [
      ['api', 'cancel', 'paid', 'cancelling', null, 'local'],
      ['gateway', 'cancel_done', 'cancelling', 'cancelled', null, null],
    ],
  );
  assert.deepEqual(
    effects('cancel').map(each => [each.orderNumber, each.amount]),
    [[body.gateway.orderNumber, 8000]],
  );
  assert.deepEqual(await read(orderId), body);
});

test('a recurring charge is cancelled as well', async () => {
  await charge('c-2-keep', { body: { amount: 0, cardId: 'C-2' } });
  const { body } = await recurring('c-2', { cardId: 'C-2' });
  await gateway.idle();
  await succeededLongAgo(body.orderId);
  assert.deepEqual([(await cancel(body.orderId, 'c-2-cancel')).status, effects('cancel').length], [200, 1]);
});

const paidUnder = (orderId: string, orderNumber: string | null) =>
  answered(anOrder('card', { orderId }), succeeded({ orderNumber }), new Date(longAgo));

test('the bytes on the wire: manual 003, escaped, with its headers, on a fresh connection', async () => {
  const orderId = idOf('wire');
  await store.create(paidUnder(orderId, `<N&"'1>`));
  await cancel(orderId, 'wire');
  const [request] = at('cancel');
  const xml = Buffer.from(request?.raw ?? '', 'base64').toString();
  const authentication = xml.slice(xml.indexOf('<authentication>'), xml.indexOf('<return>'));
  assert.match(authentication, /^<authentication><clientip>2019000001<\/clientip><key>[^<]+<\/key><\/authentication>$/);
  assert.equal(
    xml.replace(authentication, ''),
    '<?xml version="1.0" encoding="utf-8"?><request service="secure_link" action="payment_return"><return><order_number>&lt;N&amp;&quot;\'1&gt;</order_number></return></request>',
  );
  const { host: _, 'content-length': length, ...headers } = request?.headers ?? {};
  assert.deepEqual(headers, { 'content-type': 'text/xml', connection: 'close' });
  assert.ok(Number(length) > 0 && Number(length) <= 8192);
  assert.deepEqual([request?.method, request?.path, request?.violations], ['POST', '/cgi-bin/secure/api.cgi', []]);
});

test('the widest order number still goes out whole', async () => {
  const orderId = idOf('widest');
  await store.create(paidUnder(orderId, '&'.repeat(50)));
  const { status, body } = await cancel(orderId, 'widest');
  assert.deepEqual([status, body.gatewayCode], [422, '02180114']);
  assert.match(
    Buffer.from(at('cancel')[0]?.raw ?? '', 'base64').toString(),
    /<order_number>(&amp;){50}<\/order_number>/,
  );
});

const barred = ['sending', 'not_processed', 'unknown', 'declined', 'registered'] as const;
for (const status of barred) {
  test(`an order that is ${status}: 409 order_state with the order, nothing sent, the key stays free`, async () => {
    const orderId = idOf(`barred-${status.replace('_', '-')}`);
    const order = status === 'sending' ? anOrder('card', {}, new Date()) : usual.card[status]();
    await store.create({ ...order, orderId });
    const answer = await cancel(orderId, 'barred');
    assert.deepEqual([answer.status, answer.body.code, answer.body.order.status], [409, 'order_state', status]);
    assert.deepEqual((await store.find(orderId))?.keys, {});
    assert.deepEqual(at('cancel'), []);
  });
}

test('a paid order without an order number: 409, nothing sent', async () => {
  const orderId = idOf('no-number');
  await store.create(paidUnder(orderId, null));
  const { status, body } = await cancel(orderId, 'no-number');
  assert.deepEqual([status, body.code, body.order.status], [409, 'order_state', 'paid']);
  assert.match(body.detail, /no order number/);
  assert.deepEqual(at('cancel'), []);
});

test('an order that is cancelled: 200 with any key, nothing sent', async () => {
  const orderId = await paid('c-4');
  await cancel(orderId, 'c-4-cancel');
  const { status, body } = await cancel(orderId, 'c-4-other');
  assert.deepEqual([status, body.status, at('cancel').length], [200, 'cancelled', 1]);
});

test('unknown orders, orders of other methods, and what is no order ID: 404', async () => {
  const carrier = idOf('carrier');
  await store.create({ ...usual.carrier.paid(), orderId: carrier });
  for (const orderId of [orderIdOf('test', 'none'), carrier, 'x', 'A'.repeat(33)]) {
    const { status, body } = await cancel(orderId, 'none');
    assert.deepEqual([status, body.code], [404, 'order_not_found'], orderId);
  }
  assert.deepEqual(at('cancel'), []);
});

test('nothing or {} is the body; anything else is named and never sent', async () => {
  const orderId = await paid('c-5');
  for (const [body, field] of [
    [{ amount: 1 }, 'amount'],
    [{ orderNumber: 'N' }, 'orderNumber'],
    ['[]', ''],
    ['null', ''],
    ['{', ''],
  ] as const) {
    const answer = await cancel(orderId, 'c-5-cancel', body);
    assert.deepEqual([answer.status, answer.body.code, answer.body.errors[0].field], [400, 'invalid_request', field]);
  }
  assert.equal((await cancel(orderId, 'c-5-cancel', { card: '4111111111111111' })).body.code, 'card_data_refused');
  assert.deepEqual(at('cancel'), []);
  assert.equal((await cancel(orderId, 'c-5-cancel', {})).status, 200);
});

test('checks come in the order of the contract: key, body, key reuse, existence, status', async () => {
  const orderId = await paid('c-6');
  await cancel(orderId, 'c-6-cancel');
  const path = (id: string) => `/card/charges/${id}/cancel`;
  const unknown = orderIdOf('test', 'none');
  const codes = [
    await local.call('POST', path(unknown), { body: { x: 1 } }),
    await cancel(unknown, 'c-6-cancel', { x: 1 }),
    await resolve(orderId, 'c-6-cancel', { outcome: 'paid', note: 'n' }),
    await cancel(unknown, 'c-6-cancel'),
    await resolve(orderId, 'c-6-new', { outcome: 'paid', note: 'n' }),
  ].map(({ body }) => body.code);
  assert.deepEqual(codes, [
    'idempotency_key_invalid',
    'invalid_request',
    'idempotency_key_reused',
    'order_not_found',
    'order_state',
  ]);
});

test('a cancel of 20 equal ones at once is sent once', async () => {
  const orderId = await paid('c-7');
  const all = await Promise.all(Array.from({ length: 20 }, () => cancel(orderId, 'c-7-cancel')));
  assert.deepEqual(
    all.filter(({ status }) => ![200, 409].includes(status)),
    [],
  );
  assert.deepEqual([at('cancel').length, effects('cancel').length], [1, 1]);
});
