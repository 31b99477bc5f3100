import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { cardActions, quickToken, recurringBody } from '../support/card-actions.ts';
import { countDynamoDb, startLocal } from '../support/local.ts';

/** Succeeds as a first charge, fails whenever it is charged by its card ID. */
const FAILS_LATER = '4000000000000341';
const DINERS = '30569309025904';

const local = await startLocal();
const { gateway } = local;
const { bodyOf, charge, read, recurring, effects, at } = cardActions(local);
beforeEach(() => gateway.reset());

const keep = async (cardId: string, number?: string, phone = '09012345678') => {
  const kept = await charge(`keep ${cardId} ${phone}`, {
    body: { amount: 0, cardId, phone },
    ...(number && { number }),
  });
  assert.equal(kept.body.status, 'registered');
  await gateway.idle();
};
const parameter = (name: string) =>
  at('charge')
    .at(-1)
    ?.parameters.find(each => each.name === name)?.value;

test('a stored card is charged by its card ID: 201, the order as contract 1.3 writes it, its callback stored', async () => {
  await keep('R-1');
  const { status, headers, body } = await recurring('r-1', { cardId: 'R-1', reference: 'A-1' });
  assert.deepEqual([status, headers['idempotent-replayed']], [201, undefined]);
  const { createdAt: _, updatedAt, history, ...order } = body;
  assert.deepEqual(order, {
    orderId: orderIdOf('test', 'r-1'),
    method: 'card',
    operation: 'recurring_charge',
    status: 'paid',
    amount: 3000,
    currency: 'JPY',
    reference: 'A-1',
    test: false,
    failure: null,
    attention: [],
    paid: { amount: 3000, at: updatedAt },
    returned: null,
    otherPayments: [],
    gateway: { orderNumber: effects('charge')[0]?.orderNumber, status: 'OK' },
    card: { cardId: 'R-1', last4: null, brand: null, installments: '01', authentication: null },
    version: 2,
  });
  assert.deepEqual(
    history.map((entry: Record<string, unknown>) => [entry.source, entry.event, entry.from, entry.to]),
    [
      ['api', 'recurring_charge', null, 'sending'],
      ['gateway', 'done', 'sending', 'paid'],
    ],
  );
  assert.deepEqual(
    effects('charge').map(({ amount, sendpoint, sendid }) => [amount, sendpoint, sendid]),
    [[3000, body.orderId, 'R-1']],
  );
  await gateway.idle();
  const later = await read(body.orderId);
  assert.deepEqual([later.status, later.attention, later.card.last4, later.card.brand], ['paid', [], '1111', 'visa']);
});

test('it costs two DynamoDB requests and no read', async () => {
  await keep('R-2');
  gateway.settings({ callbacks: { card: null } });
  const counts = await countDynamoDb(() => recurring('r-2', { cardId: 'R-2' }));
  assert.deepEqual(counts, { PutItem: 2 });
});

test('a payer who changed phones is found by the card ID alone, and not with matchPhone', async () => {
  await keep('R-3');
  const alone = await recurring('r-3-alone', { cardId: 'R-3', phone: '0311112222' });
  assert.deepEqual([alone.status, parameter('cardnumber')], [201, '8888888888888882']);
  const spelled = await recurring('r-3-false', { cardId: 'R-3', phone: '0311112222', matchPhone: false });
  assert.deepEqual([spelled.status, parameter('cardnumber')], [201, '8888888888888882']);
  const matched = await recurring('r-3-match', { cardId: 'R-3', phone: '0311112222', matchPhone: true });
  assert.deepEqual(
    [matched.status, matched.body.status, parameter('cardnumber')],
    [402, 'declined', '8888888888888888'],
  );
  const same = await recurring('r-3-same', { cardId: 'R-3', matchPhone: true });
  assert.deepEqual([same.status, parameter('cardnumber')], [201, '8888888888888888']);
});

test('of several pairs the newest is charged, or with matchPhone the one of the phone', async () => {
  await keep('R-4', '4111111111111111', '0311110001');
  await keep('R-4', '5555555555554444', '0311110002');
  const last4 = async (key: string, more: object) => {
    const { body } = await recurring(key, { cardId: 'R-4', ...more });
    await gateway.idle();
    return (await read(body.orderId)).card.last4;
  };
  assert.equal(await last4('r-4-newest', { phone: '0311110001' }), '4444');
  assert.equal(await last4('r-4-phone', { phone: '0311110001', matchPhone: true }), '1111');
});

test('with a tokenKey the security code goes along, and without one the gateway may refuse', async () => {
  await keep('R-5');
  gateway.settings({ cvvRequired: true });
  const without = await recurring('r-5-without', { cardId: 'R-5' });
  assert.deepEqual([without.status, without.body.failure.parameter], [402, 'tokenKey']);
  const withToken = await recurring('r-5-with', { cardId: 'R-5', tokenKey: await quickToken(gateway.url) });
  assert.deepEqual([withToken.status, withToken.body.status], [201, 'paid']);
});

test('every number of installments goes out and is shown; none asked for sends none', async () => {
  await keep('R-6');
  for (const installments of ['01', '03', '05', '06', '10', '12', '15', '18', '20', '24', '99']) {
    const { status, body } = await recurring(`r-6-${installments}`, { cardId: 'R-6', installments });
    assert.deepEqual([status, body.card.installments, parameter('div')], [201, installments, installments]);
  }
  await recurring('r-6', { cardId: 'R-6' });
  assert.equal(parameter('div'), undefined);
});

test("a brand's installment rule is the gateway's: tried, refused, and named in the refusal", async () => {
  await keep('R-7', DINERS);
  for (const installments of ['03', '24']) {
    const { status, body } = await recurring(`r-7-${installments}`, { cardId: 'R-7', installments });
    assert.deepEqual([status, body.failure.reason, body.failure.parameter], [402, 'invalid_parameter', 'installments']);
    assert.match(body.failure.message, /Diners takes only 01 and 99/);
  }
  for (const installments of ['01', '99']) {
    assert.equal((await recurring(`r-7-${installments}`, { cardId: 'R-7', installments })).status, 201);
  }
  const plain = await recurring('r-7-none', { cardId: 'R-8' });
  assert.doesNotMatch(plain.body.failure.message, /Diners/);
});

test('a card that is not stored, and one that fails, are declined: 402, final', async () => {
  await keep('R-9', FAILS_LATER);
  for (const [key, cardId] of [
    ['r-9-fails', 'R-9'],
    ['r-9-not-kept', 'R-NOT-KEPT'],
  ] as const) {
    const { status, body } = await recurring(key, { cardId });
    assert.deepEqual([status, body.status, body.failure.reason], [402, 'declined', 'refused']);
    await gateway.idle();
    const sent = at('charge').length;
    const again = await recurring(key, { cardId });
    assert.deepEqual([again.status, again.body.status, at('charge').length], [402, 'declined', sent]);
    assert.equal(again.headers['idempotent-replayed'], 'true');
  }
  assert.deepEqual(effects('charge'), []);
});

test('of 20 equal requests at once one is sent', async () => {
  await keep('P-1');
  const all = await Promise.all(Array.from({ length: 20 }, () => recurring('p-1', { cardId: 'P-1' })));
  assert.deepEqual(all.filter(each => each.status === 201).length, 1);
  assert.deepEqual(
    all.filter(each => ![200, 201, 409].includes(each.status)),
    [],
  );
  assert.equal(effects('charge').length, 1);
});

test('creating calls share their keys; another body or another call is 422, and nothing is sent', async () => {
  await keep('K-1');
  await recurring('k-1', { cardId: 'K-1' });
  await charge('k-charge');
  await gateway.idle();
  const sent = at('charge').length;
  for (const answer of [
    await recurring('k-1', { cardId: 'K-1', amount: 3001 }),
    await recurring('k-1', { cardId: 'K-1', matchPhone: false }),
    await local.call('POST', '/card/charges', { key: 'k-1', body: bodyOf('token') }),
    await recurring('k-charge', { cardId: 'K-1' }),
  ]) {
    assert.deepEqual([answer.status, answer.body.code], [422, 'idempotency_key_reused']);
  }
  assert.equal(at('charge').length, sent);
});

test('key order, white space, the token and what is personal make no other request', async () => {
  await keep('K-2');
  const { body } = await recurring('k-2', { cardId: 'K-2' });
  const turned = Object.fromEntries(Object.entries(recurringBody({ cardId: 'K-2' })).toReversed());
  for (const again of [
    JSON.stringify(turned, null, 3),
    { ...recurringBody({ cardId: 'K-2' }), tokenKey: 'another' },
    recurringBody({ cardId: 'K-2', phone: '0311112222', email: 'jiro@example.com' }),
  ]) {
    const answer = await local.call('POST', '/card/recurring-charges', { key: 'k-2', body: again });
    assert.deepEqual([answer.status, answer.headers['idempotent-replayed']], [200, 'true']);
    assert.equal(answer.body.orderId, body.orderId);
  }
});
