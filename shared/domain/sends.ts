/** Our own sends to the gateway: begun under a claim, answered, or booked for later. */
import { isDeepStrictEqual } from 'node:util';
import { dueNote } from './changes.ts';
import { dayOf } from './days.ts';
import { seenNow } from './facts.ts';
import { newSend } from './new-order.ts';
import { type Answer, isSend, type Order, type Send, type SettlementRequest, type Step } from './order.ts';
import type { Outcome } from './outcome.ts';
import { type Caller, type Change, nextNumber, revise, withKey } from './revise.ts';
import { isSameStage } from './stages.ts';
import { summarize } from './summarize.ts';
import type { HistoryEvent, SendOperation } from './words.ts';

export interface Begun {
  operation: Exclude<SendOperation, 'create'>;
  orderNumber: string | null;
  settlement: SettlementRequest | null;
}

/** Claims the order for a send; what is open is claimed again. `caller` null: our own schedule. */
export function beginSend(order: Order, begun: Begun, caller: Caller | null, at: Date): Order {
  const time = at.toISOString();
  const { open } = summarize(order);
  const fresh = { ...newSend(nextNumber(order), begun.operation, time), ...begun, seen: seenNow(order) };
  const step = open
    ? { ...open, claim: fresh.claim, attempts: open.attempts + 1, lost: true }
    : { ...fresh, attempts: attemptsSoFar(order, fresh) + 1 };
  const steps = open
    ? order.steps.map(each => (each.number === open.number ? step : each))
    : [...withoutRepeat(order.steps, step), step];
  const change = {
    at,
    source: caller ? 'api' : 'schedule',
    event: step.operation,
    actor: caller?.actor ?? null,
  } as Change;
  return revise(order, change, { steps, keys: withKey(order.keys, caller, time, step.number) });
}

const isWithoutEffect = (step: Step): step is Send =>
  isSend(step) &&
  step.operation !== 'create' &&
  (step.answer?.kind === 'refused' || step.answer?.kind === 'not_processed');

const isSame = (a: Step, b: Send): a is Send =>
  isWithoutEffect(a) &&
  a.operation === b.operation &&
  a.orderNumber === b.orderNumber &&
  // Maps come back from the table in any order of their keys.
  isDeepStrictEqual(a.settlement, b.settlement);

/** The pauses of our own schedule grow with every attempt that was not processed. */
function attemptsSoFar(order: Order, step: Send): number {
  const last = order.steps.findLast(each => isSame(each, step));
  return last?.kind === 'send' && last.answer?.kind === 'not_processed' ? last.attempts : 0;
}

const withoutEffectLimit = 20;

/** Keeps the newest refused or unprocessed send of each kind, at most 20 beside the new one. */
function withoutRepeat(steps: Step[], step: Send): Step[] {
  const left = steps.filter(each => !isSame(each, step));
  const surplus = left.filter(isWithoutEffect).slice(0, -withoutEffectLimit);
  return left.filter(each => !surplus.some(gone => gone === each));
}

/** What an invocation needs to know of its claim when the gateway's answer comes. */
export interface Sent {
  step: Send;
  /** Our own schedule has a refusal noted, because no caller sees it. */
  bySchedule: boolean;
  /** The setting `testPayments` of now. */
  testsAccepted: boolean;
}

/** A successful answer: what each operation may bring. */
export interface Done {
  orderNumber?: string | null;
  /** Settlements: the day of a booking at the gateway. */
  bookedOn?: string | null;
  cvs?: Extract<Answer, { kind: 'done' }>['cvs'];
  /** For the history. */
  note?: string;
  authorised?: Extract<Answer, { kind: 'done' }>['authorised'];
}

/**
 * Stores what the gateway answered, even where the claim was taken over or a callback came first: it counts.
 * After a lost answer only a success, or a code that proves something, closes a repeatable send. Null: nothing to add.
 */
export function recordAnswer(order: Order, sent: Sent, outcome: Outcome<Done>, at: Date): Order | null {
  const step = order.steps.find(each => each.number === sent.step.number);
  if (!step || !isSend(step) || (step.answer && step.answer.kind !== 'unknown')) return null;
  const isOurs = step.claim === null ? sent.step.operation === 'create' : step.claim.id === sent.step.claim?.id;
  const answer = answerOf(sent, outcome, at);
  const isProof = answer?.kind === 'done' || answer?.kind === 'cancelled';
  if (!(isOurs && isSameStage(step, sent.step)) && !isProof) return null;
  if (step.answer?.kind === 'unknown' && answer?.kind === 'unknown') return null;
  const next: Send = answer
    ? { ...step, answer, claim: null }
    : { ...step, claim: null, lost: true, triedAt: at.toISOString() };
  const steps = order.steps.map(each => (each === step ? next : each));
  const isNoted = sent.bySchedule && step.operation === 'settle' && answer?.kind === 'refused';
  const noted = isNoted ? [dueNote(order, step.orderNumber, dayOf(at), answer.failure.code)] : [];
  const change = { at, source: 'gateway', event: eventOf(step, answer), ...explanation(outcome) } as const;
  return revise(order, change, { steps: [...steps, ...noted] });
}

/** Null: it stays open. */
function answerOf({ step, testsAccepted }: Sent, outcome: Outcome<Done>, at: Date): Answer | null {
  const time = at.toISOString();
  const isRepeatable = step.operation !== 'create';
  const isOpen = isRepeatable && step.lost;
  switch (outcome.kind) {
    case 'done': {
      const { orderNumber = null, bookedOn = null, cvs = null, authorised } = outcome;
      const done = { at: time, kind: 'done', orderNumber, bookedOn, elsewhere: false, testsAccepted, cvs } as const;
      return { ...done, ...(authorised && { authorised }) };
    }
    case 'refused':
      switch (outcome.truth) {
        case 'already_done': {
          const elsewhere = step.operation === 'settle' && !step.lost;
          return { at: time, kind: 'done', orderNumber: null, bookedOn: null, elsewhere, testsAccepted, cvs: null };
        }
        case 'cancelled':
          return { at: time, kind: 'cancelled' };
        case 'in_progress':
          return null;
        case 'expired':
          return { at: time, kind: 'expired', failure: outcome.failure, orderNumber: null };
        case 'proves_nothing':
        case null:
          if (isOpen) return null;
          return { at: time, kind: 'refused', failure: outcome.failure, orderNumber: outcome.orderNumber };
      }
      break;
    case 'not_processed': {
      if (isOpen) return null;
      const { reason, code, message } = outcome;
      const failure = { reason, code, parameter: null, message, payerMessage: null };
      return { at: time, kind: 'not_processed', failure, orderNumber: null };
    }
    case 'unknown':
      return isRepeatable ? null : { at: time, kind: 'unknown' };
  }
}

function eventOf({ operation }: Send, answer: Answer | null): HistoryEvent {
  const kind = answer?.kind ?? 'unknown';
  if (operation === 'create') return kind === 'cancelled' ? 'unknown' : kind;
  if (kind === 'cancelled') return 'settle_cancelled';
  if (kind === 'expired') return kind;
  if (answer?.kind === 'done' && answer.bookedOn) return 'settle_booked';
  return `${operation}_${kind}`;
}

function explanation(outcome: Outcome<Done>): { code?: string | null; note?: string } {
  switch (outcome.kind) {
    case 'done':
      return outcome.note === undefined ? {} : { note: outcome.note };
    case 'refused':
      return { code: outcome.failure.code, note: outcome.failure.message };
    case 'not_processed':
      return { code: outcome.code, note: outcome.message };
    case 'unknown':
      return { note: outcome.message };
  }
}
