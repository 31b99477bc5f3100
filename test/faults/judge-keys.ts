/** Answers: each key acts at most once, and each answer is the one that the contract has for what happened (1.1, 1.6, 1.7, 2). */
import { paymentsOf } from './judge-books.ts';
import {
  type Call,
  type Delivery,
  type Index,
  isCompletion,
  isInDoubt,
  type Request,
  type Run,
} from './judge-index.ts';
import type { Verdict } from './judge-rules.ts';
import { isCreating } from './judge-subjects.ts';
import type { ShownOrder } from './judge-views.ts';
import { readResponse } from './judge-wire.ts';

export function judgeKeys(index: Index, { found, used }: Verdict): void {
  const keyed = index.calls.filter(({ method, key }) => method !== 'GET' && key !== null);
  for (const same of Map.groupBy(keyed, call => `${spaceOf(call)} ${call.key}`).values()) {
    judgeEffects(same, found);
    for (const call of same) {
      judgeReplay(call, same, found);
      for (const earlier of same) {
        if (earlier.to >= call.from) continue;
        if (isForgotten(call, earlier, keyed)) used['a key that ten others followed'] += 1;
        else judgeAfter(call, earlier, found);
      }
    }
  }
  for (const call of keyed) judgeAnswer(call, index, found);
  for (const run of index.runs) judgePatience(run, index, found);
  for (const delivery of index.deliveries) judgeDelivery(delivery, index, found);
}

/** Creating calls share one key space; other keys belong to their order or card. */
function spaceOf(call: Call): string {
  if (isCreating(call)) return 'creating';
  if (call.path === '/card/deletions') return `card ${call.body.cardId}`;
  return /^\/[a-z/]*?([A-Za-z0-9_-]{32})/.exec(call.path)?.[1] ?? call.path;
}

const personal = ['tokenKey', 'phone', 'email', 'name', 'cardholderName'];

/** What makes two requests the same (contract 1.1). */
function identityOf({ method, path, body }: Call): string {
  const kept = Object.entries(body).filter(([name]) => !personal.includes(name));
  return [method, path, JSON.stringify(kept.sort(([a], [b]) => (a < b ? -1 : 1)))].join(' ');
}

const isSame = (a: Call, b: Call): boolean => identityOf(a) === identityOf(b);

const requestsOf = ({ run }: Call): Request[] => run?.requests ?? [];

/** What the gateway did, whoever heard of it. A booking that replaces itself is none. */
const didSomething = ({ sent, path, response, entries }: Request): boolean => {
  if (response === null || sent.operation === 'deletion') return false;
  const heard = { kind: 'answered', status: 200, body: response } as const;
  const isMade = readResponse(sent.operation, path, heard, response)[0]?.kind === 'done';
  return entries.length > 0 || (sent.operation === 'create' && isMade);
};

function judgeEffects(same: readonly Call[], found: string[]): void {
  const done = same.flatMap(requestsOf).filter(didSomething);
  if (done.length > 1) found.push(`key ${same[0]?.key} acts ${done.length} times: ${same[0]?.path}`);
}

function judgeReplay(call: Call, same: readonly Call[], found: string[]): void {
  if (!call.isReplayed) return;
  if (requestsOf(call).length > 0) found.push(`a replay sends: ${call.path} ${call.key}`);
  if (!same.some(other => other !== call && other.from < call.to && isSame(other, call)))
    found.push(`a replay of nothing: ${call.path} ${call.key}`);
}

const keysKept = 10;

/** Of an order or a card; the keys of creating calls live as long as their order. */
function isForgotten(call: Call, earlier: Call, keyed: readonly Call[]): boolean {
  if (isCreating(call)) return false;
  const space = spaceOf(call);
  const between = keyed.filter(each => spaceOf(each) === space && each.to > earlier.from && each.from < call.to);
  return new Set(between.map(({ key }) => key)).size > keysKept;
}

/** What a key was used for once, and what it may do then. */
function judgeAfter(call: Call, earlier: Call, found: string[]): void {
  const { status } = earlier;
  const leftKey =
    status !== null && [200, 201, 202, 402, 503].includes(status) && (isCreating(call) || hasActed(earlier));
  if (!leftKey || isInDoubt(call)) return;
  const what = `${call.method} ${call.path} ${call.key}`;
  if (!isSame(call, earlier)) {
    if (call.response?.code !== 'idempotency_key_reused')
      found.push(`a key used for two requests: ${what} is ${call.status}`);
    return;
  }
  if (call.response?.code === 'idempotency_key_reused') found.push(`the same request is another one: ${what}`);
  // An unknown outcome may still prove not to have happened; whether it then may be sent again, the sequence tells.
  const isFinal = isFinalAnswer(earlier);
  if (!isFinal || call.response?.code === 'idempotency_key_declined') return;
  if (!call.isReplayed) found.push(`no replay: ${what} was ${status}, is ${call.status} ${call.response?.code ?? ''}`);
}

/** An order that waits for its payer may still come to nothing, and then be tried again. */
function isFinalAnswer(call: Call): boolean {
  const { status, response } = call;
  if (isCompletion(call)) return status === 200 || status === 402;
  if (!isCreating(call)) return status === 200;
  return (
    status !== 503 &&
    status !== 202 &&
    !(/authentications$/.test(call.path) && status !== 402 && response?.status !== 'paid')
  );
}

/** A 200 for what was cancelled already leaves no key. */
const hasActed = (call: Call): boolean =>
  call.isReplayed ||
  requestsOf(call).length > 0 ||
  call.path.endsWith('/resolution') ||
  (isCompletion(call) && call.status === 402);

const creationStatus: Record<string, number> = {
  // Another holds the claim by now.
  sending: 202,
  declined: 402,
  unknown: 202,
  settling: 202,
  cancelling: 202,
  not_processed: 503,
};

/** three-d-secure.md, 7.3 and 7.7. */
function completionStatus(status: string): number {
  if (status === 'awaiting_customer') return 503;
  return status === 'expired' ? 409 : (creationStatus[status] ?? 200);
}

const openStatuses = ['settling', 'cancelling', 'settle_scheduled'];

function judgeAnswer(call: Call, index: Index, found: string[]): void {
  const { status, response, path, run, isReplayed } = call;
  const order: ShownOrder | null = response?.order ?? (typeof response?.orderId === 'string' ? response : null);
  const what = `${call.method} ${path} ${call.key} is answered ${status}`;
  if (status === 500 && run && run.name !== 'unseen' && !run.hasFailed) found.push(`${what}, and nothing failed`);
  if (response?.code === 'in_progress' && !isAnyoneElse(call, index))
    found.push(`${what} in_progress, and nothing runs`);
  if (!order || status === null) return;
  const isUnknown = order.attention.some(({ reason }) => reason === 'outcome_unknown');
  const fault = () => found.push(`${what} for ${order.status}${isUnknown ? ' with outcome_unknown' : ''}`);
  if (isCreating(call)) {
    const expected = creationStatus[order.status] ?? (isReplayed ? 200 : 201);
    if (status !== expected && response.code !== 'idempotency_key_declined') fault();
    return;
  }
  if (isCompletion(call)) {
    if (status !== 409 && status !== completionStatus(order.status)) fault();
    return;
  }
  if (path.endsWith('/resolution')) {
    judgeResolution(call, order, isUnknown, fault);
    return;
  }
  if (!/\/(cancel|return|settlement)$/.test(path) || isReplayed) return;
  const isOpen = isUnknown && paymentsOf(order).some(each => openStatuses.includes(each.status));
  if (status === 202 ? !isOpen : isOpen && status !== 409) fault();
}

/** A decision closes what is open about the payment that it speaks of. */
function judgeResolution(
  { status, body, isReplayed }: Call,
  order: ShownOrder,
  isUnknown: boolean,
  fault: () => void,
): void {
  if (status !== 200 || isReplayed || body.outcome === 'acknowledged') return;
  const about = body.gatewayOrderNumber ?? order.gateway.orderNumber;
  const isOpen = isUnknown || ['sending', 'unknown', 'settling', 'cancelling'].includes(order.status);
  if (about === order.gateway.orderNumber && isOpen) fault();
}

const claimMs = 370_000;

/** Another invocation that may hold the claim: begun not long before by clocks that may differ by four minutes, and perhaps dead since. */
function isAnyoneElse(call: Call, { runs, history }: Index): boolean {
  const at = history[call.from]?.at ?? 0;
  return runs.some(
    ({ name, from, call: other }) =>
      from < call.to &&
      other !== call &&
      (name === 'due-work' ||
        (other !== null && spaceOf(other) === spaceOf(call)) ||
        other?.path === '/card/deletions' ||
        (isCompletion(call) && other !== null && isCreating(other)) ||
        isCreating(call)) &&
      (history[from]?.at ?? 0) > at - claimMs,
  );
}

/** What was heard is tried to be stored for 20 s (1.6, 2), unless the function is killed. */
const patienceMs = 18_000;

function judgePatience(run: Run, { history }: Index, found: string[]): void {
  const heard = Math.max(...run.requests.map(({ to }) => (Number.isFinite(to) ? to : -1)));
  const hasGivenUp = run.how === 'thrown' || (run.how === 'returned' && run.call?.status === 500);
  if (heard < 0 || !hasGivenUp || run.name === 'due-work' || run.name === 'unseen') return;
  // Where a payment would come next it is not begun unless that can be stored at once.
  const last = run.requests.findLast(({ to }) => to === heard);
  if (last && leadsToPayment(last)) return;
  const waited = (history[run.to]?.at ?? 0) - (history[heard]?.at ?? 0);
  if (waited < patienceMs) found.push(`${run.name} gives up what it heard after ${waited} ms`);
}

const leadsToPayment = ({ sent, path, heard, response }: Request): boolean =>
  heard !== null &&
  readResponse(sent.operation, path, heard, response).some(
    ({ kind }) => kind === 'authenticated' || kind === 'outside',
  );

function judgeDelivery({ from, to, isRefused, callback }: Delivery, { history }: Index, found: string[]): void {
  const waited = (history[to]?.at ?? 0) - (history[from]?.at ?? 0);
  if (isRefused && waited < patienceMs) found.push(`callback ${callback.status} is refused after ${waited} ms`);
}
