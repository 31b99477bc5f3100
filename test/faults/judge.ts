/**
 * The judge: what was seen of a run from outside (`history.ts`) and the gateway's books, against a sequential specification
 * of the contract. Nothing is excused by an order's status; where the contract allows a difference, a rule with a name is
 * counted (`judge-rules.ts`).
 */
import type { GatewayOrder, LedgerEntry, StoredCard } from '../../local/simulator/state.ts';
import type { History } from './history.ts';
import { judgeBooks } from './judge-books.ts';
import { judgeEvents } from './judge-events.ts';
import { type Index, indexOf, sessionsOf } from './judge-index.ts';
import { judgeKeys } from './judge-keys.ts';
import { movesOf } from './judge-moves.ts';
import { noCounters, type Verdict } from './judge-rules.ts';
import { explain, TooMany } from './judge-sequence.ts';
import { judgeSessions } from './judge-sessions.ts';
import { lastShown, subjectsOf } from './judge-subjects.ts';
import { type Version, versionsOf } from './judge-views.ts';

export interface Evidence {
  history: History;
  ledger: readonly LedgerEntry[];
  gatewayOrders: readonly GatewayOrder[];
  /** What the gateway still stores after every card was deleted through the API. */
  gatewayCards: readonly StoredCard[];
  /** The order that a key of a creating call leads to. */
  orderOfKey(key: string): string;
  /** The setting threeDSecureOutside; false: such cards are refused. */
  chargesOutside?: boolean;
  /** When it was over, in milliseconds. */
  at: number;
  /** Orders some of whose events may not have been seen, because the bus itself was killed. */
  losesEvents?(orderId: string): boolean;
}

/** What breaks the contract, and the rules that were used. */
export function judge(evidence: Evidence): Verdict {
  const verdict: Verdict = { found: [], used: noCounters() };
  const index = indexOf(evidence.history);
  const versions = versionsOf(index);
  const books = { ledger: evidence.ledger, orders: evidence.gatewayOrders };
  const raised = raisedIn(index);
  for (const subject of subjectsOf(index, versions, evidence.gatewayOrders, evidence.orderOfKey)) {
    const { orderId } = subject.made;
    const own = versions.get(orderId) ?? [];
    judgeSequence(index, own, subject, evidence.chargesOutside ?? false, verdict);
    const shown = lastShown(own);
    const rest = { subject, books, index, at: evidence.at, raised: raised.get(orderId) ?? new Set<string>() };
    if (shown) judgeBooks({ ...rest, shown }, verdict);
  }
  judgeListed(evidence, index, versions, verdict);
  judgeEvents(index, withEvents(evidence, versions, verdict), verdict);
  judgeKeys(index, verdict);
  judgeCards(evidence, index, verdict);
  judgeSessions(evidence, index, versions, verdict);
  return verdict;
}

function withEvents(
  { losesEvents }: Evidence,
  versions: ReadonlyMap<string, Version[]>,
  { used }: Verdict,
): ReadonlyMap<string, Version[]> {
  if (!losesEvents) return versions;
  const kept = [...versions].filter(([orderId]) => !losesEvents(orderId));
  used['events lost with the bus of a killed stack'] += versions.size - kept.length;
  return new Map(kept);
}

function judgeSequence(
  index: Index,
  versions: readonly Version[],
  subject: ReturnType<typeof subjectsOf>[number],
  chargesOutside: boolean,
  { found }: Verdict,
): void {
  const { orderId, method } = subject.made;
  judgeFreshness(orderId, versions, found);
  try {
    const { fault } = explain(versions, movesOf(subject, index, chargesOutside), subject.dueWork, index);
    if (fault) found.push(`unexplained ${method} ${orderId}: ${fault}`);
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    found.push(`too many orders of happenings to look at: ${orderId}`);
  }
}

/** What was shown once is never taken back by a later read. */
function judgeFreshness(orderId: string, versions: readonly Version[], found: string[]): void {
  let newest = Number.POSITIVE_INFINITY;
  for (const { version, since, until } of versions.toReversed()) {
    if (newest < since) found.push(`an old version is shown: ${orderId} ${version}`);
    newest = Math.min(newest, until);
  }
}

function raisedIn({ history }: Index): Map<string, Set<string>> {
  const raised = new Map<string, Set<string>>();
  for (const entry of history) {
    if (entry.kind !== 'published' || entry.event.type !== 'order.attention_raised') continue;
    const { orderId, detail } = entry.event;
    raised.set(orderId, (raised.get(orderId) ?? new Set()).add(detail.reason ?? ''));
  }
  return raised;
}

/** At rest the lists show every order: those known, those charged, and those that a callback taken is about. */
function judgeListed(
  { ledger }: Evidence,
  { calls, deliveries, history }: Index,
  versions: ReadonlyMap<string, Version[]>,
  { found }: Verdict,
): void {
  const calm = history.findIndex(({ kind }) => kind === 'calm');
  const lists = calls.filter(({ method, from, response }) => method === 'GET' && from > calm && response?.orders);
  const listed = new Map(
    lists.flatMap(({ response }) => response.orders).map(order => [order.orderId as string, order]),
  );
  for (const orderId of versions.keys()) if (!listed.has(orderId)) found.push(`not listed: ${orderId}`);
  const numbers = new Set(
    [...versions.values()].flatMap(each => {
      const shown = lastShown(each);
      return shown ? [shown.gateway.orderNumber, ...shown.otherPayments.map(({ orderNumber }) => orderNumber)] : [];
    }),
  );
  for (const { sendpoint, kind, orderNumber } of ledger) {
    const isKnown = sendpoint === '' || listed.has(sendpoint) || numbers.has(orderNumber) || sendpoint.length !== 32;
    if (!isKnown) found.push(`${kind} without an order: ${sendpoint}`);
  }
  for (const { isTaken, sendpoint, callback } of deliveries) {
    if (isTaken && !listed.has(sendpoint) && !numbers.has(callback.orderNumber))
      found.push(`successok, but no order has it: ${callback.status} of ${callback.orderNumber}`);
  }
  for (const { isTaken, isQueued, dequeuedAt, callback } of deliveries) {
    if (isTaken && isQueued && !Number.isFinite(dequeuedAt))
      found.push(`left in the queue: ${callback.status} of ${callback.orderNumber}`);
  }
}

/** A card deleted while its registration was on its way is the merchant's contradiction. */
function judgeCards({ gatewayCards }: Evidence, { requests }: Index, { found, used }: Verdict): void {
  const sessions = sessionsOf(requests);
  for (const { sendid } of gatewayCards) {
    const own = requests.filter(({ sent, response }) => sent.cardId === sendid && response !== null);
    const registrations = own.filter(({ sent }) => sent.operation === 'create' || sent.operation === 'pay');
    const isCrossed = registrations.some(({ run, sent, takenAt }) => {
      const from = sessions.get(sent.xid ?? '')?.run.from ?? run.from;
      return own.some(other => other.sent.operation === 'deletion' && other.run.from < takenAt && other.takenAt > from);
    });
    if (isCrossed) used['a card deleted while it was registered'] += 1;
    else found.push(`a card that cannot be deleted: ${sendid}`);
  }
}
