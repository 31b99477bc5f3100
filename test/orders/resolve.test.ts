/** An operator's decision (contract 1.7): in which statuses each outcome is allowed, and what it makes of the order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from '../../shared/domain/order.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import { type DecisionOutcome, decisionOutcomes, type Method } from '../../shared/domain/words.ts';
import type { Operated } from '../../shared/orders/operate.ts';
import { type Resolution, resolved } from '../../shared/orders/resolve.ts';
import {
  aCallback,
  anOrder,
  answered,
  begun,
  caller,
  lost,
  reasonsOf,
  seconds,
  settlementOn,
  stale,
  statusOf,
  succeeded,
  told,
  usual,
  withCallbacks,
} from '../support/orders.ts';

const say = (
  order: Order,
  outcome: Resolution['outcome'],
  more: Partial<Resolution> = {},
  at = seconds(3600),
): Order | Operated =>
  resolved(
    order,
    { outcome, gatewayOrderNumber: null, amountYen: null, reasons: null, note: 'seen', ...more },
    caller,
    at,
  );
const isDecided = (result: Order | Operated): result is Order => !('kind' in result);
const decided = (...args: Parameters<typeof say>): Order => {
  const result = say(...args);
  assert.ok(isDecided(result), JSON.stringify(result).slice(0, 200));
  return result;
};

/** Contract 1.7: the outcomes of each method, and the status that each leads to. */
const outcomes: Record<Method, DecisionOutcome[]> = {
  card: ['paid', 'declined', 'cancelled'],
  carrier: ['authorized', 'paid', 'settle_failed', 'declined', 'cancelled'],
  cvs: ['paid', 'received', 'declined', 'cancelled', 'expired', 'awaiting_customer'],
};

const external = withCallbacks({ ...anOrder('carrier'), operation: 'external', amountYen: 0 }, [
  aCallback('carrier', 'XX'),
]);
const booked = answered(
  begun(usual.carrier.authorized(), 'settle', settlementOn('2026-12-01', 'gateway')),
  succeeded({ bookedOn: '2026-12-01' }),
);
const withdrawing = answered(begun(booked, 'withdraw'), lost);

/** Orders that an operator may close, all with the number N1 known or given. */
const closable: [what: string, order: Order][] = [
  ['card unknown', usual.card.unknown()],
  ['card sending, stale', stale(anOrder('card'), seconds(120))],
  ['card cancelling', usual.card.cancelling()],
  ['carrier unknown (external)', external],
  ['carrier settling', usual.carrier.settling()],
  ['carrier cancelling', usual.carrier.cancelling()],
  ['carrier awaiting_customer', usual.carrier.awaiting_customer()],
  ['carrier with a withdrawal open', withdrawing],
  ['carrier settle_scheduled at the gateway', booked],
  ['cvs unknown', usual.cvs.unknown()],
  ['cvs awaiting_customer', usual.cvs.awaiting_customer()],
  ['cvs received', usual.cvs.received()],
];
for (const [what, order] of closable) {
  test(`${what}: every outcome of the method closes it, and no other is one`, () => {
    for (const outcome of decisionOutcomes) {
      const result = say(order, outcome, { gatewayOrderNumber: 'N1' });
      if (!outcomes[order.method].includes(outcome)) {
        assert.deepEqual(result, { kind: 'wrong_status', order }, outcome);
        continue;
      }
      assert.ok(isDecided(result), outcome);
      const { status, open, orderNumber } = summarize(result);
      assert.deepEqual([status, open, orderNumber], [outcome, null, 'N1'], outcome);
      assert.deepEqual(
        reasonsOf(result).filter(reason => reason === 'outcome_unknown'),
        [],
        outcome,
      );
      const entry = { event: outcome, from: statusOf(order), to: outcome, source: 'operator', note: 'seen' };
      const written = { at: seconds(3600).toISOString(), code: null, actor: 'test', count: 1, ...entry };
      assert.deepEqual([result.history.at(-1), result.version], [written, order.version + 1]);
    }
  });
}

const closed: [what: string, order: Order][] = [
  ...(['not_processed', 'declined', 'registered', 'paid', 'cancelled'] as const).map(
    status => [`card ${status}`, usual.card[status]()] as [string, Order],
  ),
  ...(['declined', 'authorized', 'settle_scheduled', 'settle_failed', 'paid', 'cancelled'] as const).map(
    status => [`carrier ${status}`, usual.carrier[status]()] as [string, Order],
  ),
  ...(['not_processed', 'declined', 'paid', 'expired', 'reversed', 'cancelled', 'reversed_after_cancel'] as const).map(
    status => [`cvs ${status}`, usual.cvs[status]()] as [string, Order],
  ),
];
for (const [what, order] of closed) {
  test(`${what}: nothing to decide, 409`, () => {
    for (const outcome of decisionOutcomes) {
      const result = say(order, outcome, { gatewayOrderNumber: 'N1' });
      assert.deepEqual(result, { kind: 'wrong_status', order }, outcome);
    }
  });
}

test('authorized is closed after settleBy, and not on that day', () => {
  const order = usual.carrier.authorized();
  const lastMoment = new Date('2027-01-09T23:59:59+09:00');
  assert.deepEqual(say(order, 'settle_failed', {}, lastMoment), { kind: 'wrong_status', order });
  const after = new Date('2027-01-10T00:00:00+09:00');
  assert.equal(statusOf(decided(order, 'settle_failed', {}, after)), 'settle_failed');
});

const refundable: [reason: string, order: Order, to: string][] = [
  ['cancel_failed', told(usual.carrier.paid(), '09'), 'cancelled'],
  ['money_after_cancel', usual.cvs.received_after_cancel(), 'cancelled'],
  ['money_after_cancel', usual.cvs.paid_after_cancel(), 'cancelled'],
  ['duplicate_payment', withCallbacks(usual.cvs.paid(), [aCallback('cvs', '05', { orderNumber: 'N2' })]), 'paid'],
];
for (const [reason, order, to] of refundable) {
  test(`${statusOf(order)} with ${reason}: cancelled (refunded by hand), and no other outcome`, () => {
    assert.ok(reasonsOf(order).includes(reason), reasonsOf(order).join());
    for (const outcome of outcomes[order.method].filter(each => each !== 'cancelled')) {
      assert.deepEqual(say(order, outcome), { kind: 'wrong_status', order }, outcome);
    }
    const number = reason === 'duplicate_payment' ? 'N2' : 'N1';
    const next = decided(order, 'cancelled', { gatewayOrderNumber: number });
    assert.deepEqual([statusOf(next), reasonsOf(next)], [to, []]);
    const { shown, others } = summarize(next);
    const refunded = [shown, ...others].find(payment => payment.number === number);
    assert.deepEqual(
      [refunded?.status, refunded?.paid?.amountYen, refunded?.returned?.amountYen],
      ['cancelled', 8000, 8000],
    );
  });
}

test('paid on amount 0 means registered', () => {
  const order = answered(anOrder('card', { amountYen: 0, card: { cardId: 'C1', installments: '01' } }), lost);
  assert.equal(statusOf(decided(order, 'paid', { gatewayOrderNumber: 'N1' })), 'registered');
});

test('declined has the failure of an operator, and no other outcome has one', () => {
  for (const outcome of outcomes.cvs) {
    const { failure } = summarize(decided(usual.cvs.awaiting_customer(), outcome));
    assert.equal(failure?.reason, outcome === 'declined' ? 'operator' : undefined, outcome);
  }
});

const numberRequired = (order: Order) => {
  const faults = [
    { field: 'gatewayOrderNumber', code: 'required', message: 'is required: no number of the gateway is known' },
  ];
  for (const outcome of ['paid', 'authorized'] as const) {
    if (outcomes[order.method].includes(outcome)) assert.deepEqual(say(order, outcome), { kind: 'invalid', faults });
  }
};
test('paid and authorized need a gateway order number, known or given; the others do not', () => {
  for (const order of [usual.card.unknown(), usual.carrier.awaiting_customer(), usual.cvs.unknown()]) {
    numberRequired(order);
    for (const outcome of outcomes[order.method].filter(each => each !== 'paid' && each !== 'authorized')) {
      assert.equal(statusOf(decided(order, outcome)), outcome);
    }
    const given = decided(order, 'paid', { gatewayOrderNumber: 'N-found' });
    assert.equal(summarize(given).orderNumber, 'N-found');
    assert.deepEqual(
      given.numbers.map(({ number }) => number),
      ['N-found'],
    );
  }
  assert.equal(statusOf(decided(usual.cvs.awaiting_customer(), 'paid')), 'paid');
});

test('a number other than the known ones names another payment', () => {
  const next = decided(usual.cvs.awaiting_customer(), 'paid', { gatewayOrderNumber: 'N2' });
  const { status, orderNumber, others } = summarize(next);
  assert.deepEqual(
    [status, orderNumber, others.map(each => [each.number, each.status])],
    ['paid', 'N2', [['N1', 'awaiting_customer']]],
  );
});

test("a gateway order number is as long as the method's operations can carry", () => {
  for (const [order, widest] of [
    [usual.card.unknown(), 50],
    [usual.carrier.settling(), 38],
    [usual.cvs.unknown(), 50],
  ] as const) {
    const number = 'N'.repeat(widest);
    assert.equal(summarize(decided(order, 'paid', { gatewayOrderNumber: number })).paid?.amountYen, 8000);
    assert.deepEqual(say(order, 'paid', { gatewayOrderNumber: `${number}N` }), {
      kind: 'invalid',
      faults: [{ field: 'gatewayOrderNumber', code: 'invalid', message: `must have at most ${widest} characters` }],
    });
  }
});

test('amount goes with paid alone, from 1 to the first amount, and is what was paid', () => {
  const order = usual.carrier.settling();
  const next = decided(order, 'paid', { amountYen: 5000 });
  assert.deepEqual(summarize(next).paid, { amountYen: 5000, at: seconds(3600).toISOString() });
  assert.equal(summarize(decided(order, 'paid')).paid?.amountYen, 8000);
  const faultOf = (outcome: DecisionOutcome, amountYen: number) => {
    const result = say(order, outcome, { amountYen });
    assert.ok('kind' in result && result.kind === 'invalid');
    return result.faults;
  };
  const message = 'must be a whole number from 1 to 8000, the first amount';
  for (const amountYen of [1, 8000]) {
    assert.equal(summarize(decided(order, 'paid', { amountYen })).paid?.amountYen, amountYen);
  }
  for (const amountYen of [0, 8001]) {
    assert.deepEqual(faultOf('paid', amountYen), [{ field: 'amount', code: 'invalid', message }]);
  }
  assert.deepEqual(faultOf('cancelled', 5000), [{ field: 'amount', code: 'invalid', message: 'goes only with paid' }]);
});

test('a callback that the decision had seen is outranked; one that it had not seen contradicts it', () => {
  const order = told(usual.cvs.awaiting_customer(), '04');
  const declined = decided(order, 'declined');
  assert.deepEqual([statusOf(told(declined, '04')), reasonsOf(told(declined, '04'))], ['declined', []]);
  assert.deepEqual([statusOf(told(declined, '05')), reasonsOf(told(declined, '05'))], ['paid', ['contradiction']]);
});
