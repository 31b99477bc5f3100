/** When due work must look at an order, from the order alone. */
import { addDays, dayOf, secondsAfter, startOfDay } from './days.ts';
import { settleByOf } from './details.ts';
import { type Booking, claimSeconds, isSend, type Order, type Send } from './order.ts';
import type { Payment } from './payment.ts';
import { lapsesAt } from './stages.ts';
import type { Summary } from './summarize.ts';

/** Pauses between repeats of a send: 5 minutes, then twice as long each time, up to 6 hours. */
export const pauseSeconds = (attempts: number): number => Math.min(300 * 2 ** Math.max(0, attempts - 1), 6 * 3600);

/** How long before `settleBy` attention is raised for an order that is not settled. */
const warningDays = 5;

export function dueAtOf(order: Order, { open }: Pick<Summary, 'open'>, payments: readonly Payment[]): string | null {
  const notes = payments.flatMap(payment => notesDue(order, payment).map(({ at }) => at));
  // While a send is open no other may begin; what needs attention is noted all the same.
  const sends = open ? [openDueAt(open)] : payments.flatMap(payment => bookingDueAt(order, payment) ?? []);
  return [...notes, ...sends].sort()[0] ?? null;
}

/** Days for which `settlement_due` is to be noted: a booking at the gateway that is past, and a last day that comes near. */
export function notesDue(order: Order, { booking, status, number }: Payment): { day: string; at: string }[] {
  const notes: { day: string; at: string }[] = [];
  const isBooked = status === 'settle_scheduled';
  if (isBooked && booking?.by === 'gateway') {
    const { on } = booking.request;
    notes.push({ day: on, at: startOfDay(addDays(on, 1)).toISOString() });
  }
  // Our own schedule settles its bookings, or raises attention with the gateway's code on their day.
  if (status === 'authorized' || (isBooked && booking?.by === 'gateway')) {
    const day = settleByOf(order);
    notes.push({ day, at: startOfDay(addDays(day, -warningDays)).toISOString() });
  }
  return notes.filter(({ day }) => !isNoted(order, number, day));
}

/** A creating send is never repeated: due work only writes down that its claim is stale, or the payer's time over. */
function openDueAt(open: Send): string {
  if (open.operation === 'create') return lapsesAt(open);
  const { claim, at, attempts, triedAt } = open;
  return claim ? secondsAfter(claim.at, claimSeconds) : secondsAfter(triedAt ?? at, pauseSeconds(attempts));
}

/** Of a booking in our own schedule: its day, the next try, or its end. */
export function bookingDueAt(order: Order, { booking, status }: Payment): string | null {
  if (booking?.by !== 'schedule' || status !== 'settle_scheduled') return null;
  const { on } = booking.request;
  const last = settleByOf(order);
  const next = nextTry(order, booking.step, on);
  const ends = startOfDay(addDays(last, 1)).toISOString();
  return next < ends ? next : ends;
}

/** The next JST day after a refusal; the next pause after a try that was not processed. */
function nextTry(order: Order, booked: Booking | Send, on: string): string {
  const tried = order.steps.filter(isSend).findLast(step => isTryOf(booked, step));
  const answer = tried?.answer;
  if (answer?.kind === 'refused') return startOfDay(addDays(dayOf(new Date(answer.at)), 1)).toISOString();
  if (answer?.kind === 'not_processed') return secondsAfter(answer.at, pauseSeconds(tried?.attempts ?? 1));
  return startOfDay(on).toISOString();
}

/** Whether the send was to settle what is booked. */
export const isTryOf = (booked: Booking | Send, { operation, number, orderNumber }: Send): boolean =>
  operation === 'settle' && number > booked.number && orderNumber === booked.orderNumber;

const isNoted = (order: Order, number: string | null, day: string): boolean =>
  order.steps.some(
    step => step.kind === 'settlement_due' && step.day === day && (step.orderNumber === number || number === null),
  );
