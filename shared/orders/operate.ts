/**
 * Operations on a payment of an existing order: cancel, settle, withdraw, return. Claimed, sent and recorded as a charge
 * is (engine.ts); after a lost answer repeated, because the gateway refuses to do them twice.
 */
import { wholeNumber } from '../domain/facts.ts';
import { isFresh, isSend, type Order, type Send, type SettlementRequest } from '../domain/order.ts';
import type { Failure, Outcome } from '../domain/outcome.ts';
import type { Payment } from '../domain/payment.ts';
import type { Caller } from '../domain/revise.ts';
import { beginSend, type Done } from '../domain/sends.ts';
import { summarize } from '../domain/summarize.ts';
import type { Method, SendOperation, Status } from '../domain/words.ts';
import { type OrderDeps, record } from './engine.ts';
import { asClaimed } from './write.ts';

/** What is wrong with a request in the light of its order; `field` in the body. */
export interface Fault {
  field: string;
  code: 'invalid' | 'required' | 'too_late_today';
  message: string;
}

/** An operation on a payment of an existing order, which the gateway refuses to do twice. */
export interface Operation {
  name: Exclude<SendOperation, 'create'>;
  method: Method;
  /** Statuses of the payment in which it is allowed. */
  from: readonly Status[];
  /** Another payment of the order than the one shown. */
  orderNumber?: string | null;
  /** What a settlement asks for. */
  settlement?: SettlementRequest | null;
  /** Whether the open send asks for the same; absent: it always does. */
  asksFor?(open: Send, order: Order): boolean;
  /** Faults that only the order shows. */
  faults?(order: Order, payment: Payment): Fault[];
  /** Why this payment does not allow it, beyond its status. */
  isBarred?(order: Order, payment: Payment): boolean;
  /** What our own schedule can do without asking the gateway; null: it is sent. */
  local?(order: Order, payment: Payment, caller: Caller): Order | null;
  send(step: Send, orderNumber: string, order: Order): Promise<Outcome<Done>>;
}

export type Operated =
  | { kind: 'done'; order: Order; replayed: boolean }
  | { kind: 'refused'; order: Order; failure: Failure }
  /** `open`: the outcome is not known; it is repeated until it is. */
  | { kind: 'not_processed' | 'open' | 'wrong_status'; order: Order }
  | { kind: 'invalid'; faults: Fault[] }
  | { kind: 'in_progress' | 'key_reused' | 'not_found' };

/** Does an operation for a caller, at most once at a time. */
export async function operate(
  deps: OrderDeps,
  orderId: string,
  caller: Caller,
  operation: Operation,
): Promise<Operated> {
  let order = await deps.store.find(orderId);
  for (;;) {
    if (order?.method !== operation.method) return { kind: 'not_found' };
    const verdict = judge(order, caller, operation, deps.now());
    if (verdict.kind !== 'allowed') return verdict;
    const { payment } = verdict;
    const changed: Order | null = payment ? (operation.local?.(order, payment, caller) ?? null) : null;
    if (changed) {
      const written = await deps.store.replace(changed);
      if (written.stored) return { kind: 'done', order: written.stored, replayed: false };
      order = written.existing;
      continue;
    }
    const sent = await claimAndSend(deps, order, payment?.number ?? null, caller, operation);
    if (sent.kind !== 'overtaken') return sent;
    order = sent.order;
  }
}

/** For our own schedule: repeats what is open, else begins. Null: another invocation is at it. */
export async function operateBySchedule(
  deps: OrderDeps,
  order: Order,
  operation: Pick<Operation, 'name' | 'send' | 'orderNumber' | 'settlement'>,
): Promise<Operated | null> {
  const { open } = summarize(order);
  if (isFresh(open?.claim ?? null, deps.now())) return null;
  const sent = await claimAndSend(deps, order, operation.orderNumber ?? null, null, operation);
  return sent.kind === 'overtaken' ? null : sent;
}

async function claimAndSend(
  deps: OrderDeps,
  order: Order,
  orderNumber: string | null,
  caller: Caller | null,
  { send, name, settlement = null }: Pick<Operation, 'name' | 'send' | 'settlement'>,
): Promise<Operated | { kind: 'overtaken'; order: Order | null }> {
  const begun = { operation: name, orderNumber, settlement };
  const claimed = beginSend(order, begun, caller, deps.now());
  const written = asClaimed(claimed, await deps.store.replace(claimed));
  if (!written.stored) return { kind: 'overtaken', order: written.existing };
  const step = summarize(written.stored).open;
  if (step?.operation !== name) throw new Error(`Order ${order.orderId} has no open ${name}.`);
  const outcome = await send(step, wholeNumber(order, step.orderNumber) ?? '', written.stored);
  const recorded = await record(deps, written.stored, { ...deps, step, bySchedule: caller === null }, outcome);
  return operatedOf(recorded, step, outcome);
}

/** Contract 1.1: key reuse, then what is open, then the rules, then status. `payment` null: what is open is repeated. */
function judge(
  order: Order,
  caller: Caller,
  operation: Operation,
  now: Date,
): Operated | { kind: 'allowed'; payment: Payment | null } {
  const used = order.keys[caller.key];
  if (used && used.request !== caller.request) return { kind: 'key_reused' };
  const { open, shown, others } = summarize(order);
  const replay = { kind: 'done', order, replayed: true } as const;
  if (used && fateOf(order, used.step) === 'done') return replay;
  if (open) {
    const isSame =
      open.operation === operation.name && (used?.step === open.number || (operation.asksFor?.(open, order) ?? true));
    if (!isSame) return { kind: 'wrong_status', order };
    return isFresh(open.claim, now) ? { kind: 'in_progress' } : { kind: 'allowed', payment: null };
  }
  const payment = [shown, ...others].find(({ number }) => number === (operation.orderNumber ?? shown.number));
  if (!payment) return { kind: 'invalid', faults: [noSuchPayment] };
  const isAllowed =
    operation.from.includes(payment.status) && payment.number !== null && !operation.isBarred?.(order, payment);
  // What a lost answer left open may have been decided by a callback or by due work since.
  if (used && !isAllowed) return replay;
  const faults = operation.faults?.(order, payment) ?? [];
  if (faults.length > 0) return { kind: 'invalid', faults };
  if (isAllowed) return { kind: 'allowed', payment };
  const isDone = payment.status === 'cancelled' && targets[operation.name] === 'cancelled';
  return isDone ? { kind: 'done', order, replayed: false } : { kind: 'wrong_status', order };
}

const noSuchPayment: Fault = {
  field: 'gatewayOrderNumber',
  code: 'invalid',
  message: 'is none of the gateway order numbers of this order',
};

/** The status of a payment for which the operation took effect. */
const targets: Record<Operation['name'], Status> = {
  cancel: 'cancelled',
  return: 'cancelled',
  settle: 'paid',
  withdraw: 'authorized',
};

/** The outcome of a step: done (or decided otherwise), open, or without effect, so that it may be begun again. */
function fateOf(order: Order, number: number): 'done' | 'open' | 'without_effect' {
  const step = order.steps.find(each => each.number === number);
  if (!step) return 'without_effect';
  if (summarize(order).open?.number === number) return 'open';
  const isWithoutEffect = isSend(step) && (step.answer?.kind === 'refused' || step.answer?.kind === 'not_processed');
  return isWithoutEffect ? 'without_effect' : 'done';
}

/** What the order came to, whatever the answer was: a callback may have said more. */
function operatedOf(order: Order, { number, operation, orderNumber }: Send, outcome: Outcome): Operated {
  const { open, shown, others } = summarize(order);
  const done = { kind: 'done', order, replayed: false } as const;
  const whole = wholeNumber(order, orderNumber);
  const payment = [shown, ...others].find(each => each.number === whole) ?? shown;
  if (open?.number === number) return { kind: 'open', order };
  if (outcome.kind === 'done' || payment.status === targets[operation as Operation['name']]) return done;
  if (outcome.kind === 'refused') return { kind: 'refused', order, failure: outcome.failure };
  if (outcome.kind === 'not_processed') return { kind: 'not_processed', order };
  const message = `A callback said otherwise: the payment is ${payment.status}.`;
  const code = payment.facts.find(({ callback }) => callback)?.callback?.status ?? null;
  return { kind: 'refused', order, failure: { reason: 'refused', code, parameter: null, message, payerMessage: null } };
}
