/**
 * Section 1.5 of the contract, read a second time and written without looking at `summarize()`. The property test compares
 * the two. Deliberately plain: one chain of ifs per method in the contract's order, no tables.
 */
import type { Acknowledgement, Callback, Decision, Order, Send, Step } from '../../shared/domain/order.ts';
import type { AttentionReason, Status } from '../../shared/domain/words.ts';

/** `amountYen` null: something was taken, how much is not known. */
export type Money = { amountYen: number | null } | null;

export interface Reading {
  status: Status;
  attention: AttentionReason[];
  orderNumber: string | null;
  paid: Money;
  returned: Money;
  others: { number: string | null; status: Status; paid: Money; returned: Money }[];
  test: boolean;
}

/** One counted fact, in the words of the method's callbacks. */
interface Fact {
  key: string;
  from: 'callback' | 'answer' | 'decision';
  /** The payment number it belongs to. */
  about: string | null;
  /** The number that it names itself. */
  names: string | null;
  says: string;
  amountYen: number | null;
  /** Of answers and decisions; 0 for callbacks. */
  step: number;
  elsewhere: boolean;
  /** What the setting said of test payments when it came; of decisions nothing. */
  tests: 'accepted' | 'refused' | null;
}

interface Raised {
  reason: AttentionReason;
  facts: Fact[];
}

interface Payment {
  number: string | null;
  status: Status;
  paid: Money;
  raised: Raised[];
  facts: Fact[];
  forDuplicates: Fact[];
  lastStep: number;
  payBy: string;
}

/** Where facts without a number belong; `none`: nowhere yet, they are left out. */
type Home = { number: string | null } | 'none';

type Numbered = Exclude<Step, Acknowledgement>;

export const idOf = ({ orderNumber, status, amountYen, ipCode, testId, lacks }: Callback): string => {
  let id = `${orderNumber ?? ''}\t${status}\t${amountYen ?? ''}`;
  if (ipCode === 'other') id += '\tother';
  if (testId) id += '\ttest';
  if (lacks.length > 0) id += `\tlacks ${lacks.join(',')}`;
  return id;
};

export function read(order: Order): Reading {
  const { book, shown, payments } = readAll(order);
  const attention = book.attention(payments);
  if (leftWhatWasDecided(book, shown)) attention.push('contradiction');
  if (!book.external && statusOf(book, shown) === 'unknown') attention.push('outcome_unknown');
  return {
    status: statusOf(book, shown),
    attention: [...new Set(attention)].sort(),
    orderNumber: shown.number,
    paid: shown.paid,
    returned: isReturned(shown.status) ? shown.paid : null,
    others: payments
      .filter(payment => payment !== shown)
      .map(({ number, status, paid }) => ({ number, status, paid, returned: isReturned(status) ? paid : null }))
      .sort((a, b) => ((a.number ?? '') < (b.number ?? '') ? -1 : 1)),
    test: order.test || book.facts.some(fact => fact.tests === 'accepted' && book.isTestPayment(fact.about)),
  };
}

/** Our send that is open: the newest creating one, or an operation about any payment. */
export function openSend(order: Order): Send | null {
  const { book, payments } = readAll(order);
  if (book.isAttemptOpen()) return book.attempt ?? null;
  return (
    payments
      .flatMap(({ number }) => book.openSends(number))
      .sort(byNumber)
      .at(-1) ?? null
  );
}

const isReturned = (status: Status) =>
  status === 'cancelled' || status === 'reversed' || status === 'reversed_after_cancel';

/** "While a send of ours is open the order shows `sending`": the order, whatever else is known of its payments. */
const statusOf = (book: Order15, shown: Payment): Status =>
  book.isAttemptOpen() && !book.waitsForPayer() ? 'sending' : shown.status;

function readAll(order: Order) {
  const withoutUnnumbered = new Order15(order, 'none').payments();
  const home = { number: furthestOn(withoutUnnumbered)?.number ?? null };
  const book = new Order15(order, home);
  const payments = book.payments();
  const shown = furthestOn(payments);
  if (!shown) throw new Error('An order has at least one payment');
  return { book, shown, payments };
}

/** "If the status then leaves declined, cancelled, expired or settle_failed, it is a contradiction." */
function leftWhatWasDecided(book: Order15, shown: Payment): boolean {
  const { order, steps } = book;
  const newest = steps.filter(step => step.kind === 'decision').at(-1);
  if (!newest) return false;
  const unseen = book.facts.filter(fact => {
    if (fact.from === 'decision' || hadSeen(newest, fact)) return false;
    return fact.from === 'callback' || fact.step < newest.number;
  });
  if (unseen.length === 0) return false;
  const isUncovered = (facts: Fact[]) =>
    !acknowledgements(order, 'contradiction')
      .filter(step => step.number > newest.number)
      .some(step => facts.every(fact => hadSeen(step, fact)));
  const then = readAll(asSeenBy(order, newest));
  const before = statusOf(then.book, then.shown);
  const final = before === 'declined' || before === 'cancelled' || before === 'expired' || before === 'settle_failed';
  if (final && statusOf(book, shown) !== before) return isUncovered(shown.facts);
  const other = unseen.filter(fact => fact.about === book.aboutOf(newest) && isOtherMoney(order, newest, fact));
  return other.length > 0 && isUncovered(other);
}

/** Money that the decision did not speak of: a sale of a cancelled carrier payment, or another amount than was paid. */
function isOtherMoney(
  { method }: Order,
  { outcome, amountYen }: Decision,
  { from, says, amountYen: named }: Fact,
): boolean {
  if (method === 'carrier' && outcome === 'cancelled') return says === '07';
  if (outcome !== 'paid' || amountYen === null || from !== 'callback' || named === null || named === amountYen)
    return false;
  if (method === 'card') return says === 'OK';
  if (method === 'carrier') return says === '07' || says === '09';
  return says === '04' || says === '05' || says === '11' || says === '12';
}

function asSeenBy(order: Order, decision: Decision): Order {
  return {
    ...order,
    callbacks: order.callbacks.filter(callback => decision.seen.includes(idOf(callback))),
    steps: order.steps
      .filter(step => step.number <= decision.number)
      .map(step => {
        if (step.kind !== 'send' || step.answer === null) return step;
        if (decision.seen.includes(answerId(step))) return step;
        return { ...step, answer: null };
      }),
  };
}

const answerId = (step: Send) => `answer ${step.number} ${step.answer?.kind}`;
const byNumber = (a: Step, b: Step) => a.number - b.number;

function hadSeen(step: Step, fact: Fact): boolean {
  if (fact.from === 'decision') return fact.step < step.number;
  return step.seen.includes(fact.key);
}

const acknowledgements = (order: Order, reason: AttentionReason) =>
  order.steps.filter(step => step.kind === 'acknowledgement').filter(step => step.reasons.includes(reason));

function rank(status: Status): number {
  if (status === 'paid' || status === 'registered') return 1;
  if (status === 'received') return 2;
  if (status === 'cancelling') return 3;
  if (status === 'settling') return 4;
  if (status === 'settle_scheduled') return 5;
  if (status === 'authorized') return 6;
  if (status === 'awaiting_customer') return 7;
  if (status === 'paid_after_cancel') return 9;
  if (status === 'received_after_cancel') return 10;
  if (status === 'settle_failed') return 11;
  if (status === 'cancelled') return 12;
  if (status === 'reversed') return 13;
  if (status === 'expired') return 14;
  if (status === 'declined') return 15;
  if (status === 'reversed_after_cancel') return 16;
  return 8;
}

function furthestOn(payments: Payment[]): Payment | undefined {
  return [...payments].sort(
    (a, b) =>
      rank(a.status) - rank(b.status) ||
      b.lastStep - a.lastStep ||
      (a.payBy === b.payBy ? 0 : a.payBy > b.payBy ? -1 : 1) ||
      ((a.number ?? '') < (b.number ?? '') ? -1 : 1),
  )[0];
}

class Order15 {
  readonly order: Order;
  readonly home: Home;
  readonly external: boolean;
  readonly steps: Step[];
  readonly sends: Send[];
  readonly callbacks: Callback[];
  readonly counted: Callback[];
  readonly facts: Fact[];
  /** As they were said; in `facts` they are refusals. */
  readonly refusedTests: Fact[];
  /** The newest creating send. */
  readonly attempt: Send | undefined;

  constructor(order: Order, home: Home) {
    this.order = order;
    this.home = home;
    this.external = order.operation === 'external';
    this.steps = [...order.steps].sort(byNumber);
    this.sends = this.steps.filter(step => step.kind === 'send');
    this.attempt = this.sends.filter(send => send.operation === 'create').at(-1);
    const ids = order.callbacks.map(idOf);
    this.callbacks = order.callbacks.filter((callback, index) => ids.indexOf(idOf(callback)) === index);
    this.counted = this.callbacks.filter(callback => this.isCounted(callback) && !this.isForHistoryOnly(callback));
    const asSaid = [...this.callbackFacts(), ...this.answerFacts(), ...this.decisionFacts()];
    this.refusedTests = asSaid.filter(fact => this.isRefusedTest(fact));
    const asRefusal = (fact: Fact): Fact => ({ ...fact, says: order.method === 'card' ? 'NG' : '02' });
    this.facts = asSaid.map(fact => (this.refusedTests.includes(fact) ? asRefusal(fact) : fact));
  }

  // ---- EMV 3-D Secure

  /** Enrolled, and the payer is not back yet. */
  waitsForPayer(): boolean {
    return this.attempt?.authentication?.stage === 'wait' && this.attempt.answer === null;
  }

  /** An NG from before any payment request, one that the newest had seen, or one of an order that has expired. */
  isForHistoryOnly(callback: Callback): boolean {
    const { attempt } = this;
    if (callback.status !== 'NG' || !attempt?.authentication) return false;
    if (attempt.authentication.stage !== 'pay') return true;
    return attempt.seen.includes(idOf(callback)) || attempt.answer?.kind === 'expired';
  }

  /** Against an OK: no payment was asked for yet. */
  notAskedFor(): Fact | null {
    const { attempt } = this;
    if (!attempt?.authentication || attempt.authentication.stage === 'pay' || attempt.answer) return null;
    return { ...this.ofAttempt(attempt, null), key: `step ${attempt.number}`, from: 'decision', says: 'not asked for' };
  }

  /** Against an OK: the response to the payment request was about another order. */
  aboutAnotherOrder(): Fact | null {
    const { attempt } = this;
    if (attempt?.answer?.kind !== 'done' || !attempt.answer.authorised?.isOtherOrder) return null;
    return { ...this.ofAttempt(attempt, null), says: 'another order' };
  }

  ofAttempt(attempt: Send, about: string | null): Fact {
    return {
      key: answerId(attempt),
      from: 'answer',
      about,
      names: null,
      says: '',
      amountYen: null,
      step: attempt.number,
      elsewhere: false,
      tests: null,
    };
  }

  // ---- tests

  /** A number with TEST in it, or one of whose callbacks has a payer's name that ends in a test ID. */
  isTestPayment(number: string | null): boolean {
    if (number?.includes('TEST')) return true;
    return this.callbacks.some(callback => callback.testId && this.aboutCallback(callback) === number);
  }

  /** OK; 03, 07; 01, 04, 05, 11, 12; successful answers. Orders asked for as tests are none of it. */
  isRefusedTest({ from, says, about, tests }: Fact): boolean {
    if (this.order.test || from === 'decision' || tests === 'accepted' || !this.isTestPayment(about)) return false;
    if (this.order.method === 'card') return says === 'OK';
    if (this.order.method === 'carrier') return says === '03' || says === '07';
    return says === '01' || says === '04' || says === '05' || says === '11' || says === '12';
  }

  // ---- which payment something is about

  /** An answer's number that was cut off is the one callback's number that begins with it. */
  whole(number: string): string {
    const isAnswers = this.sends.some(
      ({ operation, answer }) =>
        operation === 'create' && answer && 'orderNumber' in answer && answer.orderNumber === number,
    );
    if (!isAnswers) return number;
    const heard = new Set<string>();
    for (const { orderNumber } of this.callbacks) if (orderNumber?.startsWith(number)) heard.add(orderNumber);
    return heard.size === 1 && !heard.has(number) ? ([...heard][0] ?? number) : number;
  }

  /** Undefined: it has no number, and where those belong is not known yet. */
  about(number: string | null): string | null | undefined {
    if (number !== null) return this.whole(number);
    return this.home === 'none' ? undefined : this.home.number;
  }

  aboutOf(step: Numbered): string | null | undefined {
    if (step.kind !== 'send' || step.operation !== 'create') return this.about(step.orderNumber);
    return this.about(step.answer && 'orderNumber' in step.answer ? step.answer.orderNumber : null);
  }

  aboutCallback = ({ orderNumber }: Callback): string | null | undefined =>
    orderNumber === null ? this.about(null) : orderNumber;

  numbers(): (string | null)[] {
    const found = new Set<string | null | undefined>();
    for (const fact of this.facts) found.add(fact.about);
    for (const step of this.steps) {
      if (step.kind !== 'acknowledgement' && !(step.kind === 'send' && step.operation === 'create'))
        found.add(this.aboutOf(step));
    }
    if (this.external) for (const callback of this.callbacks) found.add(this.aboutCallback(callback));
    if (this.home !== 'none') found.add(this.home.number);
    return [...found].filter(number => number !== undefined).filter(number => number !== null || found.size === 1);
  }

  // ---- which callbacks count

  isListed({ status }: Callback): boolean {
    if (this.order.method === 'card') return status === 'OK' || status === 'NG';
    if (this.order.method === 'carrier') return ['02', '03', '06', '07', '08', '09'].includes(status);
    return ['01', '02', '03', '04', '05', '06', '11', '12', '13'].includes(status);
  }

  isCounted(callback: Callback): boolean {
    if (callback.lacks.length > 0) return false;
    return this.isListed(callback) && callback.ipCode !== 'other' && this.isRightAmount(callback);
  }

  isRightAmount(callback: Callback): boolean {
    const { amountYen, status } = callback;
    if (amountYen === null) return true;
    if (amountYen === 'invalid') return false;
    if (this.external) return true;
    if (amountYen === this.order.amountYen) return true;
    if (this.order.method !== 'carrier') return false;
    if (!['06', '07', '08', '09'].includes(status)) return false;
    const payment = callback.orderNumber ?? (this.home === 'none' ? undefined : this.home.number);
    if (payment === undefined) return false;
    if (this.asked(payment).includes(amountYen)) return true;
    const type = this.order.carrier?.type;
    if (status !== '07' || (type !== 'docomo' && type !== 'au')) return false;
    return amountYen > 0 && amountYen < this.order.amountYen && this.isAuthorizationKnown(payment);
  }

  isAuthorizationKnown(payment: string | null): boolean {
    const homeNumber = this.home === 'none' ? undefined : this.home.number;
    const heard = this.callbacks.some(
      other =>
        other.status === '03' &&
        other.ipCode !== 'other' &&
        other.lacks.length === 0 &&
        (other.amountYen === null || other.amountYen === this.order.amountYen) &&
        (other.orderNumber ?? homeNumber) === payment,
    );
    if (heard) return true;
    return this.steps.some(
      step => step.kind === 'decision' && step.outcome === 'authorized' && (step.orderNumber ?? homeNumber) === payment,
    );
  }

  /** The amounts that we asked to settle there, oldest first. */
  asked(payment: string | null): number[] {
    const homeNumber = this.home === 'none' ? undefined : this.home.number;
    const amounts: number[] = [];
    for (const send of this.sends) {
      if (send.operation !== 'settle') continue;
      if ((send.orderNumber ?? homeNumber) !== payment) continue;
      const amount = send.settlement?.amountYen ?? (this.external ? null : this.order.amountYen);
      if (amount !== null) amounts.push(amount);
    }
    return amounts;
  }

  /** What we asked to settle, less what was refused, and bookings that were withdrawn. */
  mayHaveSettled(payment: string | null): number[] {
    const homeNumber = this.home === 'none' ? undefined : this.home.number;
    const own = this.sends.filter(send => (send.orderNumber ?? homeNumber) === payment);
    const amounts: number[] = [];
    for (const send of own) {
      if (send.operation === 'withdraw' && send.answer?.kind === 'done') amounts.length = 0;
      if (send.operation !== 'settle' || (send.answer !== null && send.answer.kind !== 'done')) continue;
      const amount = send.settlement?.amountYen ?? (this.external ? null : this.order.amountYen);
      if (amount !== null) amounts.push(amount);
    }
    return amounts;
  }

  /** Null: an external order none of whose callbacks named an amount. */
  firstAmount(): number | null {
    if (!this.external) return this.order.amountYen;
    const named = this.callbacks
      .filter(callback => this.isCounted(callback))
      .map(({ amountYen }) => amountYen)
      .filter(amount => typeof amount === 'number');
    return named.length > 0 ? Math.max(...named) : null;
  }

  // ---- facts

  callbackFacts(): Fact[] {
    const facts: Fact[] = [];
    for (const callback of this.counted) {
      const about = this.aboutCallback(callback);
      if (about === undefined) continue;
      const amountYen = typeof callback.amountYen === 'number' ? callback.amountYen : null;
      facts.push({
        key: idOf(callback),
        from: 'callback',
        about,
        names: callback.orderNumber,
        says: callback.status,
        amountYen,
        step: 0,
        elsewhere: false,
        tests: callback.testsAccepted ? 'accepted' : 'refused',
      });
    }
    return facts;
  }

  answerFacts(): Fact[] {
    const facts: Fact[] = [];
    for (const send of this.sends) {
      if (send.operation === 'create' && send !== this.attempt) continue;
      const about = this.aboutOf(send);
      const says = this.saidBy(send);
      if (about === undefined || says === null) continue;
      const elsewhere = send.answer?.kind === 'done' && send.answer.elsewhere;
      const amountYen =
        send.operation === 'settle' && !elsewhere ? (send.settlement?.amountYen ?? this.firstAmount()) : null;
      facts.push({
        key: answerId(send),
        from: 'answer',
        about,
        names: send.answer && 'orderNumber' in send.answer && send.answer.orderNumber === null ? null : about,
        says,
        amountYen,
        step: send.number,
        elsewhere,
        tests: send.answer?.kind === 'done' && send.answer.testsAccepted ? 'accepted' : 'refused',
      });
    }
    return facts;
  }

  /** The callback that an answer is equal to; null: it says nothing about the payment. */
  saidBy({ operation, answer }: Send): string | null {
    if (answer === null) return null;
    if (operation === 'create') {
      const { method } = this.order;
      if (answer.kind === 'done') return method === 'card' ? 'OK' : '01';
      if (answer.kind === 'refused') return method === 'card' ? 'NG' : '02';
      return null;
    }
    if (operation === 'cancel' && answer.kind === 'done') return 'our cancel';
    if (operation === 'return' && answer.kind === 'done') return 'our return';
    if (operation === 'settle' && answer.kind === 'cancelled') return 'our return';
    if (operation === 'settle' && answer.kind === 'done' && answer.bookedOn === null) return '07';
    return null;
  }

  decisionFacts(): Fact[] {
    const facts: Fact[] = [];
    for (const step of this.decisions()) {
      const about = this.aboutOf(step);
      if (about === undefined) continue;
      facts.push({
        key: `step ${step.number}`,
        from: 'decision',
        about,
        names: step.orderNumber,
        says: this.saidByOperator(step),
        amountYen: step.outcome === 'paid' ? step.amountYen : null,
        step: step.number,
        elsewhere: false,
        tests: null,
      });
    }
    return facts;
  }

  saidByOperator({ outcome }: Decision): string {
    const { method } = this.order;
    if (method === 'card') {
      if (outcome === 'paid') return 'OK';
      if (outcome === 'declined') return 'NG';
      if (outcome === 'cancelled') return 'our cancel';
    }
    if (method === 'carrier') {
      if (outcome === 'authorized') return '03';
      if (outcome === 'paid') return '07';
      if (outcome === 'settle_failed') return '06';
      if (outcome === 'declined') return '02';
      if (outcome === 'cancelled') return 'our return';
    }
    if (method === 'cvs') {
      if (outcome === 'paid') return '05';
      if (outcome === 'received') return '04';
      if (outcome === 'declined') return '02';
      if (outcome === 'expired') return '03';
      if (outcome === 'awaiting_customer') return '01';
      if (outcome === 'cancelled') return 'decided cancelled';
    }
    return `decided ${outcome}`;
  }

  decisions(): Decision[] {
    return this.steps.filter(step => step.kind === 'decision');
  }

  decisionsAbout(number: string | null): Decision[] {
    return this.decisions().filter(step => this.aboutOf(step) === number);
  }

  /** The facts about a payment that no decision about it outranks. */
  inForce(number: string | null): Fact[] {
    const decisions = this.decisionsAbout(number);
    return this.facts
      .filter(fact => fact.about === number)
      .filter(fact => !decisions.some(decision => hadSeen(decision, fact)))
      .map(fact => this.afterOperatorsCancel(number, this.cancelledBeforehand(number, fact)));
  }

  /** An operator who cancelled before anything but a failure was known of a carrier payment gave nothing back. */
  cancelledBeforehand(number: string | null, fact: Fact): Fact {
    const decision = this.decisions().find(step => fact.from === 'decision' && step.number === fact.step);
    if (decision?.outcome !== 'cancelled' || this.order.method !== 'carrier') return fact;
    const knew = this.facts.some(other => other.about === number && other.says !== '02' && hadSeen(decision, other));
    return knew ? fact : { ...fact, says: 'cancelled beforehand' };
  }

  /** What comes in after an operator cancelled a store order is money after cancellation. */
  afterOperatorsCancel(number: string | null, fact: Fact): Fact {
    if (this.order.method !== 'cvs' || fact.from !== 'callback') return fact;
    const own = this.decisionsAbout(number).at(-1);
    let cancel: Decision | undefined;
    if (own) {
      if (own.outcome === 'cancelled') cancel = own;
    } else {
      const newest = this.decisions()
        .filter(step => step.outcome === 'cancelled' && this.aboutOf(step) !== undefined)
        .at(-1);
      if (newest && !this.facts.some(other => other.names === number && hadSeen(newest, other))) cancel = newest;
    }
    if (!cancel || hadSeen(cancel, fact)) return fact;
    if (fact.says === '04') return { ...fact, says: '11' };
    if (fact.says === '05') return { ...fact, says: '12' };
    if (fact.says === '06') return { ...fact, says: '13' };
    return fact;
  }

  // ---- open sends

  /** A decision closes every open send begun before it; `cancelled` about another payment does not. */
  isClosed(send: Send, number: string | null): boolean {
    return this.decisions().some(step => {
      const about = this.aboutOf(step);
      return step.number > send.number && about !== undefined && (step.outcome !== 'cancelled' || about === number);
    });
  }

  isEndedByCallback(begun: Step, number: string | null, words: string[]): boolean {
    return this.counted.some(
      callback =>
        words.includes(callback.status) &&
        this.aboutCallback(callback) === number &&
        !begun.seen.includes(idOf(callback)),
    );
  }

  openSends(number: string | null): Send[] {
    return this.sends.filter(send => {
      if (send.operation === 'create' || send.answer !== null) return false;
      if (this.aboutOf(send) !== number) return false;
      if (this.isClosed(send, number)) return false;
      if (send.operation === 'return') return !this.isEndedByCallback(send, number, ['08', '09']);
      if (send.operation === 'cancel') return true;
      return !this.isEndedByCallback(send, number, ['06', '07', '08', '09']);
    });
  }

  /** Whether the outcome of the newest attempt is still not known: no callback that it had not seen, no decision. */
  isAttemptUndecided(number: string | null): boolean {
    const { attempt } = this;
    if (!attempt || this.aboutOf(attempt) !== number) return false;
    if (attempt.answer !== null && attempt.answer.kind !== 'unknown') return false;
    if (this.counted.some(callback => !attempt.seen.includes(idOf(callback)))) return false;
    return !this.isClosed(attempt, number);
  }

  isAttemptOpen(): boolean {
    if (this.attempt?.answer !== null) return false;
    return this.home !== 'none' && this.isAttemptUndecided(this.home.number);
  }

  isBooked(number: string | null): boolean {
    return this.steps.some(step => {
      if (step.kind !== 'booking' && step.kind !== 'send') return false;
      if (step.kind === 'send') {
        if (step.operation !== 'settle' || step.answer?.kind !== 'done' || step.answer.bookedOn === null) return false;
      }
      if (this.aboutOf(step) !== number) return false;
      if (this.isEndedByCallback(step, number, ['06', '07', '08', '09'])) return false;
      return !this.steps.some(later => {
        if (later.number <= step.number || later.kind === 'acknowledgement') return false;
        if (this.aboutOf(later) !== number) return false;
        if (later.kind === 'decision' || later.kind === 'booking_ended') return true;
        return later.kind === 'send' && later.operation === 'withdraw' && later.answer?.kind === 'done';
      });
    });
  }

  // ---- one payment

  payments(): Payment[] {
    return this.numbers().map(number => this.payment(number));
  }

  payment(number: string | null): Payment {
    const raised: Raised[] = [];
    const line = this.line(number, raised);
    const facts = this.facts.filter(fact => fact.about === number);
    const nothing = this.nothingHappened(number);
    return {
      number,
      status: this.openStatus(number) ?? line,
      paid: this.paid(number),
      raised,
      facts: nothing ? [...facts, nothing] : facts,
      forDuplicates: this.inForce(number).filter(({ says }) =>
        this.order.method === 'carrier'
          ? says === '03' || says === '07'
          : this.order.method === 'cvs' && (says === '04' || says === '05'),
      ),
      lastStep: this.lastStep(number),
      payBy: this.payBy(number),
    };
  }

  openStatus(number: string | null): Status | null {
    const newest = this.openSends(number).at(-1);
    if (newest) {
      if (newest.operation === 'settle') return 'settling';
      if (newest.operation === 'withdraw') return 'settle_scheduled';
      return 'cancelling';
    }
    return null;
  }

  line(number: string | null, raised: Raised[]): Status {
    if (this.order.method === 'card') return this.cardLine(number, raised);
    if (this.order.method === 'carrier') return this.carrierLine(number, raised);
    return this.cvsLine(number, raised);
  }

  cardLine(number: string | null, raised: Raised[]): Status {
    const facts = this.inForce(number);
    const ok = facts.filter(({ says }) => says === 'OK');
    const ng = facts.filter(({ says }) => says === 'NG');
    if (facts.some(({ says }) => says === 'our cancel')) return 'cancelled';
    if (ok.length > 0) {
      const against = this.againstCardOk(number);
      if (against.length > 0) raised.push({ reason: 'contradiction', facts: [...ok, ...against] });
      return this.firstAmount() === 0 ? 'registered' : 'paid';
    }
    const { attempt } = this;
    const fresh = ng.filter(fact => {
      if (fact.from === 'decision') return true;
      if (fact.from === 'answer') return fact.step === attempt?.number;
      return !attempt?.seen.includes(fact.key);
    });
    if (fresh.length > 0) return 'declined';
    return this.howTheAttemptEnded(number, ng.length > 0);
  }

  againstCardOk(number: string | null): Fact[] {
    const decision = this.decisionsAbout(number).at(-1);
    const against: Fact[] = [];
    for (const other of this.numbers()) {
      for (const fact of this.facts.filter(({ about }) => about === other)) {
        if (decision && hadSeen(decision, fact)) continue;
        if (fact.says === 'NG') against.push(fact);
        if (fact.says === 'OK' && other !== number) against.push(fact);
      }
    }
    for (const other of this.numbers()) {
      const nothing = this.nothingHappened(other);
      if (nothing && !decision?.seen.includes(nothing.key)) against.push(nothing);
    }
    for (const fact of [this.notAskedFor(), this.aboutAnotherOrder()])
      if (fact && !(decision && hadSeen(decision, fact))) against.push(fact);
    return against;
  }

  /** The newest attempt's answer, if it is `not_processed` or `expired` and belongs to this payment. */
  nothingHappened(number: string | null): Fact | null {
    const { attempt } = this;
    if (!attempt || this.aboutOf(attempt) !== number) return null;
    if (attempt.answer?.kind !== 'not_processed' && attempt.answer?.kind !== 'expired') return null;
    return { ...this.ofAttempt(attempt, number), says: 'not processed' };
  }

  carrierLine(number: string | null, raised: Raised[]): Status {
    const facts = this.inForce(number);
    const said = (word: string) => facts.filter(({ says }) => says === word);
    if (said('08').length > 0) return 'cancelled';
    if (said('09').length > 0) {
      raised.push({ reason: 'cancel_failed', facts: said('09') });
      if (said('our return').length > 0)
        raised.push({ reason: 'contradiction', facts: [...said('09'), ...said('our return')] });
      return 'paid';
    }
    if (said('our return').length > 0) return 'cancelled';
    if (said('07').length > 0) {
      if (said('06').length > 0) raised.push({ reason: 'contradiction', facts: [...said('07'), ...said('06')] });
      return 'paid';
    }
    if (said('06').length > 0) return 'settle_failed';
    if (said('03').length > 0) return this.isBooked(number) ? 'settle_scheduled' : 'authorized';
    if (said('cancelled beforehand').length > 0) return 'cancelled';
    if (said('02').length > 0) return 'declined';
    return this.external ? 'unknown' : 'awaiting_customer';
  }

  cvsLine(number: string | null, raised: Raised[]): Status {
    const facts = this.inForce(number);
    const said = (word: string) => facts.filter(({ says }) => says === word);
    if (said('12').length > 0) {
      raised.push({ reason: 'money_after_cancel', facts: said('12') });
      if (said('13').length > 0) raised.push({ reason: 'contradiction', facts: [...said('12'), ...said('13')] });
      return 'paid_after_cancel';
    }
    if (said('13').length > 0) return 'reversed_after_cancel';
    if (said('11').length > 0) {
      raised.push({ reason: 'money_after_cancel', facts: said('11') });
      return 'received_after_cancel';
    }
    if (said('decided cancelled').length > 0) return 'cancelled';
    if (said('05').length > 0) return 'paid';
    if (said('06').length > 0) return 'reversed';
    if (said('04').length > 0) return 'received';
    if (said('03').length > 0) return 'expired';
    if (said('01').length > 0) {
      if (said('02').length > 0) raised.push({ reason: 'contradiction', facts: [...said('01'), ...said('02')] });
      return 'awaiting_customer';
    }
    if (said('02').length > 0) return 'declined';
    return this.howTheAttemptEnded(number, false);
  }

  /** `refused`: the payment has a refusal, of an attempt before the newest. */
  howTheAttemptEnded(number: string | null, refused: boolean): Status {
    const { attempt } = this;
    if (attempt?.answer?.kind === 'not_processed') return 'not_processed';
    if (attempt?.answer?.kind === 'expired') return 'expired';
    if (this.waitsForPayer()) return 'awaiting_customer';
    if (attempt && this.aboutOf(attempt) === number) {
      if (this.isAttemptUndecided(number)) return 'unknown';
    }
    return refused ? 'declined' : 'unknown';
  }

  // ---- money

  paid(number: string | null): Money {
    const facts = this.moneyFacts(number);
    const amount = this.amountTaken(number, facts);
    if (amount === undefined || amount === 0) return null;
    return { amountYen: amount };
  }

  /** Decisions other than paid, received and cancelled say that what was heard before took no money. */
  moneyFacts(number: string | null): Fact[] {
    const newest = this.decisionsAbout(number).at(-1);
    const all = this.facts.filter(fact => fact.about === number);
    if (!newest) return all;
    if (newest.outcome === 'paid' || newest.outcome === 'received' || newest.outcome === 'cancelled') return all;
    return all.filter(fact => fact.step === newest.number || !hadSeen(newest, fact));
  }

  /** Undefined: nothing was taken. */
  amountTaken(number: string | null, facts: Fact[]): number | null | undefined {
    const said = (word: string) => facts.filter(({ says }) => says === word);
    const decided = facts.filter(fact => fact.from === 'decision' && fact.amountYen !== null).at(-1);
    if (decided) return decided.amountYen;
    if (this.order.method === 'card') return said('OK').length > 0 ? this.firstAmount() : undefined;
    if (this.order.method === 'cvs') {
      const taken = facts.some(({ says }) => says === '04' || says === '05' || says === '11' || says === '12');
      return taken ? this.firstAmount() : undefined;
    }
    if (said('07').length === 0 && said('09').length === 0) return undefined;
    const asked = this.asked(number);
    const named = said('07')
      .filter(({ from }) => from === 'callback')
      .map(({ amountYen }) => amountYen)
      .filter(amount => amount !== null);
    const namedAndAsked = named.filter(amount => asked.includes(amount));
    if (namedAndAsked.length > 0) return Math.max(...namedAndAsked);
    if (named.length > 0) return Math.max(...named);
    const answers = said('07').filter(({ from }) => from === 'answer');
    const ours = answers.find(({ elsewhere }) => !elsewhere);
    if (ours) return ours.amountYen;
    const inNine = said('09')
      .map(({ amountYen }) => amountYen)
      .filter(amount => amount !== null);
    const inNineAndAsked = inNine.filter(amount => asked.includes(amount));
    if (inNineAndAsked.length > 0) return Math.max(...inNineAndAsked);
    if (inNine.length > 0) return Math.max(...inNine);
    if (answers.length > 0) return null;
    return this.mayHaveSettled(number).at(-1) ?? this.firstAmount();
  }

  // ---- what decides among equals

  lastStep(number: string | null): number {
    const isOurs = (step: Step): boolean => {
      if (step.kind === 'acknowledgement') return false;
      if (step.kind !== 'send' || step.operation !== 'create') return this.aboutOf(step) === number;
      const { answer } = step;
      const hasNamed = answer?.kind === 'done' && answer.orderNumber !== null;
      return this.order.method === 'card' && hasNamed && this.aboutOf(step) === number;
    };
    const own = this.steps.filter(isOurs);
    return own.at(-1)?.number ?? 0;
  }

  payBy(number: string | null): string {
    if (this.order.method !== 'cvs') return '';
    const named = this.counted
      .filter(callback => this.aboutCallback(callback) === number)
      .map(({ cvs }) => cvs?.payBy ?? '')
      .sort();
    if (named.at(-1)) return named.at(-1) ?? '';
    const answered = this.sends
      .filter(send => send.operation === 'create' && send.answer?.kind === 'done' && this.aboutOf(send) === number)
      .map(({ answer }) => (answer?.kind === 'done' && answer.cvs?.payBy) || '')
      .sort();
    return answered.at(-1) ?? '';
  }

  // ---- attention of the order

  attention(payments: Payment[]): AttentionReason[] {
    const reasons: AttentionReason[] = [];
    for (const { reason, facts } of payments.flatMap(({ raised }) => raised)) {
      if (!this.isCovered(reason, facts)) reasons.push(reason);
    }
    for (const callback of this.callbacks) {
      const fact = { key: idOf(callback), from: 'callback' } as Fact;
      if (callback.ipCode === 'other' && !this.isCovered('ip_code_mismatch', [fact])) reasons.push('ip_code_mismatch');
      if (!this.isListed(callback) && !this.isCovered('unlisted_status', [fact])) reasons.push('unlisted_status');
      if (!this.isRightAmount(callback) && !this.isCovered('amount_mismatch', [fact])) reasons.push('amount_mismatch');
      for (const lacking of callback.lacks) {
        const reason = lacking === 'ipCode' ? 'ip_code_mismatch' : 'amount_mismatch';
        if (!this.isCovered(reason, [fact])) reasons.push(reason);
      }
    }
    if (this.refusedTests.some(fact => !this.isCovered('test_payment', [fact]))) reasons.push('test_payment');
    if (this.isDuplicate(payments)) reasons.push('duplicate_payment');
    if (this.isSettlementDue(payments)) reasons.push('settlement_due');
    if (payments.some(({ number }) => this.isOutcomeUnknown(number))) reasons.push('outcome_unknown');
    if (this.external) {
      const why = this.order.conflicting ? 'conflicting_parameters' : 'unmatched';
      if (acknowledgements(this.order, why).length === 0) reasons.push(why);
      return reasons;
    }
    if (this.isSettledElsewhere(payments)) reasons.push('settled_elsewhere');
    return reasons;
  }

  isCovered(reason: AttentionReason, facts: Fact[]): boolean {
    return acknowledgements(this.order, reason).some(step => facts.every(fact => hadSeen(step, fact)));
  }

  isDuplicate(payments: Payment[]): boolean {
    const paying = payments.map(({ forDuplicates }) => forDuplicates).filter(facts => facts.length > 0);
    if (paying.length < 2) return false;
    return !acknowledgements(this.order, 'duplicate_payment').some(step =>
      paying.every(facts => facts.some(fact => hadSeen(step, fact))),
    );
  }

  isSettlementDue(payments: Payment[]): boolean {
    return this.steps.some(note => {
      if (note.kind !== 'settlement_due') return false;
      const number = this.aboutOf(note);
      const status = payments.find(payment => payment.number === number)?.status;
      if (status !== 'authorized' && status !== 'settle_scheduled' && status !== 'settling' && status !== 'cancelling')
        return false;
      if (this.decisions().some(step => step.number > note.number && this.aboutOf(step) === number)) return false;
      return !acknowledgements(this.order, 'settlement_due').some(step => step.number > note.number);
    });
  }

  isOutcomeUnknown(number: string | null): boolean {
    if (this.openSends(number).some(({ lost }) => lost)) return true;
    return this.attempt?.answer?.kind === 'unknown' && this.isAttemptUndecided(number);
  }

  isSettledElsewhere(payments: Payment[]): boolean {
    const raising: Fact[] = [];
    for (const { number } of payments) {
      const settlements = this.asked(number);
      const asked = settlements.length > 0 ? settlements : [this.order.amountYen];
      for (const fact of this.inForce(number)) {
        if (fact.says !== '07') continue;
        if (fact.from === 'callback' && fact.amountYen !== null && !asked.includes(fact.amountYen)) raising.push(fact);
        if (fact.from === 'answer' && fact.elsewhere) raising.push(fact);
      }
    }
    return raising.length > 0 && !this.isCovered('settled_elsewhere', raising);
  }
}
