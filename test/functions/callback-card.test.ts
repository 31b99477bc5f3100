/** Evidence before belief: what a card's call must agree with, and what becomes of one that does not. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { externalOrderId } from '../../shared/domain/identity.ts';
import { callBack, cardParameters } from '../support/callbacks.ts';
import { cardCalls, FAILING } from '../support/card.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway, lines, call } = local;
const { charge, read } = cardCalls(local);
beforeEach(() => {
  gateway.reset();
  gateway.settings({ callbacks: { card: null } });
});

let count = 0;
/** A charge that ended as the fault says, without its callback. */
async function charged(fault: 'lost-answer' | 'maintenance' | null = null, options: Parameters<typeof charge>[1] = {}) {
  if (fault) gateway.arm({ endpoint: 'charge', fault });
  count += 1;
  const { body } = await charge(`charged-${count}`, options);
  const ordd = gateway.orders().at(-1)?.orderNumber ?? 'N-1';
  const notify = async (changes: Record<string, string | null> = {}) => {
    const { statusCode, body: text } = await callBack(cardParameters({ sendpoint: body.orderId, ordd, ...changes }));
    assert.deepEqual([statusCode, text], [200, 'successok']);
    return read(body.orderId);
  };
  return { order: body, notify };
}

const summary = ({ status, attention }: { status: string; attention: { reason: string } | null }) => [
  status,
  attention?.reason ?? null,
];

test('another amount is stored, moves nothing, and asks for a person; the right one still moves', async () => {
  for (const money of ['7999', '80000', '0', '08001', '-8000', '8000.5', '8,000', 'x', '99999999999']) {
    const { notify } = await charged('lost-answer');
    // The first reason stays: here it is that of the lost answer, and the line of history tells the other.
    const order = await notify({ money });
    assert.deepEqual([order.status, order.gateway.orderNumber], ['unknown', null], money);
    assert.match(order.history.at(-1).note, /amount/, money);
    assert.deepEqual(summary(await notify()), ['paid', null], money);
  }
});

test('on an order that asks for nobody yet, amount and IP code raise their own reasons, and say so in the log', async () => {
  for (const [changes, reason] of [
    [{ money: '7999' }, 'amount_mismatch'],
    [{ clientip: '2019000002' }, 'ip_code_mismatch'],
  ] as const) {
    const { order, notify } = await charged();
    const before = lines.length;
    const after = await notify(changes);
    assert.deepEqual(summary(after), ['paid', reason]);
    assert.equal(after.attention.since, after.updatedAt);
    assert.deepEqual(
      lines.slice(before).filter(line => (line as { event: string }).event === 'attention'),
      [{ event: 'attention', orderId: order.orderId, status: 'paid', reason }],
    );
  }
});

test('another IP code, a shorter or an unreadable one moves nothing; one padded with zeros is the same', async () => {
  for (const clientip of ['2019000002', '201900001', '20190000010', '%83%5B', 'x']) {
    const { notify } = await charged('lost-answer');
    assert.equal((await notify({ clientip })).status, 'unknown', clientip);
  }
  const { notify } = await charged('lost-answer');
  assert.equal((await notify({ clientip: '2019000001' })).status, 'paid');
});

test('a result that the manual does not list is stored and asks for a person', async () => {
  for (const result of ['XX', 'OK1', 'ERROR', 'paid']) {
    const { notify } = await charged();
    assert.deepEqual(summary(await notify({ result })), ['paid', 'unlisted_status'], result);
  }
});

test('OK after a refusal, and after nothing was processed: paid, and a contradiction', async () => {
  const declined = await charged(null, { number: FAILING });
  const after = await declined.notify();
  assert.deepEqual([...summary(after), after.failure], ['paid', 'contradiction', null]);

  const idle = await charged('maintenance');
  const moved = await idle.notify({ ordd: 'N-2' });
  assert.deepEqual(
    [...summary(moved), moved.failure, moved.gateway.orderNumber],
    ['paid', 'contradiction', null, 'N-2'],
  );
});

test('NG after a success: still paid, and a contradiction', async () => {
  const { notify } = await charged();
  assert.deepEqual(summary(await notify({ result: 'NG' })), ['paid', 'contradiction']);
});

test('NG after nothing was processed: declined', async () => {
  const { notify } = await charged('maintenance');
  const order = await notify({ result: 'NG' });
  assert.deepEqual([...summary(order), order.failure.reason], ['declined', null, 'refused']);
});

test('OK with another order number than the stored one: no move, a contradiction', async () => {
  const { order, notify } = await charged();
  const after = await notify({ ordd: 'N-9' });
  assert.deepEqual(
    [...summary(after), after.gateway.orderNumber],
    ['paid', 'contradiction', order.gateway.orderNumber],
  );
});

test('amount 0 is registered by its callback', async () => {
  for (const money of ['0', null]) {
    const { notify } = await charged('lost-answer', { body: { amount: 0, cardId: 'C0' } });
    assert.deepEqual(summary(await notify({ money })), ['registered', null]);
  }
});

test('brand and last four digits are filled in; anything longer or unlisted is not let in', async () => {
  for (const [letter, brand] of [
    ['V', 'visa'],
    ['M', 'mastercard'],
    ['J', 'jcb'],
    ['A', 'amex'],
    ['D', 'diners'],
    ['P', 'proper'],
    ['X', null],
    ['', null],
  ]) {
    const { notify } = await charged();
    assert.equal((await notify({ cardbrand: letter ?? '' })).card.brand, brand);
  }
  for (const cardnumber of ['4000000000000002', '123', '12345', '12a4', '%31%32%33']) {
    const { notify } = await charged();
    assert.equal((await notify({ cardnumber })).card.last4, null, cardnumber);
  }
});

test('repeated and resent calls change nothing, whichever comes again', async () => {
  const { order, notify } = await charged('lost-answer');
  const paid = await notify();
  for (let i = 0; i < 5; i += 1) assert.deepEqual(await notify(), paid);
  assert.equal(paid.orderId, order.orderId);
});

const externalOf = async (number: string) =>
  (await call('GET', `/orders/${externalOrderId('test', 'card', number)}`)).body;

test('a call about no order of ours is kept under its number, can be read, and is logged as unmatched', async () => {
  const before = lines.length;
  assert.equal((await callBack(cardParameters({ ordd: 'E-1', money: '500' }))).body, 'successok');
  const order = await externalOf('E-1');
  assert.deepEqual(
    [order.operation, order.status, order.amount, order.attention.reason],
    ['external', 'paid', 500, 'unmatched'],
  );
  assert.deepEqual([order.gateway.orderNumber, order.card.last4], ['E-1', '1111']);
  assert.deepEqual(
    lines.slice(before).filter(line => (line as { reason?: string }).reason),
    [{ event: 'attention', orderId: order.orderId, status: 'paid', reason: 'unmatched' }],
  );
});

test('an id that looks like ours but is none, and one of the wrong form, are both nobody', async () => {
  for (const [number, sendpoint] of [
    ['E-2', 'A'.repeat(32)],
    ['E-3', 'order 1'],
    ['E-4', null],
    ['E-5', '%83%5B'],
  ] as const) {
    assert.equal((await callBack(cardParameters({ ordd: number, sendpoint }))).body, 'successok');
    assert.equal((await externalOf(number)).status, 'paid', number);
  }
});

test('later calls of that number move it by the same table', async () => {
  await callBack(cardParameters({ ordd: 'E-6', result: 'NG' }));
  assert.equal((await externalOf('E-6')).status, 'declined');
  await callBack(cardParameters({ ordd: 'E-6', result: 'OK' }));
  const order = await externalOf('E-6');
  assert.deepEqual([order.status, order.attention.reason], ['paid', 'unmatched']);
});
