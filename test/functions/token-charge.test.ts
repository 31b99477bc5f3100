import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { cardCalls, FAILING } from '../support/card.ts';
import { startLocal } from '../support/local.ts';
import { clientOf, readersOf } from '../support/table.ts';

const local = await startLocal();
const { gateway, engine } = local;
const { charge, chargeThenCallback, read, sent } = cardCalls(local);
const { cardOf, itemOf } = readersOf(clientOf(engine.endpoint));
beforeEach(() => gateway.reset());

const plain = { code: null, note: null, count: 1 };
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test('a charge is paid: 201 with the order as contract 1.3 writes it', async () => {
  gateway.settings({ callbacks: { card: null } });
  const { status, headers, body } = await charge('paid', { body: { reference: 'A-1' } });
  assert.equal(status, 201);
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers['idempotent-replayed'], undefined);
  const { createdAt, updatedAt, history, ...order } = body;
  assert.deepEqual(order, {
    orderId: orderIdOf('test', 'paid'),
    method: 'card',
    operation: 'token_charge',
    status: 'paid',
    amount: 8000,
    currency: 'JPY',
    reference: 'A-1',
    test: false,
    failure: null,
    attention: [],
    paid: { amount: 8000, at: updatedAt },
    returned: null,
    otherPayments: [],
    gateway: { orderNumber: gateway.ledger()[0]?.orderNumber, status: 'OK' },
    card: { cardId: null, last4: null, brand: null, installments: '01', authentication: null },
    version: 2,
  });
  for (const at of [createdAt, updatedAt, ...history.map((entry: { at: string }) => entry.at)]) assert.match(at, time);
  assert.deepEqual(
    history.map(({ at: _, ...entry }: { at: string }) => entry),
    [
      { ...plain, source: 'api', event: 'token_charge', from: null, to: 'sending', actor: 'local' },
      { ...plain, source: 'gateway', event: 'done', from: 'sending', to: 'paid', actor: null },
    ],
  );
  assert.deepEqual(await read(body.orderId), body);
});

test('the gateway has one charge over the amount, under our order id', async () => {
  const { body } = await charge('ledger');
  assert.deepEqual(
    gateway.ledger().map(({ kind, amount, sendpoint, sendid }) => ({ kind, amount, sendpoint, sendid })),
    [{ kind: 'charge', amount: 8000, sendpoint: body.orderId, sendid: '' }],
  );
});

test('the callback fills in the card, and stands in the history', async () => {
  const { answered, order } = await chargeThenCallback('with-callback');
  assert.deepEqual([order.status, order.attention, order.paid], ['paid', [], answered.body.paid]);
  assert.deepEqual(order.card, {
    cardId: null,
    last4: '1111',
    brand: 'visa',
    installments: '01',
    authentication: null,
  });
  assert.deepEqual(
    order.history.map((entry: { source: string }) => entry.source),
    ['api', 'gateway', 'callback'],
  );
  assert.deepEqual(
    gateway.callbacks()[0]?.attempts.map(({ status, body: text }) => [status, text]),
    [[200, 'successok']],
  );
});

test('a declined card: 402 with the refusal, the order number, and nothing in the ledger', async () => {
  const { answered, order } = await chargeThenCallback('declined', { number: FAILING });
  const { status, headers, body } = answered;
  assert.equal(status, 402);
  assert.equal(headers['content-type'], 'application/json');
  assert.deepEqual([body.status, body.attention, body.paid, body.gateway.status], ['declined', [], null, 'NG']);
  assert.equal(body.gateway.orderNumber, gateway.orders()[0]?.orderNumber);
  const { reason, code, parameter, message, payerMessage } = body.failure;
  assert.deepEqual({ reason, code, parameter }, { reason: 'refused', code: null, parameter: null });
  assert.match(message, /^[ -~]+$/);
  assert.match(payerMessage, /カード/);
  assert.deepEqual([order.status, order.failure, order.card.last4], ['declined', body.failure, '0000']);
  assert.deepEqual(gateway.ledger(), []);
});

test('the failure is the same, whether the response or the callback comes first', async () => {
  const { answered } = await chargeThenCallback('answer-first', { number: FAILING });
  gateway.arm({ endpoint: 'charge', fault: 'callback-first' });
  const { body } = await charge('callback-first', { number: FAILING });
  assert.deepEqual(body.failure, answered.body.failure);
});

test('amount 0 registers the card and charges nothing', async () => {
  const { status, body } = await charge('registered', { body: { amount: 0, cardId: 'CARD-0' } });
  assert.deepEqual([status, body.status, body.amount, body.card.cardId], [201, 'registered', 0, 'CARD-0']);
  await gateway.idle();
  const order = await read(body.orderId);
  assert.deepEqual([order.status, order.attention, order.paid, order.card.last4], ['registered', [], null, '1111']);
  assert.deepEqual(
    gateway.ledger().map(({ kind, amount, sendid }) => [kind, amount, sendid]),
    [['registration', 0, 'CARD-0']],
  );
});

test('amount 0 with a failing card is declined', async () => {
  const { status, body } = await charge('register-fails', { body: { amount: 0, cardId: 'CARD-F' }, number: FAILING });
  assert.deepEqual([status, body.status], [402, 'declined']);
  assert.deepEqual([gateway.ledger(), gateway.cards()], [[], []]);
});

test('with a cardId the card is noted under it with the phone it was registered with', async () => {
  await charge('kept-1', { body: { cardId: 'CARD-K', phone: '03-1234-5678' } });
  await charge('kept-2', { body: { cardId: 'CARD-K', phone: '090 1234 5678' } });
  const card = await cardOf('CARD-K');
  assert.deepEqual(card?.phones, new Set(['0312345678', '09012345678']));
  assert.deepEqual(
    gateway.cards().map(({ sendid, telno }) => [sendid, telno]),
    [
      ['CARD-K', '0312345678'],
      ['CARD-K', '09012345678'],
    ],
  );
});

test('without a cardId no card is noted, and the order holds no phone', async () => {
  const { body } = await charge('not-kept');
  assert.equal(await cardOf('undefined'), undefined);
  assert.equal(await cardOf(''), undefined);
  assert.doesNotMatch(JSON.stringify(await itemOf(body.orderId)), /09012345678|taro/);
});

test('installments go out where they were given, and are shown', async () => {
  for (const installments of ['01', '03', '05', '06', '10', '12', '15', '18', '20', '24', '99']) {
    const { status, body } = await charge(`installments-${installments}`, { body: { installments } });
    assert.deepEqual([status, body.card.installments], [201, installments]);
    assert.equal(
      sent()
        .at(-1)
        ?.parameters.find(each => each.name === 'div')?.value,
      installments,
    );
  }
});

test("a brand's installment rule stays the gateway's: its refusal names it", async () => {
  const { status, body } = await charge('diners-3', { body: { installments: '03' }, number: '30569309025904' });
  assert.equal(status, 402);
  assert.deepEqual([body.failure.reason, body.failure.parameter], ['invalid_parameter', 'installments']);
  assert.match(body.failure.message, /Diners/);
});
