import { book } from '../domain/changes.ts';
import { addDays, dayOf, startOfDay } from '../domain/days.ts';
import { settleByOf } from '../domain/details.ts';
import { wholeNumber } from '../domain/facts.ts';
import type { Masked } from '../domain/masked.ts';
import type { Order, Send as SendStep, SettlementRequest } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';
import type { Caller } from '../domain/revise.ts';
import { summarize } from '../domain/summarize.ts';
import { carrierSettle as sendSettle } from '../zeus/operations/carrier-settle.ts';
import type { Send } from '../zeus/wire/transport.ts';
import type { OrderDeps } from './engine.ts';
import { type Fault, type Operated, type Operation, operate, operateBySchedule } from './operate.ts';

export interface CarrierDeps extends OrderDeps {
  send: Send;
  ipCode: string;
  zkey: Masked;
}

export interface SettleRequest {
  /** Null: the first amount. */
  amountYen: number | null;
  /** JST day; null: as soon as the gateway takes it. */
  on: string | null;
  by: 'schedule' | 'gateway';
  /** Null: the payment shown. */
  orderNumber: string | null;
}

/** From 23:55:00 JST the gateway refuses the present day (manual 001, settlement, notes). */
const isTooLateToday = (at: Date): boolean => at.getTime() >= startOfDay(addDays(dayOf(at), 1)).getTime() - 5 * 60_000;

/** Settles now, or books the settlement for a day: in our schedule, or at the gateway. */
export function carrierSettle(
  deps: CarrierDeps,
  orderId: string,
  caller: Caller,
  { amountYen, on, by, orderNumber }: SettleRequest,
): Promise<Operated> {
  const now = deps.now();
  const today = dayOf(now);
  const settlement = { on: on ?? (isTooLateToday(now) ? addDays(today, 1) : today), amountYen, by };
  const isForSchedule = by === 'schedule' && settlement.on > today;
  return operate(deps, orderId, caller, {
    ...settleOperation(deps),
    from: ['authorized'],
    orderNumber,
    settlement,
    asksFor: (open, order) => isSameSettlement(order, open, settlement, orderNumber, today),
    faults: order => settleFaults(order, settlement, now),
    local: (order, { number }, by) => (isForSchedule ? book(order, number, settlement, by, deps.now()) : null),
  });
}

/** Whether what is out is the settlement asked for; one that is booked for a day that is past goes out today. */
function isSameSettlement(
  order: Order,
  { settlement: out, orderNumber }: SendStep,
  asked: SettlementRequest,
  number: string | null,
  today: string,
): boolean {
  if (!out || (number !== null && wholeNumber(order, orderNumber) !== number)) return false;
  const day = out.on > today ? out.on : today;
  const isSameDay = [day, out.on].includes(asked.on) && (day === today || asked.by === 'gateway');
  const { amountYen } = summarize(order);
  return isSameDay && (out.amountYen ?? amountYen) === (asked.amountYen ?? amountYen);
}

/** Amount rules by carrier, and the days between today and `settleBy`; today itself is the gateway's to judge. */
function settleFaults(order: Order, { amountYen, on }: SettlementRequest, now: Date): Fault[] {
  const { amountYen: first, carrier } = summarize(order);
  const faults: Fault[] = [];
  const fault = (field: string, message: string, code: Fault['code'] = 'invalid') =>
    faults.push({ field, code, message });
  if (amountYen !== null && carrier?.type === 'softbank' && amountYen !== first) {
    fault('amount', `must be ${first}: SoftBank settles the first amount only`);
  } else if (amountYen !== null && amountYen > first) {
    fault('amount', `must be at most ${first}, the first amount`);
  }
  const [today, settleBy] = [dayOf(now), settleByOf(order)];
  if (on < today) fault('on', 'must not be past');
  else if (on === today && isTooLateToday(now))
    fault('on', 'is too late: from 23:55 JST the gateway settles from the next day on', 'too_late_today');
  else if (on > today && on > settleBy) fault('on', `must be at most ${settleBy}, the last day to settle`);
  return faults;
}

/** Sends the settlement that the step asks for; a day that is past is today. */
function settleOperation(deps: CarrierDeps): Pick<Operation, 'name' | 'method' | 'send'> {
  return {
    name: 'settle',
    method: 'carrier',
    async send({ settlement }, orderNumber) {
      const now = deps.now();
      const today = dayOf(now);
      const day = settlement && settlement.on > today ? settlement.on : today;
      if (day === today && isTooLateToday(now)) return tooLate;
      const { ipCode, zkey } = deps;
      const amountYen = settlement?.amountYen ?? null;
      const outcome = await sendSettle(deps.send, { ipCode, zkey, orderNumber, amountYen, day });
      return outcome.kind === 'done' ? { kind: 'done', bookedOn: outcome.day > today ? outcome.day : null } : outcome;
    },
  };
}

const tooLate = {
  kind: 'not_processed',
  reason: 'too_late',
  code: null,
  message: 'From 23:55 JST nothing is settled on the same day, so nothing was sent.',
} as const;

/** Due work: settles a payment of our schedule whose day has come. Null: not now, or another invocation is at it. */
export async function settleDue(
  deps: CarrierDeps,
  order: Order,
  { number, booking }: Payment,
): Promise<Operated | null> {
  if (!booking || isTooLateToday(deps.now())) return null;
  const begun = { orderNumber: number, settlement: booking.request };
  return operateBySchedule(deps, order, { ...settleOperation(deps), ...begun });
}

export async function repeatSettle(deps: CarrierDeps, order: Order): Promise<Operated | null> {
  return isTooLateToday(deps.now()) ? null : operateBySchedule(deps, order, settleOperation(deps));
}
