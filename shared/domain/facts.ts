/** What callbacks, answers and decisions say, as facts about payments; callbacks that are not counted, and why. */
import { askedAmounts, isRightAmount } from './amounts.ts';
import { type Answer, type Callback, type Decision, isSend, type Order, type Send, type Step } from './order.ts';
import { isBeforePayment, isWithoutEffect } from './stages.ts';
import { decided, type FactKind, listed } from './tables.ts';
import type { AttentionReason } from './words.ts';

export interface Fact {
  kind: FactKind;
  /** The gateway's order number; null: none is known. */
  number: string | null;
  id: string;
  at: string;
  /** Null: not named. */
  amountYen: number | null;
  callback: Callback | null;
  step: Step | null;
  /** The success of a refused test payment that this refusal stands for. */
  refusedTest?: FactKind;
}

/** A reason for attention. An acknowledgement covers it once it had seen one fact of each group. */
export interface Raised {
  reason: AttentionReason;
  groups: string[][];
  note: string | null;
}

/** Equal callbacks are one fact. One that does not count, or is a test, never stands for one that counts, or is none. */
export const callbackId = ({ orderNumber, status, amountYen, ipCode, testId, lacks }: Callback): string => {
  const apart = [ipCode === 'other' && 'other', testId && 'test', lacks.length > 0 && `lacks ${lacks}`];
  return [orderNumber, status, amountYen, ...apart.filter(Boolean)].join('\t');
};

export const answerId = (step: Step, answer: Answer): string => `answer ${step.number} ${answer.kind}`;
export const stepId = (step: Step): string => `step ${step.number}`;

/** Ids of all that is stored now; a step keeps them as what it had seen. */
export const seenNow = (order: Order): string[] => [
  ...order.callbacks.map(callbackId),
  ...order.steps.flatMap(step => (isSend(step) && step.answer ? [answerId(step, step.answer)] : [])),
];

export const decisionsOf = (order: Order): Decision[] => order.steps.filter(step => step.kind === 'decision');

/** Our newest attempt to make the order at the gateway. */
export const attemptOf = (order: Order): Send | null =>
  order.steps.filter(isSend).findLast(step => step.operation === 'create') ?? null;

/** An answer may have been cut off within the number: one that begins exactly one callback's number is that number. */
export function wholeNumber(order: Order, number: string | null): string | null {
  if (number === null) return null;
  const isAnswers = order.steps.some(
    step => isSend(step) && step.answer && 'orderNumber' in step.answer && step.answer.orderNumber === number,
  );
  if (!isAnswers) return number;
  const heard = [...new Set(order.callbacks.map(({ orderNumber }) => orderNumber))];
  const fitting = heard.filter(each => each?.startsWith(number));
  return heard.includes(number) || fitting.length !== 1 ? number : (fitting[0] ?? number);
}

/** `unnumbered`: the payment that facts without a number are about. */
export function collectFacts(order: Order, unnumbered: string | null): { facts: Fact[]; raised: Raised[] } {
  const whole = (number: string | null) => wholeNumber(order, number) ?? unnumbered;
  const attempt = attemptOf(order);
  const raised: Raised[] = [];
  const facts: Fact[] = [];
  const callbacks = order.callbacks.map(callback => ({ ...callback, orderNumber: callback.orderNumber ?? unnumbered }));
  // An 03 that counts makes a lower 07 right, so 07 is judged last.
  for (const [i, callback] of callbacks.entries().toArray().sort(byStatus)) {
    const id = callbackId(order.callbacks[i] ?? callback);
    const uncounted = whyUncounted(order, callback, facts, whole);
    if (uncounted.length > 0) {
      raised.push(...uncounted.map(each => ({ ...each, groups: [[id]] })));
      continue;
    }
    const kind = listed[order.method][callback.status] as FactKind;
    if (kind === 'ng' && attempt && isWithoutEffect(attempt, id)) continue;
    const { orderNumber: number, at, amountYen } = callback;
    facts.push({
      kind: kind === 'ng' && attempt?.seen.includes(id) ? 'ng_seen' : kind,
      number,
      id,
      at,
      amountYen: amountYen === 'invalid' ? null : amountYen,
      callback,
      step: null,
    });
  }
  if (attempt && isBeforePayment(attempt)) {
    const { at } = attempt;
    facts.push({ ...ofStep, kind: 'waiting', number: unnumbered, id: stepId(attempt), at, step: attempt });
  }
  for (const step of order.steps) {
    if (step.kind === 'decision') facts.push(factOfDecision(order, step, whole));
    if (isSend(step) && step.answer && (step.operation !== 'create' || step === attempt)) {
      const kind = kindOfAnswer(order, step, step.answer);
      const { at } = step.answer;
      const named = 'orderNumber' in step.answer ? step.answer.orderNumber : null;
      const number = whole(step.operation === 'create' ? named : step.orderNumber);
      if (kind) facts.push({ ...ofStep, kind, number, id: answerId(step, step.answer), at, step });
    }
  }
  return { facts, raised };
}

/** A step names no amount of its own. */
const ofStep = { amountYen: null, callback: null };

const byStatus = ([, a]: [number, Callback], [, b]: [number, Callback]): number => (a.status < b.status ? -1 : 1);

/** Empty: it counts. `counted`: the facts of callbacks of lower status. */
function whyUncounted(
  order: Order,
  callback: Callback,
  counted: Fact[],
  whole: (number: string | null) => string | null,
): Omit<Raised, 'groups'>[] {
  const why: Omit<Raised, 'groups'>[] = [];
  const { status, orderNumber, amountYen, ipCode, lacks } = callback;
  const of = orderNumber === null ? '' : ` of order number ${orderNumber}`;
  if (!Object.hasOwn(listed[order.method], status))
    why.push({ reason: 'unlisted_status', note: `status ${status}${of}` });
  if (ipCode === 'other') why.push({ reason: 'ip_code_mismatch', note: `status ${status}${of}` });
  if (lacks.includes('ipCode')) why.push({ reason: 'ip_code_mismatch', note: 'absent' });
  if (lacks.some(each => each !== 'ipCode')) why.push({ reason: 'amount_mismatch', note: 'absent' });
  const asked = askedAmounts(order, orderNumber, whole);
  const is03Known =
    counted.some(({ kind, number }) => kind === '03' && number === orderNumber) ||
    decisionsOf(order).some(each => each.outcome === 'authorized' && whole(each.orderNumber) === orderNumber);
  if (!isRightAmount(order, callback, asked, is03Known))
    why.push({ reason: 'amount_mismatch', note: `status ${status}, amount ${amountYen}${of}` });
  return why;
}

function factOfDecision(order: Order, step: Decision, whole: (number: string | null) => string | null): Fact {
  const kind = decided[order.method][step.outcome];
  if (!kind) throw new Error(`No ${order.method} order can be decided to be ${step.outcome}.`);
  const number = whole(step.orderNumber);
  return { kind, number, id: stepId(step), at: step.at, amountYen: step.amountYen, callback: null, step };
}

/** Null: the answer says nothing about the money. */
function kindOfAnswer({ method }: Order, { operation }: Send, answer: Answer): FactKind | null {
  switch (answer.kind) {
    case 'unknown':
      return null;
    case 'cancelled':
      return 'return_done';
    case 'refused':
      return operation === 'create' ? 'refused' : null;
    case 'not_processed':
    case 'expired':
      return operation === 'create' ? answer.kind : null;
    case 'done':
      switch (operation) {
        case 'create':
          return method === 'card' ? 'ok' : '01';
        case 'cancel':
          return 'cancel_done';
        case 'return':
          return 'return_done';
        case 'settle':
          return answer.bookedOn === null ? 'settle_done' : null;
        case 'withdraw':
          return null;
      }
  }
}
