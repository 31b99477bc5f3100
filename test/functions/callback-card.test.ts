/** What a card callback must agree with to be counted, and what becomes of one that does not. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { externalOrderId } from '../../shared/domain/identity.ts';
import { callBack, cardParameters } from '../support/callbacks.ts';
import { cardCalls, FAILING, reasonsIn } from '../support/card.ts';
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
  const callbackWith = async (changes: Record<string, string | null> = {}) => {
    const { statusCode, body: text } = await callBack(cardParameters({ sendpoint: body.orderId, ordd, ...changes }));
    assert.deepEqual([statusCode, text], [200, 'successok']);
    return read(body.orderId);
  };
  return { order: body, callbackWith };
}

const summary = (order: { status: string; attention: { reason: string }[] }) => [order.status, reasonsIn(order)];

test('another amount is stored, moves nothing and raises attention; the right one still moves', async () => {
  for (const money of ['7999', '80000', '0', '08001', '-8000', '8000.5', '8,000', 'x', '99999999999']) {
    const { callbackWith } = await charged('lost-answer');
    const order = await callbackWith({ money });
    assert.deepEqual(
      [...summary(order), order.paid, order.gateway.orderNumber],
      ['unknown', ['outcome_unknown', 'amount_mismatch'], null, null],
      money,
    );
    assert.match(order.history.at(-1).note, /^not counted \(amount_mismatch\): /, money);
    assert.deepEqual(summary(await callbackWith()), ['paid', ['amount_mismatch']], money);
  }
});

test('after the response, amount and IP code raise their own reasons, and the log says so', async () => {
  for (const [changes, reason] of [
    [{ money: '7999' }, 'amount_mismatch'],
    [{ clientip: '2019000002' }, 'ip_code_mismatch'],
  ] as const) {
    const { order, callbackWith } = await charged();
    const before = lines.length;
    const after = await callbackWith(changes);
    assert.deepEqual(summary(after), ['paid', [reason]]);
    assert.equal(after.attention[0].since, after.updatedAt);
    assert.deepEqual(
      lines.slice(before).filter(line => (line as { event: string }).event === 'attention'),
      [{ event: 'attention', orderId: order.orderId, status: 'paid', reason }],
    );
  }
});

test('another IP code, a shorter or an unreadable one moves nothing; one padded with zeros is the same', async () => {
  for (const clientip of ['2019000002', '201900001', '20190000010', '%83%5B', 'x']) {
    const { callbackWith } = await charged('lost-answer');
    assert.equal((await callbackWith({ clientip })).status, 'unknown', clientip);
  }
  const { callbackWith } = await charged('lost-answer');
  assert.equal((await callbackWith({ clientip: '2019000001' })).status, 'paid');
});

test('a result that the manual does not list is stored, not counted, and kept in the history', async () => {
  for (const result of ['XX', 'OK1', 'ERROR', 'paid']) {
    const { callbackWith } = await charged();
    const order = await callbackWith({ result });
    assert.deepEqual(summary(order), ['paid', ['unlisted_status']], result);
    assert.deepEqual([order.history.at(-1).event, order.history.at(-1).code], ['card_unlisted', result]);
  }
});

test('OK after a refusal, and after nothing was processed: paid, and a contradiction', async () => {
  const declined = await charged(null, { number: FAILING });
  const after = await declined.callbackWith();
  assert.deepEqual([...summary(after), after.failure], ['paid', ['contradiction'], null]);

  const idle = await charged('maintenance');
  const moved = await idle.callbackWith({ ordd: 'N-2' });
  assert.deepEqual(
    [...summary(moved), moved.failure, moved.gateway.orderNumber],
    ['paid', ['contradiction'], null, 'N-2'],
  );
});

test('NG after a success: still paid, and a contradiction', async () => {
  const { callbackWith } = await charged();
  assert.deepEqual(summary(await callbackWith({ result: 'NG' })), ['paid', ['contradiction']]);
});

test('NG after nothing was processed: declined', async () => {
  const { callbackWith } = await charged('maintenance');
  const order = await callbackWith({ result: 'NG' });
  assert.deepEqual([...summary(order), order.failure.reason], ['declined', [], 'refused']);
});

test('OK under a second order number: a contradiction, and both payments are shown', async () => {
  const { order, callbackWith } = await charged();
  const after = await callbackWith({ ordd: 'N-9' });
  assert.deepEqual(
    [...summary(after), after.gateway.orderNumber, after.otherPayments],
    [
      'paid',
      ['contradiction'],
      order.gateway.orderNumber,
      [
        {
          orderNumber: 'N-9',
          status: 'paid',
          paid: { amount: 8000, at: after.otherPayments[0]?.paid.at },
          returned: null,
        },
      ],
    ],
  );
});

test('amount 0 is registered by its callback', async () => {
  for (const money of ['0', null]) {
    const { callbackWith } = await charged('lost-answer', { body: { amount: 0, cardId: 'C0' } });
    assert.deepEqual(summary(await callbackWith({ money })), ['registered', []]);
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
    const { callbackWith } = await charged();
    assert.equal((await callbackWith({ cardbrand: letter ?? '' })).card.brand, brand);
  }
  for (const cardnumber of ['4000000000000002', '123', '12345', '12a4', '%31%32%33']) {
    const { callbackWith } = await charged();
    assert.equal((await callbackWith({ cardnumber })).card.last4, null, cardnumber);
  }
});

test('an equal callback changes nothing, however often it comes', async () => {
  const { order, callbackWith } = await charged('lost-answer');
  const paid = await callbackWith();
  for (let i = 0; i < 5; i += 1) assert.deepEqual(await callbackWith(), paid);
  assert.equal(paid.orderId, order.orderId);
});

const externalOf = async (number: string) =>
  (await call('GET', `/orders/${externalOrderId('test', 'card', number)}`)).body;

test('a callback about no order of ours is kept under its number, can be read, and is logged as unmatched', async () => {
  const before = lines.length;
  assert.equal((await callBack(cardParameters({ ordd: 'E-1', money: '500' }))).body, 'successok');
  const order = await externalOf('E-1');
  assert.deepEqual(
    [order.operation, order.status, order.amount, reasonsIn(order)],
    ['external', 'paid', 500, ['unmatched']],
  );
  assert.deepEqual([order.gateway.orderNumber, order.card.last4], ['E-1', '1111']);
  assert.deepEqual(
    lines.slice(before).filter(line => (line as { reason?: string }).reason),
    [{ event: 'attention', orderId: order.orderId, status: 'paid', reason: 'unmatched' }],
  );
});

test('a sendpoint that is no order of ours, well formed or not, makes an external order', async () => {
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

test('later callbacks of that number follow the same table', async () => {
  await callBack(cardParameters({ ordd: 'E-6', result: 'NG' }));
  assert.equal((await externalOf('E-6')).status, 'declined');
  await callBack(cardParameters({ ordd: 'E-6', result: 'OK' }));
  const order = await externalOf('E-6');
  assert.deepEqual(summary(order), ['paid', ['unmatched', 'contradiction']]);
});
