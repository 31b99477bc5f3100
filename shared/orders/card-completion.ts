/**
 * The second half of a card charge with EMV 3-D Secure: the payer's browser came back (three-d-secure.md, 7.3 and 7.5).
 *
 *   1 PutItem   a claim, if the order waits, the session is its own and no other completion runs
 *   2 AuthReq   at most twice     a crash up to here costs nothing: the claim lapses after 60 s
 *   3 PutItem   sending           the point of no return
 *   4 PayReq    once              a crash from here on is an unknown outcome
 *   5 PutItem   the outcome
 *
 * What the browser says can end an order, never pay it: only the gateway's own response to AuthReq leads to PayReq.
 */
import { randomUUID } from 'node:crypto';
import { beginCompletion, endByBrowser, isSession, waiting, waitOn } from '../domain/authentication.ts';
import { asOf, giveUp } from '../domain/changes.ts';
import { attemptOf } from '../domain/facts.ts';
import type { Order } from '../domain/order.ts';
import type { Failure } from '../domain/outcome.ts';
import type { Caller } from '../domain/revise.ts';
import { isCompleting } from '../domain/stages.ts';
import { summarize } from '../domain/summarize.ts';
import { type AuthenticationOutcome, authenticationResult } from '../zeus/operations/authentication-result.ts';
import type { Send } from '../zeus/wire/transport.ts';
import { browserMaintenance, notAuthenticated, unsupported } from './authentication-failures.ts';
import { type OrderDeps, record } from './engine.ts';
import type { Fault } from './operate.ts';
import { isTooLateToPay, payOnce } from './pay-once.ts';
import { change } from './write.ts';

export interface CompletionDeps extends OrderDeps {
  send: Send;
  threeDSecureOutside: 'refuse' | 'charge';
}

/** What the vendor's script posted. Everything but the session is the payer's word. */
export interface Completion {
  md: string;
  paRes: string;
  status: 'success' | 'outside' | 'failure' | 'invalid' | 'maintenance';
}

export type Completed =
  | { kind: 'answered'; order: Order; replayed: boolean }
  /** The gateway did not say whether the payer was authenticated; the order waits on. */
  | { kind: 'not_processed' | 'wrong_status'; order: Order }
  | { kind: 'invalid'; faults: Fault[] }
  | { kind: 'in_progress' | 'key_reused' | 'not_found' };

export async function completeCharge(
  deps: CompletionDeps,
  orderId: string,
  caller: Caller,
  completion: Completion,
): Promise<Completed> {
  const calledAt = deps.now();
  let order = await deps.store.find(orderId);
  for (;;) {
    if (order?.method !== 'card') return { kind: 'not_found' };
    const now = deps.now();
    // A stale payment request is due work's to write down, which raises the alarm.
    const lapsed = waiting(order) && giveUp(order, now);
    const barred = lapsed ? null : whyNot(asOf(order, now), caller, completion, now);
    if (barred) return barred;
    const ended = endedBy(deps, completion);
    const next = lapsed ?? nextOf(order, ended, caller, now);
    const written = await deps.store.replace(next);
    const ours = written.stored ?? heldBy(next, written.existing);
    if (ours && !lapsed) {
      if (!waiting(ours)) return { kind: 'answered', order: ours, replayed: false };
      return resultOf(await authenticateAndPay(deps, ours, completion, calledAt), deps.now());
    }
    order = written.stored ?? written.existing;
  }
}

/** The client repeats a write whose response was lost; what came after the first one stands in its way, but the claim is ours. */
function heldBy(claimed: Order, existing: Order | null): Order | null {
  const ours = attemptOf(claimed)?.claim?.id;
  return existing && ours !== undefined && attemptOf(existing)?.claim?.id === ours ? existing : null;
}

/** Contract 1.1: key reuse, then existence, then status. Null: it may go on. */
function whyNot(order: Order, caller: Caller, { md }: Completion, now: Date): Completed | null {
  const used = order.keys[caller.key];
  if (used && used.request !== caller.request) return { kind: 'key_reused' };
  const attempt = waiting(order);
  if (attempt) {
    if (!isSession(attempt, md)) return { kind: 'invalid', faults: [otherSession] };
    return isCompleting(attempt, now) ? { kind: 'in_progress' } : null;
  }
  if (summarize(order).status === 'sending') return { kind: 'in_progress' };
  const isReplay = used !== undefined && used.step === attemptOf(order)?.number;
  return isReplay ? { kind: 'answered', order, replayed: true } : { kind: 'wrong_status', order };
}

const otherSession: Fault = { field: 'md', code: 'invalid', message: "is not this order's" };

type Ended = { kind: 'refused' | 'not_processed'; failure: Failure } | null;

/** How the browser's words alone end the order; null: the gateway is asked. `status` comes before `paRes`. */
function endedBy({ threeDSecureOutside }: CompletionDeps, { paRes, status }: Completion): Ended {
  switch (status) {
    case 'maintenance':
      return { kind: 'not_processed', failure: browserMaintenance };
    case 'failure':
    case 'invalid':
      return { kind: 'refused', failure: notAuthenticated };
    case 'outside':
      return threeDSecureOutside === 'refuse' ? { kind: 'refused', failure: unsupported } : null;
    case 'success':
      return paRes === 'N' || paRes === 'R' ? { kind: 'refused', failure: notAuthenticated } : null;
  }
}

const nextOf = (order: Order, ended: Ended, caller: Caller, now: Date): Order =>
  ended
    ? endByBrowser(order, ended.kind, ended.failure, caller, now)
    : beginCompletion(order, randomUUID(), caller, now);

async function authenticateAndPay(
  deps: CompletionDeps,
  order: Order,
  { paRes }: Completion,
  calledAt: Date,
): Promise<Order> {
  const step = waiting(order);
  const xid = step?.authentication?.session?.xid;
  if (!step?.claim || xid === undefined) throw new Error(`Order ${order.orderId} has no session.`);
  const { id } = step.claim;
  const goOnWaiting = async (why: Parameters<typeof waitOn>[2]) =>
    (await change(deps, order, each => waitOn(each, id, why, deps.now()))).order;
  const outcome = await authenticate(deps.send, { xid, paRes });
  switch (outcome.kind) {
    case 'authenticated': {
      const { code } = outcome;
      if (!isTooLateToPay(deps, calledAt)) return payOnce(deps, order, step, xid, { kind: 'success', code });
      return goOnWaiting({ kind: 'unknown', message: 'It came too late for a payment request' });
    }
    case 'refused':
      return record(deps, order, { ...deps, step, bySchedule: false }, outcome);
    case 'not_processed':
    case 'unknown':
      return goOnWaiting(outcome);
  }
}

/** So long one request for the result may take. */
const resultTimeoutMs = 10_000;

/** Asks once more when the response was lost: it moves no money. */
async function authenticate(send: Send, request: { xid: string; paRes: string }): Promise<AuthenticationOutcome> {
  const first = await authenticationResult(send, request, resultTimeoutMs);
  return first.kind === 'unknown' ? authenticationResult(send, request, resultTimeoutMs) : first;
}

/** What the order came to, whatever our own requests were answered: a callback may have said more. */
function resultOf(order: Order, now: Date): Completed {
  const attempt = waiting(asOf(order, now));
  if (!attempt) return { kind: 'answered', order, replayed: false };
  return isCompleting(attempt, now) ? { kind: 'in_progress' } : { kind: 'not_processed', order };
}
