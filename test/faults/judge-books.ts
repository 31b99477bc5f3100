/** The gateway's books against what is shown at rest: every effect, its amount and its payment number (contract 1.4 to 1.6). */
import type { GatewayOrder, LedgerEntry, LedgerKind } from '../../local/simulator/state.ts';
import { type Index, isComplete, type Request } from './judge-index.ts';
import type { Subject } from './judge-moves.ts';
import type { Rule, Verdict } from './judge-rules.ts';
import { jstDay } from './judge-specification.ts';
import type { ShownOrder } from './judge-views.ts';
import { readResponse } from './judge-wire.ts';

export interface Books {
  ledger: readonly LedgerEntry[];
  orders: readonly GatewayOrder[];
}

interface Payment {
  orderNumber: string | null;
  status: string;
  paid: { amount: number | null } | null;
}

export const paymentsOf = ({ status, paid, gateway, otherPayments }: ShownOrder): Payment[] => [
  { orderNumber: gateway.orderNumber, status, paid },
  ...otherPayments,
];

/** One order at rest. `at`: then. `raised`: every reason that events ever raised. */
export interface AtRest {
  subject: Subject;
  shown: ShownOrder;
  books: Books;
  index: Index;
  at: number;
  raised: ReadonlySet<string>;
}

export function judgeBooks(rest: AtRest, verdict: Verdict): void {
  const { subject, shown, books } = rest;
  const { orderId } = shown;
  const use = (rule: Rule) => {
    verdict.used[rule] += 1;
  };
  const fault = (what: string) => verdict.found.push(`${what}: ${orderId} is ${shown.status}`);
  const isDecided = subject.calls.some(
    ({ path, body, status }) =>
      path.endsWith('/resolution') &&
      body.outcome !== 'acknowledged' &&
      (status === 200 || status === null || status === 500),
  );
  judgeCreations(rest, fault);
  for (const number of numbersOf(rest)) {
    const entries = books.ledger.filter(each => each.orderNumber === number);
    const cut = cutNumber(rest, number);
    const payment = paymentsOf(shown).find(({ orderNumber }) => orderNumber === number) ?? cut;
    if (payment && payment === cut) use('an order number that was cut off');
    const told = payment ? `${payment.status} ${payment.paid?.amount ?? '-'}` : 'nothing';
    const truth = expectedOf(entries, shown);
    if (!truth || truth.includes(told)) continue;
    const what = `${number} is ${told}, the gateway has ${entries.map(({ kind, amount }) => `${kind} ${amount}`)}`;
    if (entries.some(({ sendpoint }) => sendpoint !== shown.orderId) && shown.operation !== 'external') {
      use("a callback with another order's number");
      continue;
    }
    if (payment && isNamed(rest, payment)) {
      use('a callback with another amount than was taken');
      continue;
    }
    const isUnnamed = shown.operation === 'external' && truth.some(each => told === `${each.split(' ')[0]} -`);
    if (isUnnamed) continue;
    if (isDecided) use('an operator decided');
    else if (isUnknown(shown)) use(hasRequest(rest) ? 'no answer and no callback' : 'no answer to an operation');
    else if (isUntold(rest, number, entries)) {
      const isBooked = payment?.status === 'settle_scheduled';
      if (isBooked && !rest.raised.has('settlement_due')) fault(`${what}, and settlement_due was never raised`);
      use(isBooked ? 'a booking that its callback did not follow' : 'no callback of what happened without us');
    } else fault(what);
  }
  judgeOpen(rest, use, fault);
  judgeDue(rest, isDecided, fault);
}

/** The payment whose number came in part, or not at all, with a response that was cut off. */
function cutNumber({ subject, shown }: AtRest, number: string): Payment | null {
  const isCut = subject.requests.some(
    ({ heard, response }) =>
      heard?.kind === 'answered' &&
      response?.includes(number) &&
      heard.body !== response &&
      response.startsWith(heard.body),
  );
  const matches = paymentsOf(shown).filter(
    ({ orderNumber }) => orderNumber === null || (orderNumber !== number && number.startsWith(orderNumber)),
  );
  return isCut ? (matches[0] ?? null) : null;
}

/** What is shown as paid is what a callback of the settlement named. */
const isNamed = ({ subject }: AtRest, { orderNumber, paid }: Payment): boolean =>
  paid !== null &&
  subject.deliveries.some(
    ({ isTaken, service, callback }) =>
      isTaken &&
      service === 'carrier' &&
      callback.orderNumber === orderNumber &&
      callback.ipCode !== 'other' &&
      ['07', '09'].includes(callback.status) &&
      callback.amountYen === paid.amount,
  );

const isUnknown = ({ attention }: ShownOrder): boolean => attention.some(({ reason }) => reason === 'outcome_unknown');

const hasRequest = ({ subject, shown }: AtRest): boolean =>
  shown.status === 'unknown' &&
  subject.requests.some(({ sent }) => sent.operation === 'create' || sent.operation === 'pay');

/** Numbers of the gateway for the order, and those that it shows. */
function numbersOf({ shown, books }: AtRest): string[] {
  const own = books.orders.filter(each => each.sendpoint === shown.orderId).map(({ orderNumber }) => orderNumber);
  const isWhole = (number: string) => !own.some(each => each !== number && each.startsWith(number));
  const shownNumbers = paymentsOf(shown)
    .flatMap(({ orderNumber }) => orderNumber ?? [])
    .filter(isWhole);
  return [...new Set([...own, ...shownNumbers])];
}

/** A key that creates makes one payment at most, and for its amount. */
function judgeCreations({ shown, books, index }: AtRest, fault: (what: string) => void): void {
  const own = books.ledger.filter(({ sendpoint, seq }) => sendpoint === shown.orderId && !index.paidElsewhere.has(seq));
  const charges = own.filter(({ kind }) => kind === 'charge' || kind === 'registration');
  if (charges.length > 1) fault('charged twice');
  if (charges.some(({ amount }) => amount !== shown.amount)) fault('charged another amount');
  const issued = books.orders.filter(
    each => each.service === 'cvs' && each.sendpoint === shown.orderId && each.status !== 'error',
  );
  const reissued = issued.filter(each => each.service === 'cvs' && each.replacedBy !== null);
  if (issued.length - reissued.length > 1) fault('ordered twice');
}

/** What the books say of one number, as status and amount paid; null: nothing that the books hold. */
function expectedOf(entries: readonly LedgerEntry[], { method }: ShownOrder): string[] | null {
  const amountOf = (kind: LedgerKind) => entries.find(each => each.kind === kind)?.amount;
  const has = (kind: LedgerKind) => entries.some(each => each.kind === kind);
  if (method === 'card') {
    if (has('cancel')) return [`cancelled ${amountOf('charge')}`];
    if (has('registration')) return ['registered -'];
    if (has('charge')) return [`paid ${amountOf('charge')}`];
    return ['declined -', 'unknown -', 'nothing', 'not_processed -', 'expired -'];
  }
  if (method === 'carrier') {
    const settled = amountOf('settlement');
    if (has('return')) return settled === undefined ? ['cancelled -'] : [`cancelled ${settled}`];
    if (settled !== undefined) return [`paid ${settled}`];
    const before = ['authorized -', 'settle_scheduled -', 'settling -', 'cancelling -', 'settle_failed -'];
    return has('authorization') ? before : ['declined -', 'awaiting_customer -', 'nothing', 'unknown -', 'cancelled -'];
  }
  return null;
}

/** Nothing that we could have heard tells it: no callback was taken, and no response was heard to the end. */
function isUntold({ subject }: AtRest, number: string, entries: readonly LedgerEntry[]): boolean {
  const newest = entries.at(-1);
  const statuses = newest ? (callbackOf[newest.kind] ?? []) : [];
  const isTaken = subject.deliveries.some(
    ({ callback, isTaken }) =>
      isTaken &&
      callback.orderNumber === number &&
      callback.ipCode !== 'other' &&
      statuses.includes(callback.status) &&
      (callback.amountYen === null || callback.amountYen === newest?.amount),
  );
  const isHeard = subject.requests.some(each => tells(each) && each.entries.some(({ seq }) => seq === newest?.seq));
  return !isTaken && !isHeard;
}

const callbackOf: Partial<Record<LedgerKind, string[]>> = {
  authorization: ['03'],
  settlement: ['07'],
  return: ['08'],
  charge: ['OK'],
  registration: ['OK'],
};

const tells = ({ run, heard, path, sent, response }: Request): boolean =>
  heard !== null && isComplete(run) && readResponse(sent.operation, path, heard, response)[0]?.kind === 'done';

/** Nothing waits for what will not come: due work asks until the gateway's outcome is known. */
function judgeOpen({ subject, shown, raised }: AtRest, use: (rule: Rule) => void, fault: (what: string) => void): void {
  const { status } = shown;
  if (status === 'sending') fault('stuck');
  const isOpen = ['settling', 'cancelling'].includes(status) || (status === 'settle_scheduled' && isUnknown(shown));
  if (!isOpen) {
    if (isUnknown(shown) && status !== 'unknown') fault('outcome_unknown stands');
    return;
  }
  if (!raised.has('outcome_unknown') || !isUnknown(shown)) fault('open without outcome_unknown');
  const last = subject.requests.filter(({ sent }) => sent.operation !== 'create').at(-1);
  const meaning = last?.heard && readResponse(last.sent.operation, last.path, last.heard, last.response)[0];
  if (last?.run.name === 'due-work' && meaning && ['refused', 'under_way'].includes(meaning.kind))
    use('a repeat proves nothing');
  else fault('stuck open');
}

/** An authorization that nobody settles is told in time, and a booking is tried or told. */
function judgeDue({ shown, at, raised }: AtRest, isDecided: boolean, fault: (what: string) => void): void {
  const { status, carrier } = shown;
  if (isDecided || !carrier?.settleBy || raised.has('settlement_due')) return;
  const warned = new Date(Date.parse(carrier.settleBy) - 4 * 86_400_000).toISOString().slice(0, 10);
  const today = jstDay(at);
  if (['authorized', 'settle_scheduled'].includes(status) && today > warned) fault('settlement_due was never raised');
  const { settlement } = carrier;
  const dayAfter = settlement && new Date(Date.parse(settlement.on) + 2 * 86_400_000).toISOString().slice(0, 10);
  if (status === 'settle_scheduled' && dayAfter && today > dayAfter) fault('a booking whose day is past');
}
