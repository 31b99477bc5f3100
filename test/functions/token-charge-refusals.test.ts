/** Definite answers other than success: what the manual's refusals, maintenance and an unreachable gateway become. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { startSimulator } from '../../local/simulator/simulator.ts';
import type { Fault } from '../../local/simulator/state.ts';
import { cardCalls } from '../support/card.ts';
import { cardToken, startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway, call } = local;
const { bodyOf, charge, read, sent } = cardCalls(local);
beforeEach(() => gateway.reset());

/** Manual 000: the parameters of the first charge, and what they are in our API. */
const parameters: [wire: string, field: string | null][] = [
  ['clientip', null],
  ['token_key', 'tokenKey'],
  ['money', 'amount'],
  ['send', null],
  ['telno', 'phone'],
  ['email', 'email'],
  ['sendid', 'cardId'],
  ['sendpoint', null],
  ['pubsec', null],
  ['printord', null],
  ['div', 'installments'],
];

const refusals: [what: string, fault: Fault, reason: string, parameter: string | null][] = [
  ['failure_order', { fault: 'refusal' }, 'refused', null],
  ['connect error', { fault: 'connect-error' }, 'connect_error', null],
  ...parameters.map(
    ([wire, field]) =>
      [
        `Invalid ${wire}`,
        { fault: 'invalid-parameter', parameter: wire },
        wire === 'token_key' ? 'token_invalid' : 'invalid_parameter',
        field,
      ] as [string, Fault, string, string | null],
  ),
  [
    'Invalid with a name no manual has',
    { fault: 'invalid-parameter', parameter: 'something' },
    'invalid_parameter',
    null,
  ],
];

for (const [what, fault, reason, parameter] of refusals) {
  test(`${what}: 402 declined, final`, async () => {
    gateway.arm({ endpoint: 'charge', ...fault });
    gateway.settings({ callbacks: { card: null } });
    const token = { body: { tokenKey: await cardToken(gateway.url) } };
    const { status, headers, body } = await charge(what, token);
    assert.deepEqual(
      [status, headers['content-type'], body.status, body.attention],
      [402, 'application/json', 'declined', []],
    );
    assert.deepEqual([body.failure.reason, body.failure.code, body.failure.parameter], [reason, null, parameter]);
    assert.match(body.failure.message, /^[ -~]+$/);

    const repeated = await charge(what, token);
    assert.deepEqual([repeated.status, repeated.headers['idempotent-replayed'], repeated.body], [402, 'true', body]);
    const other = await charge(what);
    assert.deepEqual([other.status, other.body.code, other.body.order], [422, 'idempotency_key_declined', body]);
    assert.deepEqual([sent().length, gateway.ledger()], [1, []]);
  });
}

test('both spellings and both line ends of the manual are refusals', async () => {
  for (const invalidWord of ['Invalid', 'invalid'] as const) {
    for (const lineEnd of ['\n', '\r\n'] as const) {
      gateway.settings({ invalidWord, lineEnd });
      gateway.arm({ endpoint: 'charge', fault: 'invalid-parameter', parameter: 'money' });
      const { status, body } = await charge(`${invalidWord} ${lineEnd.length}`);
      assert.deepEqual([status, body.failure.parameter], [402, 'amount']);
    }
  }
});

test('success with CRLF is success, and its number has no line end', async () => {
  gateway.settings({ lineEnd: '\r\n' });
  const { status, body } = await charge('crlf');
  assert.deepEqual([status, body.gateway.orderNumber], [201, gateway.ledger()[0]?.orderNumber]);
});

test('a token that was used already is refused by the gateway, not by us', async () => {
  const token = await cardToken(gateway.url);
  await call('POST', '/card/charges', { key: 'token-1', body: bodyOf(token) });
  const { status, body } = await call('POST', '/card/charges', { key: 'token-2', body: bodyOf(token) });
  assert.deepEqual([status, body.failure.reason, body.failure.parameter], [402, 'token_invalid', 'tokenKey']);
  assert.equal(gateway.ledger().length, 1);
});

test('maintenance: 503 not_processed with Retry-After, sent again under the same key with a new token, and paid', async () => {
  gateway.arm({ endpoint: 'charge', fault: 'maintenance' });
  const { status, headers, body } = await charge('maintenance');
  assert.deepEqual(
    [status, headers['content-type'], body.status, body.attention],
    [503, 'application/json', 'not_processed', []],
  );
  assert.match(String(headers['retry-after']), /^[1-9]\d*$/);
  assert.equal(headers['idempotent-replayed'], undefined);
  assert.deepEqual([body.failure.reason, body.failure.parameter], ['maintenance', null]);
  assert.deepEqual(gateway.ledger(), []);

  const again = await charge('maintenance');
  assert.deepEqual([again.status, again.body.status, again.body.failure], [201, 'paid', null]);
  assert.deepEqual(
    [again.headers['idempotent-replayed'], again.body.orderId, again.body.createdAt],
    [undefined, body.orderId, body.createdAt],
  );
  assert.deepEqual([sent().length, gateway.ledger().length], [2, 1]);
});

test('maintenance again and again ends 503 again, and a later refusal is final', async () => {
  gateway.arm({ endpoint: 'charge', fault: 'maintenance', count: 2 });
  gateway.arm({ endpoint: 'charge', fault: 'refusal' });
  const statuses = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await charge('maintenance-twice')).status);
  assert.deepEqual([statuses, sent().length], [[503, 503, 402, 422], 3]);
});

test('no connection: 503 not_processed with Retry-After, then sent with the newest token, and paid once', async () => {
  const port = Number(new URL(gateway.url).port);
  await gateway.close();
  const first = await call('POST', '/card/charges', { key: 'unreachable', body: bodyOf('spent') });
  assert.deepEqual(
    [first.status, first.body.status, first.body.failure.reason],
    [503, 'not_processed', 'connection_failed'],
  );
  assert.match(String(first.headers['retry-after']), /^[1-9]\d*$/);
  const { orderId } = first.body;
  assert.equal((await read(orderId)).status, 'not_processed');

  const reopened = await startSimulator({ port, settings: { callbackDelayMs: 0 } });
  try {
    const token = await cardToken(reopened.url);
    const second = await call('POST', '/card/charges', { key: 'unreachable', body: bodyOf(token) });
    assert.deepEqual(
      [second.status, second.body.status, second.body.orderId, second.body.failure],
      [201, 'paid', orderId, null],
    );
    assert.deepEqual(
      reopened.ledger().map(entry => entry.sendpoint),
      [orderId],
    );
    assert.equal(reopened.requests().filter(request => request.endpoint === 'charge').length, 1);
  } finally {
    await reopened.close();
  }
});
