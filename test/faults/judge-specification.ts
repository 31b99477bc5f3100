/**
 * The sequential specification of one order: what each happening adds to its facts, and when it may (contract 1.1 and 1.4
 * to 1.7). What the facts come to is the second reading of section 1.5. Nothing here is taken from `shared/`.
 */
import type { Answer, Callback, Decision, Order, Send, SettlementRequest, Step } from '../../shared/domain/order.ts';
import type { AttentionReason, DecisionOutcome } from '../../shared/domain/words.ts';
import { idOf, openSend } from '../domain/second-reading.ts';
import { readingOf } from './judge-views.ts';
import type { Meaning, Operation, ThreeD } from './judge-wire.ts';

/** `order` null: there is none yet. `steps`: which step each invocation began or repeated. */
export interface State {
  order: Order | null;
  steps: ReadonlyMap<number, number>;
}

/** Its charge goes through EMV 3-D Secure. */
const isAuthenticated = ({ operation }: Pick<Order, 'operation'>): boolean => operation.startsWith('authenticated');

/** What never changes of an order. */
export type Made = Pick<Order, 'orderId' | 'method' | 'operation' | 'amountYen' | 'carrier' | 'createdAt'>;

export const nothing: State = { order: null, steps: new Map() };

const time = '2000-01-01T00:00:00.000Z';
const dayMs = 86_400_000;
export const jstDay = (at: number): string => new Date(at + 9 * 3_600_000).toISOString().slice(0, 10);
const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
const settleByOf = ({ createdAt }: Order): string => addDays(jstDay(Date.parse(createdAt)), 50);

const orderOf = (made: Made): Order => ({
  ...made,
  reference: null,
  test: false,
  conflicting: false,
  request: '',
  card: null,
  cvs: null,
  updatedAt: time,
  version: 0,
  callbacks: [],
  steps: [],
  keys: {},
  history: [],
  numbers: [],
  attentionSince: {},
});

const isSend = (step: Step): step is Send => step.kind === 'send';
const creations = (order: Order): Send[] =>
  order.steps.filter(isSend).filter(({ operation }) => operation === 'create');

const baseOf = (order: Order) => ({
  number: order.steps.length + 1,
  at: time,
  seen: [
    ...order.callbacks.map(idOf),
    ...order.steps.filter(isSend).flatMap(({ number, answer }) => (answer ? [`answer ${number} ${answer.kind}`] : [])),
  ],
});

const sendOf = (
  order: Order,
  operation: Send['operation'],
  orderNumber: string | null,
  settlement: SettlementRequest | null,
): Send => ({
  kind: 'send',
  ...baseOf(order),
  operation,
  orderNumber,
  settlement,
  claim: null,
  attempts: 1,
  triedAt: null,
  lost: false,
  answer: null,
});

const withStep = (state: State, order: Order, step: Step): State => ({
  ...state,
  order: { ...order, steps: [...order.steps, step] },
});

const changed = (state: State, order: Order, step: Send): State => ({
  ...state,
  order: { ...order, steps: order.steps.map(each => (each.number === step.number ? step : each)) },
});

const begunBy = (state: State, run: number, step: number): State => ({
  ...state,
  steps: new Map([...state.steps, [run, step]]),
});

// ---- each of these answers the states that may follow; none: it cannot happen now

/** A carrier order: nothing is sent. */
export const open =
  (made: Made) =>
  (state: State): State[] =>
    state.order ? [] : [{ ...state, order: orderOf(made) }];

/** A creating send: the first, or after provably nothing happened. `at`: when its invocation began. */
export const create =
  (made: Made, run: number, at = 0) =>
  (before: State): State[] => {
    // An enrolment whose claim is stale is given up by the call that makes the next.
    const isEnrolling = before.order && creations(before.order).at(-1)?.authentication?.stage === 'enrol';
    const [state = before] = isEnrolling ? giveUp(before, at) : [];
    if (state.order && creations(state.order).at(-1)?.answer?.kind !== 'not_processed') return [];
    if (state.order && readingOf(state.order).status !== 'not_processed') return [];
    const order = state.order ?? orderOf(made);
    const plain = { ...sendOf(order, 'create', null, null), at: new Date(at).toISOString() };
    const authentication = { stage: 'enrol', session: null, result: null } as const;
    const step = isAuthenticated(made) ? { ...plain, authentication } : plain;
    return [begunBy(withStep(state, order, step), run, step.number)];
  };

/** The payer has so long from before the enrolment was sent; two clocks may each be two minutes off. */
const sessionMs = 58 * 60_000;
const clocksMs = 240_000;

/** Due work, a reader or an operator finds a creating send whose invocation must be dead, or whose payer did not come back. */
export function giveUp(state: State, at: number): State[] {
  const { order } = state;
  const step = order && openSend(order);
  if (!order || step?.operation !== 'create') return [];
  const stage = step.authentication?.stage;
  if (stage === 'wait' && at < Date.parse(step.at) + sessionMs - clocksMs) return [];
  const nothing = { at: time, failure: noFailure, orderNumber: null };
  if (stage === 'wait') return [changed(state, order, { ...step, answer: { ...nothing, kind: 'expired' } })];
  if (stage === 'enrol') return [changed(state, order, { ...step, answer: { ...nothing, kind: 'not_processed' } })];
  return [changed(state, order, { ...step, answer: { at: time, kind: 'unknown' } })];
}

export const heardOfCreation =
  (run: number, meanings: readonly Meaning[]) =>
  (state: State): State[] => {
    const { order } = state;
    const step = order?.steps.filter(isSend).find(({ number }) => number === state.steps.get(run));
    if (!order || !step) return [];
    if (step.answer && step.answer.kind !== 'unknown') return [state];
    return meanings.flatMap(meaning => {
      const answer = creationAnswer(meaning);
      if (answer.kind === step.answer?.kind) return [state];
      return [changed(state, order, { ...step, answer })];
    });
  };

const noFailure = { reason: 'refused', code: null, parameter: null, message: '', payerMessage: null } as const;

function creationAnswer(meaning: Meaning): Answer {
  switch (meaning.kind) {
    case 'done':
      return {
        at: time,
        kind: 'done',
        orderNumber: meaning.orderNumber,
        bookedOn: null,
        elsewhere: false,
        testsAccepted: false,
        cvs: { paymentNumbers: [], payBy: meaning.day, redirectUrl: null },
      };
    case 'refused':
      return { at: time, kind: 'refused', failure: noFailure, orderNumber: meaning.orderNumber };
    case 'not_processed':
    case 'expired':
      return { at: time, kind: meaning.kind, failure: noFailure, orderNumber: null };
    case 'enrolled':
    case 'authenticated':
    case 'outside':
    case 'unknown':
    case 'already':
    case 'cancelled':
    case 'under_way':
      return { at: time, kind: 'unknown' };
  }
}

/** What a call, or a booking of ours, asks for. Null: due work. */
export interface Asked {
  amountYen: number | null;
  on: string | null;
  by: 'schedule' | 'gateway';
}

export interface Sending {
  run: number;
  operation: Exclude<Operation, 'create' | 'deletion' | ThreeD>;
  /** On the wire; undefined: it was not seen to be sent. */
  orderNumber: string | null | undefined;
  amountYen: number | null;
  day: string | null;
  asked: Asked | null;
  /** When the request left. */
  at: number;
  isDueWork: boolean;
}

const allowed: Record<Sending['operation'], readonly string[]> = {
  cancel: ['paid'],
  settle: ['authorized'],
  withdraw: ['settle_scheduled'],
  return: ['authorized', 'settle_scheduled', 'paid'],
};

export const statusOf = (order: Order, number: string | null): string | undefined => {
  const { orderNumber, status, others } = readingOf(order);
  return orderNumber === number ? status : others.find(each => each.number === number)?.status;
};

/** Claims an operation: a new one where its payment allows it, or a repeat of the one that is open. */
export const begin =
  (sending: Sending) =>
  (state: State): State[] => {
    const { order } = state;
    if (!order) return [];
    const { operation, run } = sending;
    const out = openSend(order);
    if (out) {
      if (out.operation !== operation || !isRepeat(order, out, sending)) return [];
      return [begunBy(changed(state, order, { ...out, lost: true }), run, out.number)];
    }
    const number = sending.orderNumber === undefined ? readingOf(order).orderNumber : sending.orderNumber;
    const booking = sending.isDueWork && operation === 'settle' ? bookingOf(order, number) : null;
    const status = statusOf(order, number) ?? '';
    const isAllowed = booking
      ? status === 'settle_scheduled'
      : !sending.isDueWork && allowed[operation].includes(status);
    const asked = booking?.settlement ?? sending.asked;
    if (number === null || !isAllowed || (sending.orderNumber && !isAsAsked(order, sending, asked))) return [];
    const on = sending.day ?? asked?.on ?? jstDay(sending.at);
    const by = asked?.by ?? 'schedule';
    const settlement =
      operation === 'settle' ? { on, amountYen: sending.amountYen ?? asked?.amountYen ?? null, by } : null;
    const step = sendOf(order, operation, number, settlement);
    return [begunBy(withStep(state, order, step), run, step.number)];
  };

const first = ({ operation, amountYen }: Order): number | null => (operation === 'external' ? null : amountYen);

/** A repeated settlement carries the booked day, or today once that is past, and the amount first asked for (1.6). */
function isRepeat(order: Order, { orderNumber, settlement }: Send, sending: Sending): boolean {
  if (sending.orderNumber === undefined) return true;
  // The first one may have carried a number that was cut off.
  if (orderNumber !== null && !sending.orderNumber?.startsWith(orderNumber)) return false;
  return sending.operation !== 'settle' || isAsAsked(order, sending, settlement);
}

function isAsAsked(order: Order, sending: Sending, asked: Asked | null): boolean {
  if (sending.operation !== 'settle') return true;
  const [now, amount] = [jstDay(sending.at), sending.amountYen ?? first(order)];
  const isSameDay = !asked?.on || sending.day === (asked.on > now ? asked.on : now);
  return isSameDay && amount === (asked?.amountYen ?? first(order));
}

/** The newest booking of our own schedule that stands. */
const bookingOf = (order: Order, number: string | null) =>
  order.steps.filter(step => step.kind === 'booking').findLast(step => step.orderNumber === number);

export const heardOfOperation =
  (sending: Sending, meanings: readonly Meaning[], heardOn: readonly string[]) =>
  (state: State): State[] => {
    const { order } = state;
    const step = order?.steps.filter(isSend).find(({ number }) => number === state.steps.get(sending.run));
    if (!order || !step) return [];
    if (step.answer) return [state];
    // By a clock that is two minutes off it may be the day before or after.
    const days = [...new Set([-clocksMs / 2, clocksMs / 2].map(off => jstDay(sending.at + off)))];
    const readings = meanings.flatMap(meaning => days.map(today => ({ meaning, today })));
    return readings.flatMap(({ meaning, today }) => {
      const answer = operationAnswer(step, { ...sending, today }, meaning);
      if (!answer) return step.lost ? [state] : [changed(state, order, { ...step, lost: true })];
      const next = changed(state, order, { ...step, answer });
      if (!sending.isDueWork || sending.operation !== 'settle' || answer.kind !== 'refused') return [next];
      return heardOn.map(day => withNote(next, 'settlement_due', step.orderNumber, day));
    });
  };

/** Null: it stays open. After a lost response only a success or a code that tells the truth closes it. */
function operationAnswer(
  step: Send,
  { operation, day, today }: Sending & { today: string },
  meaning: Meaning,
): Answer | null {
  const done = {
    at: time,
    kind: 'done',
    orderNumber: null,
    bookedOn: null,
    elsewhere: false,
    testsAccepted: false,
    cvs: null,
  } as const;
  switch (meaning.kind) {
    case 'done': {
      const on = meaning.day ?? day;
      return { ...done, bookedOn: operation === 'settle' && on !== null && on > today ? on : null };
    }
    case 'already':
      return { ...done, elsewhere: operation === 'settle' && !step.lost };
    case 'cancelled':
      return { at: time, kind: 'cancelled' };
    case 'refused':
    case 'not_processed':
      return step.lost ? null : { at: time, kind: meaning.kind, failure: noFailure, orderNumber: null };
    case 'under_way':
    case 'unknown':
    case 'enrolled':
    case 'authenticated':
    case 'outside':
    case 'expired':
      return null;
  }
}

function withNote(state: State, kind: 'settlement_due' | 'booking_ended', orderNumber: string | null, day: string) {
  const { order } = state;
  if (!order) return state;
  return withStep(state, order, { kind, ...baseOf(order), seen: [], orderNumber, day, code: null });
}

export const callback =
  (made: Made | null, heard: Callback) =>
  (state: State): State[] => {
    const order = state.order ?? (made && orderOf(made));
    if (!order) return [];
    if (order.callbacks.some(each => idOf(each) === idOf(heard))) return [state];
    return [{ ...state, order: { ...order, callbacks: [...order.callbacks, heard] } }];
  };

/** A settlement in our own schedule. */
export const book =
  (asked: Asked & { on: string }, number: string | null) =>
  (state: State): State[] => {
    const { order } = state;
    const orderNumber = number ?? (order && readingOf(order).orderNumber);
    if (!order || openSend(order) || !orderNumber || statusOf(order, orderNumber) !== 'authorized') return [];
    const settlement = { on: asked.on, amountYen: asked.amountYen, by: 'schedule' as const };
    return [withStep(state, order, { kind: 'booking', ...baseOf(order), orderNumber, settlement })];
  };

/** Withdraws a booking of our own schedule. */
export function withdrawOwn(state: State): State[] {
  const { order } = state;
  if (!order || openSend(order)) return [];
  const { orderNumber, status } = readingOf(order);
  if (status !== 'settle_scheduled' || !bookingOf(order, orderNumber)) return [];
  const done = {
    at: time,
    kind: 'done',
    orderNumber: null,
    bookedOn: null,
    elsewhere: false,
    testsAccepted: false,
    cvs: null,
  } as const;
  return [withStep(state, order, { ...sendOf(order, 'withdraw', orderNumber, null), answer: done })];
}

export interface Resolution {
  outcome: DecisionOutcome | 'acknowledged';
  orderNumber: string | null;
  amountYen: number | null;
  reasons: AttentionReason[] | null;
}

export const resolve =
  ({ outcome, reasons, ...decision }: Resolution) =>
  (state: State, at: number): State[] => {
    const [given = state] = giveUp(state, at);
    const { order } = given;
    if (!order) return [];
    const { attention, orderNumber } = readingOf(order);
    if (outcome === 'acknowledged') {
      const standing: AttentionReason[] = attention.filter(reason => reason !== 'outcome_unknown');
      if (standing.length === 0 || reasons?.some(reason => !standing.includes(reason))) return [];
      return [withStep(state, order, { kind: 'acknowledgement', ...baseOf(order), reasons: reasons ?? standing })];
    }
    if (!mayDecide(order, outcome, at)) return [];
    const step: Decision = {
      kind: 'decision',
      ...baseOf(order),
      outcome,
      orderNumber: decision.orderNumber ?? orderNumber,
      amountYen: decision.amountYen,
    };
    return [withStep(given, order, step)];
  };

const refunded = ['cancel_failed', 'money_after_cancel', 'duplicate_payment'];

/** Contract 1.7, `POST /orders/{orderId}/resolution`. */
function mayDecide(order: Order, outcome: DecisionOutcome, at: number): boolean {
  const { status, attention, orderNumber } = readingOf(order);
  if (['unknown', 'settling', 'cancelling', 'awaiting_customer', 'received'].includes(status)) return true;
  if (openSend(order)?.operation === 'withdraw') return true;
  if (status === 'settle_scheduled' && bookedOn(order, orderNumber) !== null) return true;
  if (status === 'authorized' && jstDay(at) > settleByOf(order)) return true;
  return outcome === 'cancelled' && attention.some(reason => refunded.includes(reason));
}

/** The day of a booking at the gateway, unless one of ours came later. */
function bookedOn(order: Order, number: string | null): string | null {
  const newest = order.steps.findLast(
    step =>
      (step.kind === 'booking' && step.orderNumber === number) ||
      (isSend(step) && step.orderNumber === number && step.answer?.kind === 'done' && step.answer.bookedOn !== null),
  );
  return newest?.kind === 'send' && newest.answer?.kind === 'done' ? newest.answer.bookedOn : null;
}

const warningDays = 5;

/** What due work may write down by itself at that time. */
export function noteByDueWork(state: State, at: number): State[] {
  const { order } = state;
  if (order?.method !== 'carrier') return [];
  const { status, orderNumber, others } = readingOf(order);
  const today = jstDay(at);
  const settleBy = settleByOf(order);
  return [{ number: orderNumber, status }, ...others].flatMap(({ number, status }) => {
    const booked = bookedOn(order, number);
    const isAtGateway = status === 'settle_scheduled' && booked !== null;
    const notes: State[] = [];
    const note = (day: string) => {
      const isNoted = order.steps.some(
        step => step.kind === 'settlement_due' && step.day === day && step.orderNumber === number,
      );
      if (!isNoted) notes.push(withNote(state, 'settlement_due', number, day));
    };
    if (isAtGateway && today > booked) note(booked);
    if ((status === 'authorized' || isAtGateway) && today >= addDays(settleBy, -warningDays)) note(settleBy);
    if (status === 'settle_scheduled' && !isAtGateway && today > settleBy)
      notes.push(withNote(state, 'booking_ended', number, settleBy));
    return notes;
  });
}
