/** When due work must look at an order, from the order alone. */
import { addDays, dayOf, startOfDay } from './days.ts';
import { settleByOf } from './details.ts';
import { type Booking, claimSeconds, isSend, type Order, type Send } from './order.ts';
import type { Payment } from './payment.ts';
import type { Summary } from './summarize.ts';

/** Pauses between repeats of a send: 5 minutes, then twice as long each time, up to 6 hours. */
export const pauseSeconds = (attempts: number): number => Math.min(300 * 2 ** Math.max(0, attempts - 1), 6 * 3600);

/** How long before `settleBy` attention is raised for an order that is not settled. */
const noticeDays = 5;

const after = (at: string, seconds: number): string => new Date(Date.parse(at) + seconds * 1000).toISOString();

export function dueAtOf(
  order: Order,
  { open, shown }: Pick<Summary, 'open' | 'shown'>,
  payments: readonly Payment[],
): string | null {
  if (open) return openDueAt(open);
  const dues = payments.flatMap(payment => bookingDueAt(order, payment) ?? []);
  // Our own schedule settles its bookings, or raises attention with the gateway's code on their day.
  const isOurs = shown.booking?.by === 'schedule';
  const mayLapse = shown.status === 'authorized' || (shown.status === 'settle_scheduled' && !isOurs);
  const settleBy = settleByOf(order);
  if (mayLapse && !isNoted(order, shown.number, settleBy))
    dues.push(startOfDay(addDays(settleBy, -noticeDays)).toISOString());
  return dues.sort()[0] ?? null;
}

/** A creating send is never repeated: due work only writes down that its claim is stale. */
function openDueAt({ claim, at, attempts, triedAt }: Send): string | null {
  return claim ? after(claim.at, claimSeconds) : after(triedAt ?? at, pauseSeconds(attempts));
}

/** Ours: its day, or the next try. At the gateway: the day after, if no callback came. */
export function bookingDueAt(order: Order, { booking, status, number }: Payment): string | null {
  if (!booking || status !== 'settle_scheduled') return null;
  const { on } = booking.request;
  if (booking.by === 'gateway') {
    return isNoted(order, number, on) ? null : startOfDay(addDays(on, 1)).toISOString();
  }
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
  if (answer?.kind === 'not_processed') return after(answer.at, pauseSeconds(tried?.attempts ?? 1));
  return startOfDay(on).toISOString();
}

/** Whether the send was to settle what is booked. */
export const isTryOf = (booked: Booking | Send, { operation, number, orderNumber }: Send): boolean =>
  operation === 'settle' && number > booked.number && orderNumber === booked.orderNumber;

export const isNoted = (order: Order, number: string | null, day: string): boolean =>
  order.steps.some(
    step => step.kind === 'settlement_due' && step.day === day && (step.orderNumber === number || number === null),
  );
