/** What the gateway refuses, loses, or is too busy for, and callbacks that come at odd times: a stored card is never charged twice. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { FaultName } from '../../local/simulator/state.ts';
import { reasonsIn } from '../support/card.ts';
import { cardActions, quickToken } from '../support/card-actions.ts';
import { answerLosses } from '../support/faults.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { charge, read, recurring, effects, at } = cardActions(local);
beforeEach(() => gateway.reset());

const keep = async (cardId: string) => {
  const { body } = await charge(`keep ${cardId}`, { body: { amount: 0, cardId } });
  assert.equal(body.status, 'registered');
  await gateway.idle();
};

const refusals: [fault: FaultName, parameter: string | undefined, reason: string, field: string | null][] = [
  ['invalid-parameter', 'money', 'invalid_parameter', 'amount'],
  ['invalid-parameter', 'clientip', 'invalid_parameter', null],
  ['invalid-parameter', 'cardnumber', 'invalid_parameter', null],
  ['invalid-parameter', 'expyy', 'invalid_parameter', null],
  ['invalid-parameter', 'sendid', 'invalid_parameter', 'cardId'],
  ['invalid-parameter', 'telno', 'invalid_parameter', 'phone'],
  ['invalid-parameter', 'email', 'invalid_parameter', 'email'],
  ['connect-error', undefined, 'connect_error', null],
  ['refusal', undefined, 'refused', null],
];
for (const [fault, name, reason, field] of refusals) {
  test(`${fault} ${name ?? ''}: 402 with the reason, and our name of the parameter`, async () => {
    const cardId = `F-${name ?? fault}`;
    await keep(cardId);
    gateway.arm({ endpoint: 'charge', fault, ...(name && { parameter: name }) });
    const { status, body } = await recurring(cardId, { cardId });
    assert.deepEqual([status, body.status], [402, 'declined']);
    assert.deepEqual([body.failure.reason, body.failure.parameter], [reason, field]);
    assert.deepEqual(effects('charge'), []);
  });
}

for (const fault of answerLosses) {
  test(`${fault}: 202 unknown, never sent again; the callback alone settles it`, async () => {
    const cardId = `L-${fault}`;
    await keep(cardId);
    const email = `${fault}${fault.startsWith('truncated') ? '.5' : ''}+no-callback@fault.invalid`;
    const first = await recurring(fault, { cardId, email });
    assert.deepEqual([first.status, first.body.status, reasonsIn(first.body)], [202, 'unknown', ['outcome_unknown']]);
    const again = await recurring(fault, { cardId, email });
    assert.deepEqual([again.status, again.headers['idempotent-replayed']], [202, 'true']);
    const took = fault !== 'closed-before';
    const kept = gateway.callbacks().find(each => each.sendpoint === first.body.orderId);
    assert.equal(kept !== undefined, took);
    if (kept) await gateway.resend(kept.id);
    const order = await read(first.body.orderId);
    assert.deepEqual([order.status, reasonsIn(order)], took ? ['paid', []] : ['unknown', ['outcome_unknown']]);
    assert.deepEqual(
      [effects('charge').length, at('charge').filter(each => each.sendpoint === order.orderId).length],
      [took ? 1 : 0, 1],
    );
  });
}

test('maintenance: 503 not_processed with Retry-After, and the same key sends again with the newest token', async () => {
  await keep('M-1');
  gateway.arm({ endpoint: 'charge', fault: 'maintenance', count: 1 });
  const first = await recurring('m-1', { cardId: 'M-1', tokenKey: await quickToken(gateway.url) });
  assert.deepEqual([first.status, first.body.status, first.body.failure.reason], [503, 'not_processed', 'maintenance']);
  assert.match(String(first.headers['retry-after']), /^[1-9]\d*$/);
  const tokenKey = await quickToken(gateway.url);
  const second = await recurring('m-1', { cardId: 'M-1', tokenKey });
  assert.deepEqual([second.status, second.body.status, second.body.failure], [201, 'paid', null]);
  assert.equal(
    Buffer.from(at('charge').at(-1)?.raw ?? '', 'base64')
      .toString()
      .includes(encodeURIComponent(tokenKey)),
    true,
  );
  assert.equal(effects('charge').length, 1);
});

test('the callback may come first, twice, or during the answer', async () => {
  await keep('C-1');
  for (const fault of ['callback-first', 'callback-twice', 'late-answer.200']) {
    const { status, body } = await recurring(`c-${fault}`, { cardId: 'C-1', email: `${fault}@fault.invalid` });
    await gateway.idle();
    const order = await read(body.orderId);
    assert.deepEqual([status, order.status, order.attention, order.card.last4], [201, 'paid', [], '1111'], fault);
  }
  assert.equal(effects('charge').length, 3);
});
