/** What is shown of the payment beside its status: the gateway's number and code, failure, card, settlement, numbers. */
import { addDays, dayOf } from './days.ts';
import type { Fact } from './facts.ts';
import { attemptOf } from './facts.ts';
import { isSend, type Order, type Send } from './order.ts';
import type { Failure } from './outcome.ts';
import type { Payment } from './payment.ts';
import { type ShownAuthentication, shownAuthentication } from './shown-authentication.ts';
import { lines, listed } from './tables.ts';
import { testRefused } from './test-payments.ts';
import type { Brand, Carrier, PaymentNumber, Store } from './words.ts';

export interface Settlement {
  on: string;
  amountYen: number;
  by: 'schedule' | 'gateway';
}

export interface Details {
  orderNumber: string | null;
  gatewayStatus: string | null;
  failure: Failure | null;
  card: {
    cardId: string | null;
    last4: string | null;
    brand: Brand | null;
    installments: string;
    authentication: ShownAuthentication | null;
  } | null;
  carrier: { type: Carrier | null; settlement: Settlement | null; settleBy: string | null } | null;
  cvs: {
    store: Store | null;
    paymentNumbers: PaymentNumber[];
    payBy: string | null;
    redirectUrl: string | null;
  } | null;
}

/** Days within which the gateway settles (manual 001, settlement, row 7), counted from the day the order was made. */
const settleDays = 50;

export const settleByOf = ({ createdAt }: Order): string => addDays(dayOf(new Date(createdAt)), settleDays);

export function detailsOf(
  order: Order,
  shown: Payment,
  open: readonly Send[],
  amountYen: number,
  whole: (number: string | null) => string | null,
): Details {
  return {
    orderNumber: shown.number,
    gatewayStatus: gatewayStatusOf(order, shown),
    failure: failureOf(order, shown),
    card: order.card && cardOf(order, order.card, shown, open),
    carrier: order.carrier && {
      type: order.carrier.type ?? first(shown, ({ carrier }) => carrier),
      settlement: settlementOf(order, shown, open, amountYen, whole),
      settleBy:
        order.callbacks.some(({ status }) => status === '03') || shown.settled === 'authorized'
          ? settleByOf(order)
          : null,
    },
    cvs: order.cvs && cvsOf(order.cvs, shown),
  };
}

/** The first value that a callback of the payment names, whatever the order in which they came. */
function first<T>(
  { heard }: Payment,
  read: (callback: NonNullable<Fact['callback']>) => T | null | undefined,
): T | null {
  const sorted = heard.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const { callback } of sorted) {
    const value = callback && read(callback);
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** The status of the callback that counts most; an answer stands for the callback of the same meaning. */
function gatewayStatusOf({ method }: Order, { heard }: Payment): string | null {
  const order = lines[method].flatMap(({ when }) => when);
  const ranked = heard.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  for (const { kind: judged, refusedTest, callback, step } of ranked) {
    const kind = refusedTest ?? judged;
    if (callback) return callback.status;
    const isAnswer = step?.kind === 'send' && step.operation === 'create';
    const same = Object.entries(listed[method]).find(([, each]) => each === (kind === 'refused' ? 'ng' : kind));
    if (isAnswer && same) return same[0];
  }
  return null;
}

const byOperator: Failure = {
  reason: 'operator',
  code: null,
  parameter: null,
  message: 'Declined by an operator.',
  payerMessage: null,
};

function failureOf(order: Order, { settled, facts }: Payment): Failure | null {
  const answer = attemptOf(order)?.answer;
  if (settled === 'not_processed' && answer?.kind === 'not_processed') return answer.failure;
  if (settled === 'expired' && answer?.kind === 'expired') return answer.failure;
  if (settled !== 'declined') return null;
  if (facts.some(({ step }) => step?.kind === 'decision' && step.outcome === 'declined')) return byOperator;
  if (answer?.kind === 'refused') return answer.failure;
  if (facts.some(({ refusedTest }) => refusedTest)) return testRefused;
  const told = facts.filter(({ callback }) => callback?.failure).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return told[0]?.callback?.failure ?? null;
}

function cardOf(
  order: Order,
  { cardId, installments }: NonNullable<Order['card']>,
  shown: Payment,
  open: readonly Send[],
): Details['card'] {
  const attempt = attemptOf(order);
  const answered = attempt?.answer?.kind === 'done' ? attempt.answer.authorised : null;
  const told = order.operation === 'external' ? first(shown, ({ card }) => card?.installments) : null;
  return {
    cardId,
    last4: first(shown, ({ card }) => card?.last4) ?? answered?.last4 ?? null,
    brand: first(shown, ({ card }) => card?.brand) ?? answered?.brand ?? null,
    installments: told || installments,
    authentication: attempt && shownAuthentication(attempt, open.includes(attempt)),
  };
}

/** The booking that stands, or the settlement that is out or took effect. */
function settlementOf(
  order: Order,
  { number, booking, status, settled, paid }: Payment,
  open: readonly Send[],
  amountYen: number,
  whole: (number: string | null) => string | null,
): Settlement | null {
  const settles = order.steps
    .filter(isSend)
    .filter(step => step.operation === 'settle' && whole(step.orderNumber) === number);
  const out = open.findLast(step => settles.includes(step));
  const done = settles.findLast(
    ({ answer }) => answer?.kind === 'done' && answer.bookedOn === null && !answer.elsewhere,
  );
  // A callback of its amount may have ended a send whose answer never came.
  const isOfAmount = ({ settlement }: Send) => (settlement?.amountYen ?? amountYen) === paid?.amountYen;
  const unanswered = settles.findLast(step => step.answer === null && isOfAmount(step));
  const ended = settled === 'cancelled' ? undefined : unanswered;
  const sent = out ?? done ?? (settled === 'settle_failed' ? settles.at(-1) : ended);
  const isBooked = booking && ['settle_scheduled', 'cancelling', 'settling'].includes(status);
  const request = out ? out.settlement : (sent?.settlement ?? (isBooked ? booking.request : null));
  const shown = request ?? null;
  return shown && { on: shown.on, amountYen: shown.amountYen ?? amountYen, by: shown.by };
}

function cvsOf(asked: NonNullable<Order['cvs']>, shown: Payment): Details['cvs'] {
  const answer = shown.heard.map(({ step }) => step).find(step => step?.kind === 'send');
  const answered = answer?.kind === 'send' && answer.answer?.kind === 'done' ? answer.answer.cvs : null;
  const told = first(shown, ({ cvs }) => (cvs && cvs.paymentNumbers.length > 0 ? cvs.paymentNumbers : null)) ?? [];
  const known = answered?.paymentNumbers ?? [];
  // An answer that was cut off is completed by the callback whose numbers go on from it.
  const goesOn = told.length > 0 && known.every(({ value }, i) => told[i]?.value.startsWith(value));
  return {
    store: first(shown, ({ cvs }) => cvs?.store) ?? asked.store,
    paymentNumbers: goesOn ? told : known,
    payBy: answered?.payBy ?? latestPayBy(shown),
    redirectUrl: answered?.redirectUrl ?? null,
  };
}

const latestPayBy = ({ heard }: Payment): string | null =>
  heard
    .flatMap(({ callback }) => callback?.cvs?.payBy ?? [])
    .sort()
    .at(-1) ?? null;
