import { randomUUID } from 'node:crypto';
import { addDays, dayOf, startOfDay } from '../domain/days.ts';
import {
  after,
  claimSeconds,
  entryOf,
  type HistoryEntry,
  isFresh,
  type Method,
  type Order,
  type Pending,
  type Status,
} from '../domain/order.ts';
import type { Outcome, Refused, Truth } from '../domain/outcome.ts';
import { change } from './change.ts';
import { persist } from './persist.ts';
import type { Clock, OrderStore } from './ports.ts';
import { effectOf, findRow } from './transitions.ts';
import { markDone, withKey } from './used-keys.ts';

export interface ActDeps extends Clock {
  store: OrderStore;
}

/** Whose call it is: digests of its key and of the request. */
export interface Caller {
  key: string;
  request: string;
}

/** What is wrong with a request in the light of its order; `field` in the body. */
export interface Fault {
  field: string;
  code: 'invalid' | 'too_late_today';
  message: string;
}

/** Our own schedule begins things without a key. */
const nobody: Caller = { key: '', request: '' };

/**
 * An operation on an existing order that the gateway refuses to do twice, and that may therefore be repeated:
 * cancel, return, settle, withdraw.
 */
export interface Operation<Done = object> {
  name: Pending['operation'];
  method: Method;
  /** The order's status while the word is out. */
  during: Status;
  /** Faults that only the order shows; checked before its status. */
  check?(order: Order): Fault[];
  /** Why this order's status does not allow it, beyond the transition table. */
  isBarred?(order: Order): boolean;
  /** What the claim changes besides the status. */
  prepare?(order: Order): Partial<Order>;
  send(order: Order): Promise<Outcome<Done>>;
  /** The event that a success is, where it is not `<name>_done`, and what it fills in. */
  done?(order: Order, outcome: Done): { event?: string; fill?: Partial<Order> };
}

export type Acted =
  | { kind: 'done'; order: Order; replayed: boolean }
  | { kind: 'refused'; order: Order; refusal: Refused }
  | { kind: 'not_taken' | 'no_word' | 'wrong_state'; order: Order }
  | { kind: 'invalid'; faults: Fault[] }
  | { kind: 'in_progress' | 'key_reused' | 'not_found' };

/**
 * Claims the order, sends, and stores the word; the same three steps as a charge, on an order that exists.
 *
 *   refused, or maintenance         the status before the first send is restored
 *   no answer                       stays as claimed with `outcome_unknown`, and is repeated until a word comes
 *   a callback in between           has the last word
 */
export async function actOnOrder<Done>(
  deps: ActDeps,
  orderId: string,
  caller: Caller,
  operation: Operation<Done>,
): Promise<Acted> {
  let order = await deps.store.find(orderId);
  for (;;) {
    if (order?.method !== operation.method) return { kind: 'not_found' };
    const answer = answerUnclaimed(order, caller, operation, deps.now());
    if (answer) return answer;
    const written = await deps.store.replace(claimed(order, caller, operation, 'api', deps.now()));
    if (written.stored) return sendAndRecord(deps, written.stored, operation);
    order = written.existing;
  }
}

/** As `actOnOrder`, in one request less where the order stands in `before` and the key is new to it. */
export async function actUnread<Done>(
  deps: ActDeps,
  orderId: string,
  caller: Caller,
  operation: Operation<Done> & { before: Status },
): Promise<Acted> {
  const { method, before, during, name } = operation;
  const now = deps.now();
  const claim = { id: randomUUID(), at: now.toISOString() };
  const written = await deps.store.claim({
    orderId,
    method,
    before,
    to: during,
    claim,
    pending: {
      operation: name,
      key: caller.key,
      before: { status: before, settlement: null, retryAt: null },
      lost: false,
    },
    request: caller.request,
    entry: entryOf('api', name, during, claim.at),
    dueAt: after(now, claimSeconds),
  });
  const isOurs = written.stored === null && written.existing?.claim?.id === claim.id;
  const order = written.stored ?? (isOurs ? written.existing : null);
  return order ? sendAndRecord(deps, order, operation) : actOnOrder(deps, orderId, caller, operation);
}

/** Begins what our own schedule has due. Null: somebody else is at it. */
export async function beginDue<Done>(deps: ActDeps, order: Order, operation: Operation<Done>): Promise<Acted | null> {
  const written = await deps.store.replace(claimed(order, nobody, operation, 'schedule', deps.now()));
  return written.stored ? sendAndRecord(deps, written.stored, operation) : null;
}

/** Repeats what a dead run or a lost answer left open. Null: somebody else is at it, or it is settled. */
export async function repeatPending<Done>(
  deps: ActDeps,
  order: Order,
  operation: Operation<Done>,
): Promise<Acted | null> {
  const now = deps.now();
  if (!order.pending || isFresh(order.claim, now)) return null;
  const { key } = order.pending;
  const used = order.keys[key];
  const caller = used ? { key, request: used.request } : nobody;
  const written = await deps.store.replace(claimed(order, caller, operation, 'schedule', now));
  return written.stored ? sendAndRecord(deps, written.stored, operation) : null;
}

/** Contract 1.1: key reuse, then status. Null: the order may be claimed. */
export function answerUnclaimed<Done>(
  order: Order,
  caller: Caller,
  operation: Omit<Operation<Done>, 'send' | 'done'>,
  now: Date,
): Acted | null {
  const used = order.keys[caller.key];
  if (used && used.request !== caller.request) return { kind: 'key_reused' };
  if (used?.done) return { kind: 'done', order, replayed: true };
  if (order.pending && isFresh(order.claim, now)) return { kind: 'in_progress' };
  const isBarred = operation.isBarred?.(order) ?? false;
  const row = findRow(operation.method, operation.name);
  const effect = row ? effectOf(row, order.status).kind : 'not_allowed';
  const isAllowed = effect === 'move' && order.orderNumber !== null && !isBarred;
  // A repeat of what is out already is not judged by today's rules.
  if (order.pending)
    return order.pending.operation === operation.name && !isBarred ? null : { kind: 'wrong_state', order };
  // What a lost answer left open may have been settled by a callback or by due work since.
  if (used && !isAllowed) return { kind: 'done', order, replayed: true };
  const faults = operation.check?.(order) ?? [];
  if (faults.length > 0) return { kind: 'invalid', faults };
  if (isAllowed) return null;
  return effect === 'repeat' ? { kind: 'done', order, replayed: false } : { kind: 'wrong_state', order };
}

function claimed<Done>(
  order: Order,
  caller: Caller,
  operation: Operation<Done>,
  source: HistoryEntry['source'],
  at: Date,
): Order {
  const before = { status: order.status, settlement: order.carrier?.settlement ?? null, retryAt: order.retryAt };
  const first: Pending = { operation: operation.name, key: caller.key, before, lost: false };
  return change(order, {
    at,
    source,
    event: operation.name,
    to: operation.during,
    attention: order.pending ? 'outcome_unknown' : null,
    fill: {
      ...(order.pending ? {} : operation.prepare?.(order)),
      claim: { id: randomUUID(), at: at.toISOString() },
      pending: order.pending ? { ...order.pending, lost: true } : first,
      keys: caller === nobody ? order.keys : withKey(order.keys, caller, at),
    },
  });
}

async function sendAndRecord<Done>(deps: ActDeps, claimedOrder: Order, operation: Operation<Done>): Promise<Acted> {
  const outcome = await operation.send(claimedOrder);
  let order = claimedOrder;
  for (;;) {
    const isOurs = order.pending !== null && order.claim?.id === claimedOrder.claim?.id;
    // A callback has had the last word, or another run holds the order.
    if (!isOurs) return order.pending ? actedOf(order, outcome) : toldByCallback(order, outcome, operation);
    const next = withWord(order, outcome, operation, deps.now());
    const written = await persist(deps, () => deps.store.replace(next));
    if (written.stored) return actedOf(written.stored, outcome);
    if (!written.existing) throw new Error(`Order ${order.orderId} is gone.`);
    order = written.existing;
  }
}

/** The order once the gateway's word on its pending operation is known. Pure. */
export function withWord<Done>(order: Order, outcome: Outcome<Done>, operation: Operation<Done>, at: Date): Order {
  const { pending } = order;
  if (!pending) throw new Error(`Order ${order.orderId} waits for no word.`);
  const said = { at, source: 'gateway' as const, event: `${operation.name}_${outcome.kind}` };
  const closed = { claim: null, pending: null };

  const settled = (event: string, fill: Partial<Order> = {}): Order => {
    const row = findRow(operation.method, event);
    if (!row?.from.includes(order.status)) throw new Error(`${event} does not move an order that is ${order.status}.`);
    return change(order, { ...said, ...explanation(outcome), to: row.to, fill: { ...fill, ...closed } });
  };
  const done = (): Partial<Order> => ({ keys: markDone(order.keys, pending.key) });
  const restored = (): Order => {
    const carrier = order.carrier && { ...order.carrier, settlement: pending.before.settlement };
    const { status } = pending.before;
    const isOfSchedule = outcome.kind === 'refused' && operation.name === 'settle' && status === 'settle_scheduled';
    // Nobody waits for this answer: a person must hear of it, and the next try is tomorrow's.
    const retryAt = isOfSchedule ? startOfDay(addDays(dayOf(at), 1)).toISOString() : pending.before.retryAt;
    const attention = isOfSchedule ? 'settlement_due' : null;
    return change(order, {
      ...said,
      ...explanation(outcome),
      to: status,
      attention,
      fill: { ...closed, carrier, retryAt },
    });
  };
  const open = (): Order =>
    change(order, {
      ...said,
      ...explanation(outcome),
      attention: 'outcome_unknown',
      fill: { claim: null, pending: { ...pending, lost: true } },
    });

  const refused = (truth: Truth | null): Order => {
    switch (truth) {
      case 'already_done':
        return settled(`${operation.name}_done`, done());
      case 'cancelled':
        return settled(`${operation.name}_cancelled`);
      case 'in_progress':
        return open();
      case 'proves_nothing':
        return pending.lost ? open() : restored();
      case null:
        return restored();
    }
  };

  switch (outcome.kind) {
    case 'done': {
      const { event = `${operation.name}_done`, fill } = operation.done?.(order, outcome) ?? {};
      return settled(event, { ...fill, ...done() });
    }
    case 'refused':
      return refused(outcome.truth);
    case 'not_processed':
      // No connection says nothing of an earlier send whose answer was lost.
      return outcome.reason === 'connection_failed' && pending.lost ? open() : restored();
    case 'unknown':
      return open();
  }
}

function explanation(outcome: Outcome): { code?: string | null; note?: string } {
  switch (outcome.kind) {
    case 'done':
      return {};
    case 'refused':
      return { code: outcome.failure.code, note: outcome.failure.message };
    case 'not_processed':
      return { code: outcome.code, note: outcome.message };
    case 'unknown':
      return { note: outcome.message };
  }
}

/** What a callback made of the order while its operation was out, whatever the answer was. */
function toldByCallback<Done>(order: Order, outcome: Outcome<Done>, { name, method }: Operation<Done>): Acted {
  if (findRow(method, `${name}_done`)?.to === order.status) return { kind: 'done', order, replayed: false };
  if (outcome.kind === 'refused') return { kind: 'refused', order, refusal: outcome };
  const message = `A callback said otherwise: the order is ${order.status}`;
  const failure = {
    reason: 'refused',
    code: order.gatewayStatus,
    parameter: null,
    message,
    payerMessage: null,
  } as const;
  return { kind: 'refused', order, refusal: { kind: 'refused', failure, orderNumber: null, truth: null } };
}

function actedOf(order: Order, outcome: Outcome): Acted {
  switch (outcome.kind) {
    case 'done':
      return { kind: 'done', order, replayed: false };
    case 'refused':
      if (outcome.truth === 'already_done') return { kind: 'done', order, replayed: false };
      return order.pending ? { kind: 'no_word', order } : { kind: 'refused', order, refusal: outcome };
    case 'not_processed':
      return { kind: 'not_taken', order };
    case 'unknown':
      return { kind: 'no_word', order };
  }
}
