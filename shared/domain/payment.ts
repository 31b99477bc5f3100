/** One payment (gateway order number) of an order: which line of the table applies, what was taken and what went back. */
import { decisionsOf, type Fact, type Raised, stepId } from './facts.ts';
import type { Booking, Decision, Order, Send, SettlementRequest } from './order.ts';
import { afterOperatorCancelled, type FactKind, inWords, type Line, lines, money, returnedStatuses } from './tables.ts';
import type { Status } from './words.ts';

export interface Money {
  /** Null: not known. */
  amountYen: number | null;
  at: string;
}

export interface Payment {
  number: string | null;
  /** Without our open sends. */
  settled: Status;
  /** As it is shown. */
  status: Status;
  paid: Money | null;
  returned: Money | null;
  /** The settlement that is booked. */
  booking: { request: SettlementRequest; step: Booking | Send; by: 'schedule' | 'gateway' } | null;
  /** Those that count, less what a decision outranks. */
  facts: Fact[];
  /** All that count. */
  heard: Fact[];
  raised: Raised[];
}

/** The newest decision about the payment, with what it outranks taken out of the facts. */
export function judged(order: Order, number: string | null, all: readonly Fact[]) {
  const own = all.filter(fact => fact.number === number);
  const decision = own.findLast(fact => fact.step?.kind === 'decision')?.step as Decision | undefined;
  const facts = own
    .filter(fact => !decision || fact.step === decision || !isSeen(decision, fact))
    .map(fact => ({ ...fact, kind: kindOf(order, fact, own, decision) }));
  return { own, decision: decision ?? null, facts };
}

export const isSeen = (decision: Decision, { id, step }: Fact): boolean =>
  decision.seen.includes(id) || (step !== null && id === stepId(step) && step.number < decision.number);

function kindOf(order: Order, fact: Fact, own: Fact[], decision: Decision | undefined): FactKind {
  if (decision && fact.step === decision) return kindOfDecision(fact, decision, own);
  return order.method === 'cvs' ? kindOfCash(order, fact, own, decision) : fact.kind;
}

/** A carrier order cancelled by decision before any fact but 02: ranks below 03, because the payer may still complete it. */
const kindOfDecision = (fact: Fact, decision: Decision, own: Fact[]): FactKind =>
  fact.kind === 'return_done' && !own.some(each => each.kind !== '02' && isSeen(decision, each))
    ? 'cancelled_by_operator'
    : fact.kind;

/** A decision that cancelled a store order is also about numbers issued later, but not about another known payment. */
function kindOfCash(order: Order, fact: Fact, own: Fact[], about: Decision | undefined): FactKind {
  const newest = decisionsOf(order).findLast(({ outcome }) => outcome === 'cancelled');
  const cancelled = about ?? (newest && !own.some(each => isNamed(each) && isSeen(newest, each)) ? newest : undefined);
  if (cancelled?.outcome !== 'cancelled' || isSeen(cancelled, fact)) return fact.kind;
  return afterOperatorCancelled[fact.kind] ?? fact.kind;
}

/** False for facts without a number of their own: they count for the payment shown. */
const isNamed = ({ id, callback, step }: Fact): boolean => {
  if (callback) return !id.startsWith('\t');
  if (step?.kind === 'send' && step.operation === 'create')
    return step.answer !== null && 'orderNumber' in step.answer && step.answer.orderNumber !== null;
  return step !== null && 'orderNumber' in step && step.orderNumber !== null;
};

const isOfOtherOrder = ({ kind, step }: Fact): boolean =>
  kind === 'ok' &&
  step?.kind === 'send' &&
  step.answer?.kind === 'done' &&
  step.answer.authorised?.isOtherOrder === true;

interface Applied {
  line: Line | null;
  raised: Raised[];
}

/** The first line of the table that applies. `beside`: what else may contradict it. */
export function applyLine(order: Order, facts: readonly Fact[], beside: readonly Fact[]): Applied {
  for (const line of lines[order.method]) {
    const by = facts.filter(({ kind }) => line.when.includes(kind));
    if (by.length === 0) continue;
    const raised: Raised[] = [];
    if (line.attention) raised.push({ reason: line.attention, groups: by.map(({ id }) => [id]), note: null });
    const against = beside.filter(({ kind }) => line.contradictedBy?.includes(kind));
    const others = by.some(isOfOtherOrder) ? ["another order's ID in the response"] : [];
    if (against.length + others.length > 0) {
      const also = new Set([...against.map(({ kind }) => inWords[kind] ?? kind), ...others]);
      const note = `${line.status}, but also ${[...also].sort().join(', ')}`;
      raised.push({ reason: 'contradiction', groups: [...by, ...against].map(({ id }) => [id]), note });
    }
    return { line, raised };
  }
  return { line: null, raised: [] };
}

/** What the gateway took: the amount named, else the one asked for. */
export function paidOf(
  order: Order,
  asked: number[],
  pending: number[],
  { own, decision, facts }: ReturnType<typeof judged>,
  amountYen: number | null,
) {
  // A refund by hand and a payment confirmed by hand keep what was taken before.
  const isKept = decision && ['cancelled', 'paid', 'received'].includes(decision.outcome);
  const inForce = new Map(facts.map(fact => [fact.id, fact]));
  const counting = own.flatMap(fact => inForce.get(fact.id) ?? (isKept ? [fact] : []));
  const taken = counting.filter(({ kind }) => money[order.method].includes(kind));
  if (taken.length === 0) return null;
  const at = taken.map(fact => fact.at).sort()[0] ?? '';
  // The newest decision that named an amount, even one that a later refund by hand outranks.
  const decidedAmount = taken
    .flatMap(({ step }) => (step?.kind === 'decision' && step.outcome === 'paid' ? [step] : []))
    .toSorted((a, b) => b.number - a.number)
    .find(step => step.amountYen !== null)?.amountYen;
  const paidAmount = decidedAmount ?? namedAmount(order, taken, asked, pending, amountYen);
  return paidAmount === 0 ? null : { amountYen: paidAmount, at };
}

/** 07 names the sale; then our own settlement's answer, then 09; of several amounts the highest, ours before others. */
function namedAmount(
  order: Order,
  taken: Fact[],
  asked: number[],
  pending: number[],
  amountYen: number | null,
): number | null {
  if (order.method !== 'carrier') return amountYen;
  const named = (kind: FactKind) => {
    const all = taken.flatMap(fact => (fact.kind === kind && fact.amountYen !== null ? [fact.amountYen] : []));
    const ours = all.filter(each => asked.includes(each));
    return all.length > 0 ? Math.max(...(ours.length > 0 ? ours : all)) : null;
  };
  const sends = taken.flatMap(({ step }) => (step?.kind === 'send' ? [step] : []));
  const own = sends.find(({ answer }) => answer?.kind === 'done' && !answer.elsewhere);
  const isElsewhere = sends.length > 0;
  const answered = own ? (own.settlement?.amountYen ?? amountYen) : null;
  return named('07') ?? answered ?? named('09') ?? (isElsewhere ? null : (pending.at(-1) ?? amountYen));
}

export function returnedOf(order: Order, status: Status, paid: Money | null, facts: readonly Fact[]): Money | null {
  if (!paid || !returnedStatuses.includes(status)) return null;
  // The earliest of what says so: a callback after our own answer does not make it later.
  const kinds = lines[order.method].filter(line => line.status === status).flatMap(({ when }) => when);
  const at = facts.filter(({ kind }) => kinds.includes(kind)).map(fact => fact.at);
  return { amountYen: paid.amountYen, at: at.sort()[0] ?? paid.at };
}

/** The newest booking that was neither withdrawn nor ended nor overruled by a decision. */
export function bookingOf(
  order: Order,
  number: string | null,
  own: readonly Fact[],
  whole: (number: string | null) => string | null,
): Payment['booking'] {
  let booking: Payment['booking'] = null;
  for (const step of order.steps) {
    if (!('orderNumber' in step) || whole(step.orderNumber) !== number) continue;
    if (step.kind === 'booking') booking = { request: step.settlement, step, by: 'schedule' };
    else if (step.kind === 'decision' || step.kind === 'booking_ended') booking = null;
    else if (step.kind === 'send' && step.answer?.kind === 'done') {
      const { bookedOn } = step.answer;
      if (step.operation === 'withdraw') booking = null;
      else if (step.settlement && bookedOn) {
        booking = { request: { ...step.settlement, on: bookedOn, by: 'gateway' }, step, by: 'gateway' };
      }
    }
  }
  const { seen = [] } = booking?.step ?? {};
  // A refused test is no payment, but its 07 ends the booking like any other.
  return own.some(({ refusedTest, id }) => refusedTest === '07' && !seen.includes(id)) ? null : booking;
}
