/** An operator's acknowledgement (contract 1.4 and 1.7): of which reasons, and when they come back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noteDue } from '../../shared/domain/changes.ts';
import type { Order } from '../../shared/domain/order.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import type { AttentionReason } from '../../shared/domain/words.ts';
import type { Operated } from '../../shared/orders/operate.ts';
import { resolved } from '../../shared/orders/resolve.ts';
import { aCallback, anOrder, caller, noon, reasonsOf, seconds, told, usual, withCallbacks } from '../support/orders.ts';

const say = (order: Order, reasons: AttentionReason[] | null = null): Order | Operated =>
  resolved(
    order,
    { outcome: 'acknowledged', gatewayOrderNumber: null, amountYen: null, reasons, note: 'seen' },
    caller,
    seconds(3600),
  );
function acknowledged(order: Order, reasons: AttentionReason[] | null = null): Order {
  const result = say(order, reasons);
  assert.ok(!('kind' in result), JSON.stringify(result).slice(0, 200));
  return result;
}

/** paid, with a contradiction, another amount and an unlisted status. */
const troubled = withCallbacks(usual.card.paid(), [
  aCallback('card', 'NG'),
  aCallback('card', 'OK', { amountYen: 1 }),
  aCallback('card', 'XX'),
]);

test('without reasons all that stand go; status, payment and open send stay', () => {
  assert.deepEqual(reasonsOf(troubled), ['amount_mismatch', 'contradiction', 'unlisted_status']);
  const next = acknowledged(troubled);
  const { attention, ...after } = summarize(next);
  const { attention: _, ...before } = summarize(troubled);
  assert.deepEqual([attention, after], [[], before]);
  const entry = { event: 'acknowledged', source: 'operator', from: 'paid', to: 'paid', note: 'seen', actor: 'test' };
  assert.deepEqual(next.history.at(-1), { at: seconds(3600).toISOString(), code: null, count: 1, ...entry });
});

test('with reasons those go and no other', () => {
  assert.deepEqual(reasonsOf(acknowledged(troubled, ['contradiction'])), ['amount_mismatch', 'unlisted_status']);
  const two = acknowledged(troubled, ['unlisted_status', 'amount_mismatch']);
  assert.deepEqual(reasonsOf(two), ['contradiction']);
  assert.deepEqual(reasonsOf(acknowledged(two)), []);
});

const invalid = (order: Order, reasons: AttentionReason[] | null) => {
  const result = say(order, reasons);
  assert.ok('kind' in result && result.kind === 'invalid');
  return result.faults.map(({ field, message }) => [field, message]);
};
const mustBeDecided = 'must be decided: an unknown outcome cannot be acknowledged';

test('reasons that do not stand are 400, each named; nothing is acknowledged', () => {
  assert.deepEqual(invalid(troubled, ['contradiction', 'duplicate_payment', 'unmatched']), [
    ['reasons.1', 'does not stand: duplicate_payment'],
    ['reasons.2', 'does not stand: unmatched'],
  ]);
});

test('outcome_unknown cannot be acknowledged: 400, named or alone', () => {
  const unknown = told(usual.card.unknown(), 'XX');
  assert.deepEqual(invalid(unknown, ['unlisted_status', 'outcome_unknown']), [['reasons.1', mustBeDecided]]);
  assert.deepEqual(invalid(usual.card.unknown(), ['outcome_unknown']), [['reasons.0', mustBeDecided]]);
  assert.deepEqual(invalid(usual.card.unknown(), null), [['reasons', mustBeDecided]]);
  assert.deepEqual(invalid(usual.card.cancelling(), null), [['reasons', mustBeDecided]]);
  assert.deepEqual(invalid(usual.card.paid(), ['outcome_unknown']), [['reasons.0', mustBeDecided]]);
});

test('beside it the others can be, and the outcome stays unknown and the operation open', () => {
  assert.deepEqual(reasonsOf(acknowledged(told(usual.card.unknown(), 'XX'))), ['outcome_unknown']);
  const order = told(usual.card.cancelling(), 'XX');
  const next = acknowledged(order);
  assert.deepEqual([reasonsOf(next), summarize(next).open], [['outcome_unknown'], summarize(order).open]);
});

test('without attention there is nothing to acknowledge: 409', () => {
  for (const order of [usual.card.paid(), usual.carrier.authorized(), anOrder('carrier'), acknowledged(troubled)]) {
    assert.deepEqual(say(order), { kind: 'wrong_status', order });
  }
});

test('what had been seen does not raise a reason again, something new does', () => {
  const next = acknowledged(troubled);
  assert.deepEqual(reasonsOf(told(next, 'NG', 'XX')), []);
  assert.deepEqual(reasonsOf(told(next, 'YY')), ['unlisted_status']);
  assert.deepEqual(reasonsOf(withCallbacks(next, [aCallback('card', 'OK', { amountYen: 2 })])), ['amount_mismatch']);
  assert.deepEqual(reasonsOf(told(acknowledged(told(next, 'YY')), 'YY')), []);
});

test('an acknowledged settlement_due comes back only for another day', () => {
  const due = (order: Order, day: string) => noteDue(order, 'settlement_due', 'N1', day, noon);
  const order = due(usual.carrier.authorized(), '2026-12-01');
  assert.deepEqual(summarize(order).attention, [{ reason: 'settlement_due', note: '2026-12-01' }]);
  const next = acknowledged(order);
  assert.deepEqual(reasonsOf(next), []);
  assert.deepEqual(summarize(due(next, '2026-12-02')).attention, [{ reason: 'settlement_due', note: '2026-12-02' }]);
  assert.deepEqual(reasonsOf(acknowledged(due(next, '2026-12-02'))), []);
});

test('due work does not note a day twice, so that nothing raises it again', () => {
  const { dueAt } = summarize(usual.carrier.authorized());
  assert.equal(dueAt, '2027-01-03T15:00:00.000Z');
  const noted = noteDue(usual.carrier.authorized(), 'settlement_due', 'N1', '2027-01-09', noon);
  assert.deepEqual([summarize(noted).dueAt, summarize(acknowledged(noted)).dueAt], [null, null]);
});
