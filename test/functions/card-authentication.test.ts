/** EMV 3-D Secure: the calls that make an order. Check numbers are those of three-d-secure.md, 8.2. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { authenticationCalls, cards } from '../support/authentication.ts';
import { faultsOf } from '../support/card.ts';
import { cardToken, startLocal } from '../support/local.ts';
import { clearTable, clientOf } from '../support/table.ts';

const local = await startLocal();
const { gateway, call, engine } = local;
const { begin, beginStored, bodyOf, pay, ready, counts, charges, read, sent } = authenticationCalls(local);
beforeEach(async () => {
  gateway.reset();
  gateway.settings({ callbacks: { card: null } });
  await clearTable(clientOf(engine.endpoint));
});

test('check 3: 201 is the waiting order with what the browser needs, and nobody else gets it', async () => {
  const { status, body } = await begin('one', { reference: 'A-1' });
  const { createdAt, updatedAt, history, browser, ...order } = body;
  assert.equal(status, 201);
  assert.deepEqual(order, {
    orderId: orderIdOf('test', 'one'),
    method: 'card',
    operation: 'authenticated_charge',
    status: 'awaiting_customer',
    amount: 8000,
    currency: 'JPY',
    reference: 'A-1',
    test: false,
    failure: null,
    attention: [],
    paid: null,
    returned: null,
    otherPayments: [],
    gateway: { orderNumber: null, status: null },
    card: {
      cardId: null,
      last4: null,
      brand: null,
      installments: '01',
      authentication: {
        state: 'pending',
        code: null,
        expiresAt: new Date(Date.parse(createdAt) + 58 * 60_000).toISOString(),
      },
    },
    version: 2,
  });
  const { iframeUrl, ...rest } = browser;
  assert.deepEqual(rest, { md: gateway.sessions()[0]?.xid, paReq: 'PaReq', threeDSMethod: '2' });
  // As the gateway wrote it: still percent-encoded.
  assert.ok(iframeUrl.startsWith(encodeURIComponent(`${gateway.url}/3ds/device?`)), iframeUrl);
  assert.deepEqual(
    history.map(({ event, from, to }: Record<string, unknown>) => [event, from, to]),
    [
      ['authenticated_charge', null, 'sending'],
      ['enrolled', 'sending', 'awaiting_customer'],
    ],
  );
  const shown = await read(order.orderId);
  assert.deepEqual(shown, { createdAt, updatedAt, history, ...order });
  const listed = await call('GET', '/orders');
  assert.deepEqual(listed.body.orders, [shown]);
});

test('check 4: a replay while waiting gives the same browser and sends nothing; another amount is another request', async () => {
  const first = await begin('again');
  const replayed = await begin('again');
  assert.equal(replayed.status, 200);
  assert.equal(replayed.headers['idempotent-replayed'], 'true');
  assert.deepEqual(replayed.body, first.body);
  const other = await begin('again', { amount: 9000 });
  assert.deepEqual([other.status, other.body.code], [422, 'idempotency_key_reused']);
  const otherKind = await call('POST', '/card/charges', { key: 'again', body: bodyOf('token') });
  assert.deepEqual([otherKind.status, otherKind.body.code], [422, 'idempotency_key_reused']);
  assert.equal(counts().enrol, 1);
});

test('check 4: two equal calls at once enrol once', async () => {
  const all = await Promise.all([begin('race'), begin('race'), begin('race')]);
  const statuses = all.map(({ status }) => status).sort();
  assert.equal(counts().enrol, 1);
  assert.deepEqual(
    statuses.filter(status => status === 201),
    [201],
  );
  for (const status of statuses.slice(1)) assert.ok(status === 409 || status === 200, String(status));
});

test('after a completion a replay has no browser', async () => {
  const { finish } = await ready('done');
  assert.equal((await finish()).status, 200);
  const replayed = await begin('done');
  assert.deepEqual([replayed.status, replayed.body.status, replayed.body.browser], [200, 'paid', null]);
});

test('enrolment refused by the directory: declined with the code, and nothing to complete', async () => {
  const { status, body } = await begin('no-directory', {}, cards.noDirectory);
  assert.equal(status, 402);
  assert.deepEqual(
    [body.status, body.failure.reason, body.failure.code],
    ['declined', 'authentication_failed', '02090431'],
  );
  assert.deepEqual(body.card.authentication, { state: 'failed', code: null, expiresAt: null });
  assert.equal(body.browser, null);
});

test('check 17: a lost EnrolRes is not_processed, and so is maintenance, garbage and a redirect', async () => {
  for (const [fault, reason] of [
    ['lost-answer', 'answer_lost'],
    ['garbage', 'answer_lost'],
    ['http-500', 'answer_lost'],
    ['maintenance', 'maintenance'],
  ] as const) {
    gateway.arm({ endpoint: 'enroll', fault });
    const { status, headers, body } = await begin(`lost ${fault}`);
    assert.deepEqual([status, body.status, body.failure.reason], [503, 'not_processed', reason], fault);
    assert.equal(headers['retry-after'], '60');
    assert.equal(body.browser, null);
  }
  assert.deepEqual(charges(), []);
});

test('the token that was sent already is 400 on tokenKey; with a new one the same key starts over', async () => {
  const tokenKey = await cardToken(gateway.url);
  gateway.arm({ endpoint: 'enroll', fault: 'lost-answer' });
  const first = await call('POST', '/card/authentications', { key: 'token', body: bodyOf(tokenKey) });
  assert.equal(first.status, 503);
  const again = await call('POST', '/card/authentications', { key: 'token', body: bodyOf(tokenKey) });
  assert.deepEqual([again.status, faultsOf(again)], [400, ['tokenKey invalid']]);
  assert.equal(counts().enrol, 1);
  const fresh = await begin('token');
  assert.deepEqual([fresh.status, fresh.body.status], [201, 'awaiting_customer']);
});

test('check 27: a token used twice is declined, and tokenKey is what is wrong', async () => {
  const tokenKey = await cardToken(gateway.url);
  await call('POST', '/card/authentications', { key: 'first', body: bodyOf(tokenKey) });
  const { status, body } = await call('POST', '/card/authentications', { key: 'second', body: bodyOf(tokenKey) });
  assert.deepEqual([status, body.status], [402, 'declined']);
  assert.deepEqual(
    [body.failure.reason, body.failure.code, body.failure.parameter],
    ['token_invalid', '02131914', 'tokenKey'],
  );
});

test('check 23: outside is refused by default, and nothing is charged', async () => {
  const { status, body } = await begin('outside', {}, cards.outside);
  assert.equal(status, 402);
  assert.deepEqual(
    [body.status, body.failure.reason, body.failure.code],
    ['declined', 'authentication_unsupported', '008'],
  );
  assert.deepEqual(body.card.authentication, { state: 'outside', code: '008', expiresAt: null });
  assert.deepEqual(charges(), []);
  assert.deepEqual(counts(), { enrol: 1, result: 0, pay: 0 });
});

test('check 24: amount 0 registers the card, which then takes recurring charges and can be deleted', async () => {
  const { body } = await pay('register', { amount: 0, cardId: 'MEMBER-1' });
  assert.deepEqual([body.status, body.paid, body.card.cardId], ['registered', null, 'MEMBER-1']);
  const monthly = { cardId: 'MEMBER-1', amount: 3000, phone: '09012345678', email: 'taro@example.com' };
  const charged = await call('POST', '/card/recurring-charges', { key: 'monthly', body: monthly });
  assert.deepEqual([charged.status, charged.body.status], [201, 'paid']);
  const deletion = { cardId: 'MEMBER-1', phone: '09012345678' };
  const deleted = await call('POST', '/card/deletions', { key: 'delete', body: deletion });
  assert.deepEqual([deleted.status, deleted.body.deleted], [200, true]);
});

test('check 24: without cardId amount 0 is a fault; declined, the card cannot be charged', async () => {
  const refused = await begin('nameless', { amount: 0 });
  assert.deepEqual([refused.status, faultsOf(refused)], [400, ['cardId required']]);
  await pay('declined', { amount: 0, cardId: 'MEMBER-2' }, cards.declined);
  const monthly = { cardId: 'MEMBER-2', amount: 3000, phone: '09012345678', email: 'taro@example.com' };
  const charged = await call('POST', '/card/recurring-charges', { key: 'later', body: monthly });
  assert.equal(charged.body.status, 'declined');
});

test('check 25: installments 02 and B1 are for these calls alone', async () => {
  for (const installments of ['02', 'B1']) {
    const { status, body } = await begin(`twice ${installments}`, { installments });
    assert.deepEqual([status, body.card.installments], [201, installments]);
    const plain = await call('POST', '/card/charges', {
      key: `plain ${installments}`,
      body: bodyOf('t', { installments }),
    });
    assert.deepEqual([plain.status, faultsOf(plain)], [400, ['installments invalid']]);
  }
});

test('a stored card is enrolled under its card ID, without a token, and charged when the payer was authenticated', async () => {
  await pay('register', { amount: 0, cardId: 'MEMBER-1' });
  const { status, body } = await beginStored('monthly', { amount: 3000 });
  assert.deepEqual([status, body.operation], [201, 'authenticated_recurring_charge']);
  assert.deepEqual([body.status, body.card.cardId], ['awaiting_customer', 'MEMBER-1']);
  const unknown = await beginStored('nobody', { cardId: 'NOBODY' });
  assert.deepEqual([unknown.status, unknown.body.failure.parameter], [402, 'cardId']);
});

test('check 2: cardholderName has 4 to 50 ASCII characters and is no part of the identity', async () => {
  for (const cardholderName of ['ABC', 'A'.repeat(51), 'TARO\nZEUS', 'ゼウス']) {
    const { status, body } = await begin('name', { cardholderName });
    assert.deepEqual([status, faultsOf({ body })], [400, ['cardholderName invalid']], cardholderName);
  }
  const first = await begin('named', { cardholderName: 'TARO & <ZEUS>' });
  assert.equal(first.status, 201);
  assert.equal((await begin('named', { cardholderName: 'HANAKO ZEUS' })).status, 200);
  assert.match(Buffer.from(sent('enroll').at(-1)?.raw ?? '', 'base64').toString(), /TARO &amp; &lt;ZEUS&gt;</);
});

test('a declined or expired key with another card is 422 with the order; with the same token it is replayed', async () => {
  const tokenKey = await cardToken(gateway.url, cards.noDirectory);
  const first = await call('POST', '/card/authentications', { key: 'declined', body: bodyOf(tokenKey) });
  assert.equal(first.status, 402);
  const same = await call('POST', '/card/authentications', { key: 'declined', body: bodyOf(tokenKey) });
  assert.deepEqual([same.status, same.headers['idempotent-replayed']], [402, 'true']);
  const other = await begin('declined');
  assert.deepEqual([other.status, other.body.code], [422, 'idempotency_key_declined']);
  assert.equal(other.body.order.orderId, first.body.orderId);
  assert.equal(counts().enrol, 1);
});
