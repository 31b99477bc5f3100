/** Test payments are not counted as money (contract 1.5): unless accepted, their successes count as refusals. */
import { attemptOf, type Fact, type Raised } from './facts.ts';
import type { Order } from './order.ts';
import type { Failure } from './outcome.ts';
import type { FactKind } from './tables.ts';
import type { Method } from './words.ts';

const successes: Record<Method, readonly FactKind[]> = {
  card: ['ok'],
  carrier: ['03', '07', 'settle_done'],
  cvs: ['01', '04', '05', '11', '12'],
};

const refusals: Record<Method, FactKind> = { card: 'ng', carrier: '02', cvs: '02' };

export const testRefused: Failure = {
  reason: 'test_payment',
  code: null,
  parameter: null,
  message: 'A test payment succeeded, and test payments are refused here.',
  payerMessage: null,
};

type Whole = (number: string | null) => string | null;

/** A payment is a test if its number says so, or the payer's name in any of its callbacks. */
const isTest = ({ callbacks }: Order, number: string | null, whole: Whole): boolean =>
  Boolean(number?.includes('TEST')) || callbacks.some(each => each.testId && whole(each.orderNumber) === number);

/** As the setting was when the callback or the response came. */
const isAccepted = ({ callback, step }: Fact): boolean =>
  callback?.testsAccepted ?? (step?.kind === 'send' && step.answer?.kind === 'done' && step.answer.testsAccepted);

/** The facts, with the successes of refused tests as refusals. What an operator decided stands. */
export const withTestsRefused = (order: Order, facts: Fact[], whole: Whole): Fact[] =>
  facts.map(fact => {
    const isExempt = order.test || isAccepted(fact) || fact.step?.kind === 'decision';
    const isSuccess = successes[order.method].includes(fact.kind);
    if (isExempt || !isSuccess || !isTest(order, fact.number, whole)) return fact;
    const wasSeen = order.method === 'card' && attemptOf(order)?.seen.includes(fact.id);
    return { ...fact, kind: wasSeen ? 'ng_seen' : refusals[order.method], refusedTest: fact.kind };
  });

export const raisedByTests = (facts: readonly Fact[]): Raised[] =>
  facts
    .filter(({ refusedTest }) => refusedTest)
    .map(({ id, number, callback }) => {
      const what = callback ? `status ${callback.status}` : 'a successful response';
      const note = `${what}${number === null ? '' : ` of order number ${number}`}`;
      return { reason: 'test_payment', groups: [[id]], note };
    });

/** Whether the order was asked for as a test, or an accepted test payment counts in it. */
export const hasTest = (order: Order, facts: readonly Fact[], whole: Whole): boolean =>
  order.test || facts.some(fact => isAccepted(fact) && isTest(order, fact.number, whole));
