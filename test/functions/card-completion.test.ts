/** EMV 3-D Secure: the completion, as the payer's browser can end it. Check numbers are those of three-d-secure.md, 8.2. */
import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { authenticationCalls, cards, passed } from '../support/authentication.ts';
import { callBack, cardParameters } from '../support/callbacks.ts';
import { faultsOf, reasonsIn } from '../support/card.ts';
import { invoke, startLocal } from '../support/local.ts';
import { clearTable, clientOf } from '../support/table.ts';

const local = await startLocal();
const { gateway, call, engine } = local;
const { begin, ready, pay, complete, counts, charges, read } = authenticationCalls(local);
beforeEach(async () => {
  mock.timers.reset();
  gateway.reset();
  gateway.settings({ callbacks: { card: null }, cancelWaitMs: 0 });
  await clearTable(clientOf(engine.endpoint));
});

const eventsIn = (body: { history: { event: string }[] }) => body.history.map(({ event }) => event);
/** From now on it is so many minutes later, for functions and gateway. */
const pass = (minutes: number) => mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 * minutes });
const runDueWork = () => invoke('due-work', {}, { getRemainingTimeInMillis: () => 300_000 });
const resolution = (orderId: string) =>
  call('POST', `/orders/${orderId}/resolution`, { key: 'decide', body: { outcome: 'declined', note: 'x' } });

test('check 5: authenticated without a challenge, the completion charges once', async () => {
  const { orderId, finish } = await ready('paid');
  const { status, body } = await finish();
  assert.equal(status, 200);
  const [charge, ...more] = charges();
  assert.deepEqual([more, charge?.amount, charge?.authentication], [[], 8000, '001']);
  assert.deepEqual([body.status, body.failure, body.attention], ['paid', null, []]);
  assert.deepEqual(body.paid, { amount: 8000, at: body.updatedAt });
  assert.deepEqual(body.gateway, { orderNumber: charge?.orderNumber, status: 'OK' });
  assert.deepEqual(body.card, {
    cardId: null,
    last4: '1111',
    brand: 'visa',
    installments: '01',
    authentication: { state: 'authenticated', code: '001', expiresAt: null },
  });
  assert.deepEqual(eventsIn(body), ['authenticated_charge', 'enrolled', 'authenticate', 'authenticate_done', 'done']);
  assert.equal('browser' in body, false);
  assert.deepEqual(await read(orderId), body);
  assert.deepEqual(counts(), { enrol: 1, result: 1, pay: 1 });
});

test('check 7: a failed challenge comes as N with success: declined, and the gateway is asked nothing', async () => {
  for (const words of [
    { paRes: 'N', status: 'success' },
    { paRes: 'R', status: 'success' },
    { paRes: 'Y', status: 'failure' },
    { paRes: 'Y', status: 'invalid' },
  ]) {
    const { finish } = await ready(JSON.stringify(words), {}, cards.challenge);
    const { status, body } = await finish('key', words);
    assert.deepEqual([status, body.status, body.failure.reason], [402, 'declined', 'authentication_failed']);
    assert.equal(body.card.authentication.state, 'failed');
    const replayed = await finish('key', words);
    assert.deepEqual([replayed.status, replayed.headers['idempotent-replayed']], [402, 'true']);
    assert.deepEqual(replayed.body, body);
  }
  assert.deepEqual(counts(), { enrol: 4, result: 0, pay: 0 });
});

test('check 8: the browser says Y, the gateway says no: declined, and no payment is asked for', async () => {
  const { body, status } = await pay('liar', {}, cards.gatewaySaysNo);
  assert.deepEqual([status, body.failure.reason, body.failure.code], [402, 'authentication_failed', '02100431']);
  const { orderId, md } = await ready('early', {}, cards.challenge);
  const forged = await complete(orderId, 'forged', { md, ...passed });
  assert.deepEqual([forged.status, forged.body.failure.code], [402, '02100112']);
  assert.deepEqual([counts().pay, charges()], [0, []]);
});

test("check 9: another order's session is 400 on md, and neither order moves", async () => {
  const [first, second] = [await ready('first'), await ready('second')];
  const before = [await read(first.orderId), await read(second.orderId)];
  const { status, body } = await complete(first.orderId, 'swapped', { md: second.md, ...passed });
  assert.deepEqual([status, faultsOf({ body })], [400, ['md invalid']]);
  assert.deepEqual([await read(first.orderId), await read(second.orderId)], before);
  assert.deepEqual(counts(), { enrol: 2, result: 0, pay: 0 });
  // The key was not left behind.
  assert.equal((await first.finish('swapped')).status, 200);
});

test('check 10: 003 and 004 are attempted, 002 is authenticated, and all are charged', async () => {
  for (const [number, code, state] of [
    [cards.attempted, '003', 'attempted'],
    [cards.attemptedWithoutCavv, '004', 'attempted'],
    [cards.withoutCavv, '002', 'authenticated'],
  ] as const) {
    const { status, body } = await pay(code, {}, number);
    assert.deepEqual([status, body.status], [200, 'paid'], code);
    assert.deepEqual(body.card.authentication, { state, code, expiresAt: null });
  }
});

test('check 11: a refused payment is declined with code and words for the payer, an unlisted code too', async () => {
  const { status, body } = await pay('declined', {}, cards.declined);
  assert.deepEqual([status, body.status, body.failure.reason], [402, 'declined', 'refused']);
  assert.equal(body.failure.code, 'errd001005');
  assert.match(body.failure.payerMessage, /お支払い/);
  gateway.arm({ endpoint: 'pay', fault: 'refusal', code: 'errq009999' });
  const unlisted = await pay('unlisted');
  assert.deepEqual([unlisted.status, unlisted.body.failure.code], [402, 'errq009999']);
  assert.deepEqual(charges(), []);
});

test('status is read before paRes: maintenance with N is not_processed, and the key of the order starts over', async () => {
  const { finish } = await ready('maintained');
  const { status, headers, body } = await finish('k', { paRes: 'N', status: 'maintenance' });
  assert.deepEqual([status, headers['retry-after']], [503, '60']);
  assert.deepEqual([body.status, body.failure.reason], ['not_processed', 'maintenance']);
  const again = await begin('maintained');
  assert.deepEqual([again.status, again.body.status], [201, 'awaiting_customer']);
  const old = await finish('k', { paRes: 'N', status: 'maintenance' });
  assert.deepEqual([old.status, faultsOf(old)], [400, ['md invalid']]);
  assert.deepEqual(counts(), { enrol: 2, result: 0, pay: 0 });
});

test('outside from the browser is declined where such cards are refused', async () => {
  const { finish } = await ready('outside');
  const { status, body } = await finish('k', { paRes: 'Y', status: 'outside' });
  assert.deepEqual([status, body.failure.reason], [402, 'authentication_unsupported']);
  assert.equal(body.card.authentication.state, 'outside');
});

test('check 19: of two completions at once one asks and pays, the other is 409 or gets the result', async () => {
  const { finish } = await ready('race');
  const all = await Promise.all([finish('a'), finish('b'), finish('a')]);
  assert.ok(all.some(({ status }) => status === 200));
  for (const { status } of all) assert.ok(status === 200 || status === 409, String(status));
  assert.deepEqual([counts(), charges().length], [{ enrol: 1, result: 1, pay: 1 }, 1]);
});

test('check 20: termUrl called twice with different words: the first decides', async () => {
  const refusedFirst = await ready('n-y');
  assert.equal((await refusedFirst.finish('n', { paRes: 'N', status: 'success' })).status, 402);
  const late = await refusedFirst.finish('y');
  assert.deepEqual([late.status, late.body.code, late.body.order.status], [409, 'order_state', 'declined']);
  const paidFirst = await ready('y-n');
  assert.equal((await paidFirst.finish('y')).status, 200);
  const later = await paidFirst.finish('n', { paRes: 'N', status: 'success' });
  assert.deepEqual([later.status, later.body.order.status], [409, 'paid']);
  assert.deepEqual(counts(), { enrol: 2, result: 1, pay: 1 });
});

test('the same key with another body is 422, with the same a replay of the paid order', async () => {
  const { finish } = await ready('keys');
  const { body } = await finish('k');
  const replayed = await finish('k');
  assert.deepEqual([replayed.status, replayed.headers['idempotent-replayed'], replayed.body], [200, 'true', body]);
  const reused = await finish('k', { paRes: 'N', status: 'success' });
  assert.deepEqual([reused.status, reused.body.code], [422, 'idempotency_key_reused']);
});

test('check 21: after 58 minutes a completion is 409 and the order expired, with nothing sent', async () => {
  const { orderId, finish } = await ready('late');
  pass(58);
  const { status, body } = await finish('k');
  assert.deepEqual([status, body.code, body.order.status], [409, 'order_state', 'expired']);
  assert.equal(body.order.failure.reason, 'authentication_expired');
  assert.deepEqual(body.order.card.authentication, { state: 'failed', code: null, expiresAt: null });
  assert.deepEqual(counts(), { enrol: 1, result: 0, pay: 0 });
  assert.equal((await read(orderId)).version, 3);
  const replayed = await begin('late');
  assert.deepEqual([replayed.status, replayed.body.code], [422, 'idempotency_key_declined']);
});

test('check 21: due work expires orders that nobody completed, once; until then they read so', async () => {
  const { orderId } = await ready('left');
  pass(57.9);
  await runDueWork();
  assert.equal((await read(orderId)).status, 'awaiting_customer');
  mock.timers.reset();
  pass(58.1);
  assert.equal((await read(orderId)).status, 'expired');
  const listed = await call('GET', '/orders?status=expired');
  assert.equal(listed.body.orders.length, 1);
  await runDueWork();
  await runDueWork();
  const { status, version, history } = await read(orderId);
  assert.deepEqual([status, version], ['expired', 3]);
  assert.deepEqual(eventsIn({ history }), ['authenticated_charge', 'enrolled', 'expired']);
});

test('check 22: the codes of a session that is over end the order as expired, a wrong step as declined', async () => {
  gateway.arm({ endpoint: 'authenticate', fault: 'refusal', code: '02100110' });
  const result = await pay('old result');
  assert.deepEqual([result.status, result.body.code, result.body.order.status], [409, 'order_state', 'expired']);
  assert.equal(result.body.order.failure.code, '02100110');
  gateway.arm({ endpoint: 'pay', fault: 'refusal', code: '02110110' });
  const payment = await pay('old payment');
  assert.deepEqual([payment.status, payment.body.order.status], [409, 'expired']);
  gateway.arm({ endpoint: 'pay', fault: 'refusal', code: '02110112' });
  const step = await pay('wrong step');
  assert.deepEqual([step.status, step.body.failure.reason], [402, 'invalid_parameter']);
  assert.deepEqual(charges(), []);
});

test('check 28: card OK for a waiting order is booked with a contradiction, and a later completion sends nothing', async () => {
  const { orderId, finish } = await ready('elsewhere');
  await callBack(cardParameters({ sendpoint: orderId, ordd: 'X-1' }));
  const paid = await read(orderId);
  assert.deepEqual([paid.status, reasonsIn(paid), paid.gateway.orderNumber], ['paid', ['contradiction'], 'X-1']);
  const { status, body } = await finish('k');
  assert.deepEqual([status, body.order.status], [409, 'paid']);
  assert.deepEqual(counts(), { enrol: 1, result: 0, pay: 0 });
});

test('a card NG while the order waits is kept in history only', async () => {
  const { orderId, finish } = await ready('ng');
  await callBack(cardParameters({ sendpoint: orderId, ordd: 'X-2', result: 'NG' }));
  const waiting = await read(orderId);
  assert.deepEqual([waiting.status, waiting.attention, waiting.failure], ['awaiting_customer', [], null]);
  assert.equal(eventsIn(waiting).at(-1), 'card_ng');
  const { status, body } = await finish('k');
  assert.deepEqual([status, body.status, body.attention], [200, 'paid', []]);
});

test('check 29: a paid order is cancelled under its number; a waiting one is not, nor is it decided', async () => {
  const { body } = await pay('cancel');
  const cancelled = await call('POST', `/card/charges/${body.orderId}/cancel`, { key: 'c' });
  assert.deepEqual([cancelled.status, cancelled.body.status], [200, 'cancelled']);
  const [entry] = gateway.ledger().filter(({ kind }) => kind === 'cancel');
  assert.equal(entry?.orderNumber, body.gateway.orderNumber);
  const { orderId } = await ready('waiting');
  for (const { status, body: problem } of [
    await call('POST', `/card/charges/${orderId}/cancel`, { key: 'c' }),
    await resolution(orderId),
  ])
    assert.deepEqual([status, problem.code], [409, 'order_state']);
});

test('what is no completion is refused, with all faults at once', async () => {
  const { orderId } = await ready('input');
  const { status, body } = await complete(orderId, 'k', { md: 'a b', paRes: 'YY', status: 'ok', more: 1 });
  assert.equal(status, 400);
  assert.deepEqual(faultsOf({ body }), ['md invalid', 'more unknown_field', 'paRes invalid', 'status invalid']);
  const nowhere = await complete('x'.repeat(32), 'k', { md: 'a', ...passed });
  assert.deepEqual([nowhere.status, nowhere.body.code], [404, 'order_not_found']);
});
