import { addDays, dayOf, startOfDay } from '../domain/days.ts';
import type { Masked } from '../domain/masked.ts';
import type { Order, Settlement } from '../domain/order.ts';
import type { Outcome } from '../domain/outcome.ts';
import { carrierSettle as sendSettle, carrierWithdraw as sendWithdraw } from '../zeus/operations/carrier-settle.ts';
import type { Send } from '../zeus/wire/transport.ts';
import {
  type ActDeps,
  type Acted,
  actOnOrder,
  answerUnclaimed,
  beginDue,
  type Caller,
  type Fault,
  type Operation,
  repeatPending,
} from './act-on-order.ts';
import { change } from './change.ts';
import { markDone, withKey } from './used-keys.ts';

export interface CarrierDeps extends ActDeps {
  send: Send;
  ipCode: string;
  zkey: Masked;
}

export interface SettleRequest {
  /** Null: the first amount. */
  amountYen: number | null;
  /** JST day; null: as soon as the gateway takes it. */
  on: string | null;
  by: Settlement['by'];
}

/** From 23:55:00 JST the gateway refuses the present day (manual 001, settlement, notes). */
export const isTooLateToday = (at: Date): boolean =>
  at.getTime() >= startOfDay(addDays(dayOf(at), 1)).getTime() - 5 * 60_000;

/** The first day that the gateway would settle on. */
const earliestDay = (at: Date): string => (isTooLateToday(at) ? addDays(dayOf(at), 1) : dayOf(at));

/** Settles now, or books the settlement for a day: in our schedule, or at the gateway. */
export async function carrierSettle(
  deps: CarrierDeps,
  orderId: string,
  caller: Caller,
  request: SettleRequest,
): Promise<Acted> {
  const now = deps.now();
  const on = request.on ?? earliestDay(now);
  const isForSchedule = request.by === 'schedule' && on > dayOf(now);
  const booking = { ...request, on };
  const isBarred = (order: Order) => (order.pending ? isOther(order, caller, request, dayOf(now)) : isForSchedule);
  const booked = isForSchedule ? await schedule(deps, orderId, caller, booking) : null;
  return booked ?? actOnOrder(deps, orderId, caller, { ...settleOperation(deps, booking), isBarred });
}

/** Whether the settlement that is out is another than the one asked for. The key that it went out with asks for no other. */
function isOther(order: Order, { key }: Caller, { amountYen, on, by }: SettleRequest, today: string): boolean {
  const out = order.carrier?.settlement;
  if (!out || order.pending?.key === key) return false;
  const day = out.on > today ? out.on : today;
  const isOtherDay = ![day, out.on].includes(on ?? today) || (day > today && by !== 'gateway');
  return isOtherDay || out.amountYen !== (amountYen ?? order.amountYen);
}

type Booking = SettleRequest & { on: string };

/** Books in our own schedule: nothing is sent before the day. Null: a settlement is out already. */
async function schedule(deps: CarrierDeps, orderId: string, caller: Caller, booking: Booking): Promise<Acted | null> {
  const rules = { name: 'settle', method: 'carrier', during: 'settling', check: check(deps, booking) } as const;
  let order = await deps.store.find(orderId);
  while (order?.method === 'carrier') {
    const now = deps.now();
    const answer = answerUnclaimed(order, caller, rules, now);
    if (answer) return answer;
    if (order.pending) return null;
    const carrier = order.carrier && { ...order.carrier, settlement: settlementOf(order, booking) };
    const keys = markDone(withKey(order.keys, caller, now), caller.key);
    const next = change(order, {
      at: now,
      source: 'api',
      event: 'schedule',
      to: 'settle_scheduled',
      fill: { carrier, keys },
    });
    const written = await deps.store.replace(next);
    if (written.stored) return { kind: 'done', order: written.stored, replayed: false };
    order = written.existing;
  }
  return { kind: 'not_found' };
}

const settlementOf = (order: Order, { on, amountYen, by }: Booking): Settlement => ({
  on,
  amountYen: amountYen ?? order.amountYen,
  by,
});

/** Amount rules by carrier, and the days between today and `settleBy`. */
function check(deps: CarrierDeps, { amountYen, on }: Booking): (order: Order) => Fault[] {
  return ({ amountYen: first, carrier }) => {
    const now = deps.now();
    const faults: Fault[] = [];
    const fault = (field: string, message: string, code: Fault['code'] = 'invalid') =>
      faults.push({ field, code, message });
    if (amountYen !== null && carrier?.type === 'softbank' && amountYen !== first) {
      fault('amount', `must be ${first}: SoftBank settles the first amount only`);
    } else if (amountYen !== null && amountYen > first) {
      fault('amount', `must be at most ${first}, the first amount`);
    }
    if (on < dayOf(now)) fault('on', 'must not be past');
    else if (on === dayOf(now) && isTooLateToday(now))
      fault('on', 'is too late: from 23:55 JST the gateway settles from the next day on', 'too_late_today');
    if (carrier?.settleBy && on > carrier.settleBy)
      fault('on', `must be at most ${carrier.settleBy}, the last day to settle`);
    return faults;
  };
}

/** `booking` null: the settlement that the order already holds, of our schedule or of a send whose answer was lost. */
function settleOperation(deps: CarrierDeps, booking: Booking | null): Operation<{ day: string; sentOn: string }> {
  return {
    name: 'settle',
    method: 'carrier',
    during: 'settling',
    ...(booking && { check: check(deps, booking) }),
    prepare: order =>
      booking ? { carrier: order.carrier && { ...order.carrier, settlement: settlementOf(order, booking) } } : {},
    async send(order): Promise<Outcome<{ day: string; sentOn: string }>> {
      const now = deps.now();
      const settlement = order.carrier?.settlement;
      const day = settlement && settlement.on > dayOf(now) ? settlement.on : dayOf(now);
      if (day === dayOf(now) && isTooLateToday(now)) return tooLate;
      const isFirstAmount = booking ? booking.amountYen === null : settlement?.amountYen === order.amountYen;
      const amountYen = isFirstAmount ? null : (settlement?.amountYen ?? null);
      const { ipCode, zkey } = deps;
      const outcome = await sendSettle(deps.send, {
        ipCode,
        zkey,
        orderNumber: order.orderNumber ?? '',
        amountYen,
        day,
      });
      return outcome.kind === 'done' ? { ...outcome, sentOn: dayOf(now) } : outcome;
    },
    done(order, { day, sentOn }) {
      const { carrier } = order;
      if (day <= sentOn || !carrier?.settlement) return {};
      return {
        event: 'settle_booked',
        fill: { carrier: { ...carrier, settlement: { ...carrier.settlement, on: day, by: 'gateway' } } },
      };
    },
  };
}

const tooLate = {
  kind: 'not_processed',
  reason: 'connection_failed',
  code: null,
  message: 'From 23:55 JST nothing is settled on the same day, so nothing was sent.',
} as const;

/** Due work: settles an order of our schedule whose day has come. Null: not now, or somebody else is at it. */
export async function settleDue(deps: CarrierDeps, order: Order): Promise<Acted | null> {
  if (isTooLateToday(deps.now())) return null;
  return beginDue(deps, order, settleOperation(deps, null));
}

export async function repeatSettle(deps: CarrierDeps, order: Order): Promise<Acted | null> {
  if (isTooLateToday(deps.now())) return null;
  return repeatPending(deps, order, settleOperation(deps, null));
}

/** Withdraws a booking, until the day before; one of our schedule without asking the gateway. */
export async function carrierWithdraw(deps: CarrierDeps, orderId: string, caller: Caller): Promise<Acted> {
  return actOnOrder(deps, orderId, caller, withdrawOperation(deps));
}

export const repeatWithdraw = (deps: CarrierDeps, order: Order): Promise<Acted | null> =>
  repeatPending(deps, order, withdrawOperation(deps));

function withdrawOperation(deps: CarrierDeps): Operation<object> {
  return {
    name: 'withdraw',
    method: 'carrier',
    during: 'settle_scheduled',
    isBarred: ({ carrier, pending }) =>
      !pending && (!carrier?.settlement || carrier.settlement.on <= dayOf(deps.now())),
    async send(order) {
      if (order.carrier?.settlement?.by === 'schedule') return { kind: 'done' };
      const { ipCode, zkey } = deps;
      return sendWithdraw(deps.send, { ipCode, zkey, orderNumber: order.orderNumber ?? '' });
    },
    done: ({ carrier }) => ({ fill: { carrier: carrier && { ...carrier, settlement: null } } }),
  };
}
