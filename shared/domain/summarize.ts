/** What an order's facts add up to (contract 1.4 and 1.5). Pure; knows no clock and no order of arrival. */
import { askedAmounts, pendingAmounts } from './amounts.ts';
import { raisedAgainstDecision, raisedByOrder, settledElsewhere, settlementDue, standing } from './attention.ts';
import { type Details, detailsOf } from './details.ts';
import { dueAtOf } from './due.ts';
import { answerId, attemptOf, callbackId, collectFacts, type Fact, type Raised, wholeNumber } from './facts.ts';
import { endOfAttempt, openSends, openStatus } from './open-sends.ts';
import { type Decision, isSend, type Order, type Send, type Step } from './order.ts';
import { applyLine, bookingOf, isSeen, judged, type Money, type Payment, paidOf, returnedOf } from './payment.ts';
import { furthestOn } from './ranking.ts';
import { hasTest, raisedByTests, withTestsRefused } from './test-payments.ts';
import type { AttentionReason, Status } from './words.ts';

export interface Summary extends Details {
  status: Status;
  /** Each reason once, in the order of `attentionReasons`. */
  attention: { reason: AttentionReason; note: string | null }[];
  /** The amount asked for; of an external order the highest that a callback named. */
  amountYen: number;
  paid: Money | null;
  returned: Money | null;
  shown: Payment;
  others: Payment[];
  /** Why callbacks and responses do not count as what they say. */
  uncounted: Raised[];
  test: boolean;
  /** Our send whose outcome is not known. */
  open: Send | null;
  /** When due work must look at it; null: nothing is due. */
  dueAt: string | null;
}

/** Orders are never changed in place, so each is added up once. */
const known = new WeakMap<Order, Summary>();

export function summarize(order: Order): Summary {
  const summary = known.get(order) ?? summarizeFacts(order);
  known.set(order, summary);
  return summary;
}

/** Reuses the summary of `same` for `order`, which differs in history, numbers and `attentionSince` only. */
export function withSameFacts(order: Order, same: Order): Order {
  known.set(order, summarize(same));
  return order;
}

function summarizeFacts(order: Order): Summary {
  const first = addUp({ ...order, ...withNumbers(order) }, null);
  return isNumbered(order) ? first : addUp(order, first.shown.number);
}

function isNumbered(order: Order): boolean {
  const answer = attemptOf(order)?.answer;
  const isAttempt = (step: Order['steps'][number]) => isSend(step) && step.operation === 'create';
  return (
    order.callbacks.every(({ orderNumber }) => orderNumber !== null) &&
    order.steps.every(step => !('orderNumber' in step) || step.orderNumber !== null || isAttempt(step)) &&
    (!answer ||
      ('orderNumber' in answer && answer.orderNumber !== null) ||
      order.callbacks.length + order.steps.length === 1)
  );
}

/** Facts without a number are about the payment that is shown without them. */
const withNumbers = ({ callbacks, steps }: Order): Pick<Order, 'callbacks' | 'steps'> => ({
  callbacks: callbacks.filter(({ orderNumber }) => orderNumber !== null),
  steps: steps.filter(step => step.kind !== 'decision' || step.orderNumber !== null),
});

function addUp(order: Order, unnumbered: string | null): Summary {
  const whole = (number: string | null) => wholeNumber(order, number) ?? unnumbered;
  const counted = collectFacts(order, unnumbered);
  const facts = withTestsRefused(order, counted.facts, whole);
  const uncounted = [...counted.raised, ...raisedByTests(facts)];
  const open = openSends(order, facts, whole);
  const amountYen = amountOf(order, facts);
  const payments = numbersOf(order, facts, whole).map(number =>
    paymentOf(order, number, facts, open, whole, amountYen),
  );
  const ranked = payments.toSorted(furthestOn(order, whole));
  const [shown, ...others] = ranked as [Payment, ...Payment[]];
  const isSending = open.some(step => step.operation === 'create' && step.authentication?.stage !== 'wait');
  const status = isSending ? 'sending' : shown.status;
  const all = [
    ...uncounted,
    ...payments.flatMap(payment => payment.raised),
    ...raisedByOrder(order, payments, status, open),
    ...raisedAgainstDecision(order, facts, shown, status, decision => statusAt(order, decision)),
  ];
  const summary = { status, amountYen: amountYen ?? 0, paid: shown.paid, returned: shown.returned, shown, others };
  const full = {
    ...summary,
    ...detailsOf(order, shown, open, summary.amountYen, whole),
    attention: standing(order, all),
    uncounted,
    test: hasTest(order, facts, whole),
    open: open.at(-1) ?? null,
  };
  return { ...full, dueAt: dueAtOf(order, full, payments) };
}

/** Null: an external order, and no callback that counts names an amount. */
function amountOf({ operation, amountYen }: Order, facts: readonly Fact[]): number | null {
  if (operation !== 'external') return amountYen;
  const named = facts.flatMap(fact => (fact.callback && fact.amountYen !== null ? [fact.amountYen] : []));
  return named.length > 0 ? Math.max(...named) : null;
}

/** The payments known. External orders have the number they are kept under, even if no callback of it counts. */
function numbersOf(order: Order, facts: readonly Fact[], whole: (n: string | null) => string | null) {
  const steps = order.steps.flatMap(step =>
    'orderNumber' in step && (step.kind !== 'send' || step.operation !== 'create') ? [whole(step.orderNumber)] : [],
  );
  const kept = order.operation === 'external' ? order.callbacks.map(({ orderNumber }) => orderNumber) : [];
  const numbers = [...new Set([...facts.map(({ number }) => number), ...steps, ...kept])];
  const known = numbers.filter(number => number !== null);
  return known.length > 0 ? known : [null];
}

function paymentOf(
  order: Order,
  number: string | null,
  all: readonly Fact[],
  open: readonly Send[],
  whole: (n: string | null) => string | null,
  amountYen: number | null,
): Payment {
  const { own, decision, facts } = judged(order, number, all);
  const { line, raised } = applyLine(order, facts, order.method === 'card' ? besideCard(all, number, decision) : facts);
  const booking = bookingOf(order, number, own, whole);
  const asked = askedAmounts(order, number, whole);
  const pending = pendingAmounts(order, number, whole);
  const paid = paidOf(order, asked, pending, { own, decision, facts }, amountYen);
  const settled = statusOf(order, line?.status ?? endOfAttempt(order, own, all), booking !== null, amountYen);
  const out = open.findLast(step => step.operation !== 'create' && whole(step.orderNumber) === number);
  const status = out && out.operation !== 'create' ? openStatus[out.operation] : settled;
  const elsewhere = settledElsewhere(order, facts, asked);
  const due = settlementDue(order, status, number, whole);
  return {
    number,
    settled,
    status,
    paid,
    returned: returnedOf(order, status, paid, facts),
    booking,
    facts,
    heard: own,
    raised: [...raised, ...elsewhere, ...due],
  };
}

function besideCard(all: readonly Fact[], own: string | null, decision: Decision | null): Fact[] {
  return all
    .filter(fact => !decision || !isSeen(decision, fact))
    .map(fact => (fact.kind === 'ok' && fact.number !== own ? { ...fact, kind: 'ok_twice' } : fact));
}

function statusOf(order: Order, status: Status, isBooked: boolean, amountYen: number | null): Status {
  if (status === 'authorized' && isBooked) return 'settle_scheduled';
  return status === 'paid' && order.method === 'card' && amountYen === 0 ? 'registered' : status;
}

/** The status as a decision left it. */
function statusAt(order: Order, { number, seen }: Decision): Status {
  const full = new Set(seen);
  const callbacks = order.callbacks.filter(each => full.has(callbackId(each)));
  const isHeard = (step: Step) => !isSend(step) || !step.answer || full.has(answerId(step, step.answer));
  const steps = order.steps
    .filter(step => step.number <= number)
    .map(step => (isSend(step) && !isHeard(step) ? { ...step, answer: null } : step));
  return summarize({ ...order, callbacks, steps }).status;
}
