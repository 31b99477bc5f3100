/** Every fault of the gateway ends in `unknown` or in the truth, and the ledger never has more than one charge. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Fault } from '../../local/simulator/state.ts';
import { cardCalls, FAILING, reasonsIn } from '../support/card.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { charge, read, sendWithheld, sent } = cardCalls(local);
beforeEach(() => gateway.reset());

const charged = () => gateway.ledger().map(({ kind, amount }) => [kind, amount]);
const sources = (order: { history: { source: string }[] }) => order.history.map(entry => entry.source);

/** The money was taken, and the response is lost or unreadable. */
const losses: Fault[] = [
  { fault: 'lost-answer' },
  { fault: 'garbage' },
  { fault: 'truncated' },
  { fault: 'truncated', bytes: 0 },
  { fault: 'truncated', bytes: 13 },
  { fault: 'truncated-close', bytes: 0 },
  { fault: 'truncated-close', bytes: 12 },
  { fault: 'http-500' },
  { fault: 'http-302' },
  { fault: 'http-307' },
];

for (const loss of losses) {
  const name = `${loss.fault}${loss.bytes === undefined ? '' : ` after ${loss.bytes} bytes`}`;
  const arm = () => gateway.arm({ endpoint: 'charge', ...loss });

  test(`${name}: 202 unknown, never sent again, and paid when the callback comes`, async () => {
    arm();
    gateway.arm({ endpoint: 'charge', fault: 'no-callback' });
    const { status, headers, body } = await charge(name);
    assert.deepEqual([status, body.status, body.failure, body.paid], [202, 'unknown', null, null]);
    assert.deepEqual(body.attention, [{ reason: 'outcome_unknown', since: body.updatedAt, note: null }]);
    assert.deepEqual([body.gateway, headers['idempotent-replayed']], [{ orderNumber: null, status: null }, undefined]);

    const repeated = await charge(name);
    assert.deepEqual([repeated.status, repeated.headers['idempotent-replayed'], repeated.body], [202, 'true', body]);
    assert.deepEqual([sent().length, charged()], [1, [['charge', 8000]]]);

    await sendWithheld();
    const order = await read(body.orderId);
    assert.deepEqual([order.status, order.attention, sources(order)], ['paid', [], ['api', 'gateway', 'callback']]);
    assert.equal(order.gateway.orderNumber, gateway.ledger()[0]?.orderNumber);
  });

  test(`${name} of a failing card: declined when the callback comes`, async () => {
    arm();
    const { body } = await charge(`${name} NG`, { number: FAILING });
    await gateway.idle();
    const order = await read(body.orderId);
    assert.deepEqual([order.status, order.failure.reason, order.attention, charged()], ['declined', 'refused', [], []]);
  });
}

test('closed before anything happened: unknown until an operator decides', async () => {
  gateway.arm({ endpoint: 'charge', fault: 'closed-before' });
  const { status, body } = await charge('closed-before');
  assert.deepEqual([status, body.status, reasonsIn(body)], [202, 'unknown', ['outcome_unknown']]);
  const repeated = await charge('closed-before');
  assert.deepEqual([repeated.status, repeated.body.status, sent().length, charged()], [202, 'unknown', 1, []]);
});

test('a response cut off right after Success_order is a success: the number comes with the callback', async () => {
  gateway.arm({ endpoint: 'charge', fault: 'truncated-close', bytes: 13 });
  gateway.arm({ endpoint: 'charge', fault: 'no-callback' });
  const { status, body } = await charge('cut-success');
  assert.deepEqual([status, body.status, body.gateway], [201, 'paid', { orderNumber: null, status: 'OK' }]);
  await sendWithheld();
  const order = await read(body.orderId);
  assert.deepEqual(
    [order.status, order.attention, order.gateway.orderNumber],
    ['paid', [], gateway.ledger()[0]?.orderNumber],
  );
});

test('a response cut off within its number: paid, and the callback brings the whole of it', async () => {
  gateway.arm({ endpoint: 'charge', fault: 'truncated-close', bytes: 18 });
  gateway.arm({ endpoint: 'charge', fault: 'no-callback' });
  const { status, body } = await charge('cut-number');
  assert.deepEqual([status, body.status], [201, 'paid']);
  await sendWithheld();
  const order = await read(body.orderId);
  assert.deepEqual([order.status, order.gateway.orderNumber], ['paid', gateway.ledger()[0]?.orderNumber]);
  assert.deepEqual(charged(), [['charge', 8000]]);
});

test('callback first: the order is paid when the answer comes, and is answered 201', async () => {
  gateway.arm({ endpoint: 'charge', fault: 'callback-first' });
  const { status, body } = await charge('callback-first');
  assert.deepEqual(
    [status, body.status, body.attention, sources(body)],
    [201, 'paid', [], ['api', 'callback', 'gateway']],
  );
  assert.deepEqual([body.card.last4, body.gateway.status, charged()], ['1111', 'OK', [['charge', 8000]]]);
});

test('callback first, answer lost: paid all the same', async () => {
  const { body } = await charge('callback-first-lost', { body: { email: 'callback-first+lost-answer@fault.invalid' } });
  await gateway.idle();
  const order = await read(body.orderId);
  assert.deepEqual([order.status, order.attention, sent().length, charged()], ['paid', [], 1, [['charge', 8000]]]);
});

test('callback twice: the second changes nothing', async () => {
  gateway.arm({ endpoint: 'charge', fault: 'callback-twice' });
  const { body } = await charge('callback-twice');
  await gateway.idle();
  const order = await read(body.orderId);
  assert.deepEqual([order.status, order.history.length], ['paid', 3]);
  assert.deepEqual(
    gateway.callbacks()[0]?.attempts.map(attempt => attempt.body),
    ['successok', 'successok'],
  );
});

test('no callback: the answer alone is enough', async () => {
  gateway.arm({ endpoint: 'charge', fault: 'no-callback' });
  const { status, body } = await charge('no-callback');
  await gateway.idle();
  const order = await read(body.orderId);
  assert.deepEqual([status, order.status, order.card.last4, sources(order)], [201, 'paid', null, ['api', 'gateway']]);
});

test('a late callback, a late answer: paid, one charge', async () => {
  for (const fault of ['callback-late', 'late-answer'] as const) {
    gateway.reset();
    gateway.arm({ endpoint: 'charge', fault, ms: 150 });
    const { status, body } = await charge(fault);
    assert.deepEqual([status, body.status], [201, 'paid'], fault);
    await gateway.idle();
    const order = await read(body.orderId);
    assert.deepEqual(
      [order.status, order.attention, order.history.length, charged()],
      ['paid', [], 3, [['charge', 8000]]],
      fault,
    );
  }
});

test('a callback that the gateway repeats after a time-out is stored once', async () => {
  gateway.settings({ callbackRetries: 2, checkSuccessok: true });
  const { body } = await charge('resent');
  await gateway.idle();
  await gateway.resend(gateway.callbacks()[0]?.id ?? '');
  assert.deepEqual(
    gateway.callbacks()[0]?.attempts.map(attempt => attempt.outcome),
    ['accepted', 'accepted'],
  );
  assert.equal((await read(body.orderId)).history.length, 3);
});
