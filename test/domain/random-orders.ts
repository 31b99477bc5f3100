/**
 * Random orders for the property test: a short life in which callbacks, our sends, their answers, decisions,
 * acknowledgements, bookings and notes happen in any sequence. What a step had seen is what was stored when it began.
 * Half of the lives keep to what the API allows (one send open at a time, an answer before the next send), half do not.
 */
import { callbackId } from '../../shared/domain/facts.ts';
import type { Callback, Order, Send, SettlementRequest, Step } from '../../shared/domain/order.ts';
import type { AttentionReason, DecisionOutcome, Method, SendOperation } from '../../shared/domain/words.ts';

export type Random = () => number;

/** mulberry32: small, and the same sequence for the same seed on every machine. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const at = '2026-11-20T03:04:05.678Z';
const failure = { reason: 'refused', code: null, parameter: null, message: 'refused', payerMessage: null } as const;

export const aCallback = (status: string, more: Partial<Callback> = {}): Callback => ({
  orderNumber: 'A100',
  status,
  amountYen: 1000,
  ipCode: 'right',
  at,
  code: null,
  failure: null,
  testId: false,
  testsAccepted: false,
  lacks: [],
  card: null,
  carrier: null,
  cvs: null,
  ...more,
});

export const anEmptyOrder = (method: Method, more: Partial<Order> = {}): Order => ({
  orderId: 'order',
  method,
  operation: method === 'card' ? 'token_charge' : method === 'carrier' ? 'carrier_order' : 'cvs_order',
  amountYen: 1000,
  reference: null,
  test: false,
  conflicting: false,
  request: 'request',
  card: method === 'card' ? { cardId: null, installments: '01' } : null,
  carrier: method === 'carrier' ? { type: 'docomo' } : null,
  cvs: method === 'cvs' ? { store: 'lawson' } : null,
  createdAt: at,
  updatedAt: at,
  version: 1,
  numbers: [],
  callbacks: [],
  steps: [],
  keys: {},
  history: [],
  attentionSince: {},
  ...more,
});

const callbackStatuses = {
  card: ['OK', 'OK', 'OK', 'NG', 'NG', 'XX'],
  carrier: ['02', '03', '03', '03', '06', '07', '07', '07', '08', '09', '09', '99'],
  cvs: ['01', '01', '02', '03', '04', '04', '05', '05', '06', '11', '12', '13', '99'],
};

const operations: Record<Method, SendOperation[]> = {
  card: ['cancel', 'cancel', 'create'],
  carrier: ['settle', 'settle', 'settle', 'withdraw', 'return', 'return'],
  cvs: ['create'],
};

const outcomes: Record<Method, DecisionOutcome[]> = {
  card: ['paid', 'declined', 'cancelled'],
  carrier: ['authorized', 'paid', 'settle_failed', 'declined', 'cancelled', 'cancelled'],
  cvs: ['paid', 'received', 'declined', 'cancelled', 'cancelled', 'cancelled', 'expired', 'awaiting_customer'],
};

const reasons: AttentionReason[] = [
  'amount_mismatch',
  'ip_code_mismatch',
  'contradiction',
  'duplicate_payment',
  'cancel_failed',
  'money_after_cancel',
  'unlisted_status',
  'unmatched',
  'settlement_due',
  'settled_elsewhere',
  'test_payment',
  'conflicting_parameters',
];

export const seenIn = ({ callbacks, steps }: Order): string[] => [
  ...callbacks.map(callbackId),
  ...steps.flatMap(step => {
    if (step.kind === 'send') return step.answer ? [`answer ${step.number} ${step.answer.kind}`] : [];
    return step.kind === 'acknowledgement' ? [] : [`step ${step.number}`];
  }),
];

export function randomOrder(method: Method, random: Random): Order {
  return new Life(method, random).order;
}

/** 3-D Secure: before the payment is asked for nothing is paid, and nothing unknown. */
function creatingKinds({ authentication }: Send) {
  if (authentication?.stage === 'enrol') return ['refused', 'not_processed'] as const;
  if (authentication?.stage === 'wait') return ['refused', 'not_processed', 'expired', 'expired'] as const;
  if (authentication) return ['done', 'done', 'refused', 'not_processed', 'expired', 'unknown', 'unknown'] as const;
  return ['done', 'done', 'refused', 'not_processed', 'unknown', 'unknown'] as const;
}

const isBeforePayment = ({ authentication, answer }: Send): boolean =>
  authentication !== undefined && authentication.stage !== 'pay' && answer === null;

class Life {
  readonly order: Order;
  readonly random: Random;
  readonly plausible: boolean;
  readonly pool: (string | null)[];

  constructor(method: Method, random: Random) {
    this.random = random;
    this.plausible = this.chance(0.5);
    const external = this.chance(0.1);
    this.order = anEmptyOrder(method, {
      ...(external && { operation: 'external' as const, request: '', conflicting: this.chance(0.1) }),
      test: !external && method !== 'card' && this.chance(0.1),
      amountYen: external ? 0 : method === 'card' && this.chance(0.1) ? 0 : 1000,
      carrier: method === 'carrier' ? { type: external ? null : this.pick(['docomo', 'au', 'softbank']) } : null,
    });
    this.pool = this.numbers(external);
    if (method === 'card' && !external && this.chance(0.35)) this.order.operation = 'authenticated_charge';
    if (method === 'card' && this.chance(0.1)) this.hear('NG');
    if (!external && method !== 'carrier') this.begin('create', null);
    const length = 1 + Math.floor(random() * 8);
    for (let event = 0; event < length; event++) this.live();
  }

  chance = (share: number) => this.random() < share;
  pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.random() * from.length)];
    if (picked === undefined) throw new Error('Nothing to pick from');
    return picked;
  }

  numbers(external: boolean): (string | null)[] {
    const isTest = this.chance(0.15);
    return this.usualNumbers(external).map(number => (isTest && number === 'A100' ? 'A100TEST' : number));
  }

  usualNumbers(external: boolean): (string | null)[] {
    if (external && this.chance(0.8)) return [this.chance(0.2) ? null : 'A100'];
    if (this.chance(0.35)) return ['A100', 'A100', 'A100', null];
    if (this.chance(0.5)) return ['A100', 'A100', 'B200', 'B200', null];
    if (this.chance(0.3)) return ['A10', 'A100', 'A100'];
    return ['A100', 'A105', 'B200', null];
  }

  /** A number that something stored names already, if there is one. */
  known(): string | null {
    const heard = this.order.callbacks.map(({ orderNumber }) => orderNumber);
    return heard.length > 0 && this.chance(this.plausible ? 1 : 0.8) ? this.pick(heard) : this.pick(this.pool);
  }

  live() {
    const { method } = this.order;
    const dice = this.random();
    const open = this.openSends();
    const { attempt } = this;
    if (attempt && isBeforePayment(attempt) && this.chance(0.5)) return this.advance(attempt);
    if (open.length > 0 && this.chance(0.4)) return this.answer(this.pick(open));
    const isBooked = this.order.steps.some(({ kind }) => kind === 'booking');
    if (isBooked && this.chance(0.2)) return this.begin('withdraw', this.known());
    if (dice < 0.5) return this.hear();
    if (dice < 0.66) {
      const done = this.pick(operations[method]);
      if (done === 'create') return attempt?.answer?.kind === 'not_processed' ? this.beginAgain() : this.hear();
      if (this.plausible && open.length > 0) return this.answer(this.pick(open));
      // A card charge is cancelled under the number that something named.
      if (method === 'card' && attempt?.answer?.kind !== 'done') return this.hear();
      return this.begin(done, this.known());
    }
    if (dice < 0.71 && method === 'carrier') return this.book();
    // A card that waits for 3-D Secure cannot be decided, unless it was paid from elsewhere.
    const isWaiting =
      attempt && isBeforePayment(attempt) && this.order.callbacks.every(({ status }) => status !== 'OK');
    if (dice < 0.82 && !isWaiting) return this.decide();
    if (dice < 0.95) return this.acknowledge();
    if (method === 'carrier') return this.note();
    this.hear();
  }

  get attempt(): Send | undefined {
    return this.order.steps.filter(step => step.kind === 'send').findLast(({ operation }) => operation === 'create');
  }

  openSends(): Send[] {
    const { attempt } = this;
    return this.order.steps
      .filter(step => step.kind === 'send')
      .filter(send => {
        if (send.answer === null) return true;
        return send === attempt && send.answer.kind === 'unknown' && this.chance(0.3);
      });
  }

  hear(status?: string): void {
    const { method, amountYen, operation, callbacks } = this.order;
    if (this.order.conflicting) return;
    const wrong = this.chance(0.15);
    const callback = aCallback(status ?? this.pick(callbackStatuses[method]), {
      orderNumber: this.pick(this.pool),
      amountYen: wrong ? this.pick([600, 600, 0, 1500, null, null, 'invalid']) : amountYen,
      ipCode: this.chance(0.06) ? 'other' : this.pick(['right', 'right', 'absent']),
      testId: method === 'carrier' && this.chance(0.06),
      testsAccepted: this.chance(0.3),
      lacks: this.chance(0.08)
        ? this.pick([['amount'], ['ipCode'], ['amount', 'ipCode'], ['orderNumber', 'name']])
        : [],
    });
    if (operation === 'external' && !wrong) callback.amountYen = this.pick([1000, 1000, 600, null, 0]);
    if (method === 'carrier' && callback.status >= '06' && this.chance(0.35)) callback.amountYen = 600;
    if (method === 'cvs' && this.chance(0.4))
      callback.cvs = { store: null, paymentNumbers: [], payBy: this.pick(['2026-12-01', '2026-12-05', null]) };
    if (callbacks.every(each => callbackId(each) !== callbackId(callback))) callbacks.push(callback);
  }

  /** 3-D Secure: enrolled, then the payment is asked for, unless it is known to be paid. */
  advance(attempt: Send): void {
    const { authentication } = attempt;
    if (authentication?.stage === 'enrol') {
      attempt.authentication = { stage: 'wait', session: { xid: 'x', iframeUrl: 'y' }, result: null };
    } else if (this.order.callbacks.every(({ status }) => status !== 'OK')) {
      attempt.authentication = { stage: 'pay', session: null, result: { kind: 'success', code: '001' } };
      attempt.seen = seenIn(this.order);
    }
  }

  /** A further attempt replaces the one of which nothing happened. After a success or a decision there is none. */
  beginAgain(): void {
    const { callbacks, steps } = this.order;
    const numbers = new Set(callbacks.map(({ orderNumber }) => orderNumber));
    if (
      numbers.size > 1 ||
      callbacks.some(({ status }) => status !== 'NG') ||
      steps.some(({ kind }) => kind === 'decision')
    ) {
      this.hear();
      return;
    }
    this.begin('create', null);
    const newest = this.attempt;
    this.order.steps = steps.filter(step => step.kind !== 'send' || step.operation !== 'create' || step === newest);
  }

  base = () => ({ number: (this.order.steps.at(-1)?.number ?? 0) + 1, at, seen: seenIn(this.order) });

  add(step: Step): void {
    this.order.steps.push(step);
  }

  settlement = (): SettlementRequest => ({
    on: '2026-11-20',
    amountYen: this.pick([null, 1000, 600]),
    by: this.pick(['schedule', 'gateway']),
  });

  begin(operation: SendOperation, orderNumber: string | null): void {
    this.add({
      ...this.base(),
      kind: 'send',
      operation,
      orderNumber,
      settlement: operation === 'settle' ? this.settlement() : null,
      claim: null,
      attempts: 1,
      triedAt: null,
      lost: operation !== 'create' && this.chance(0.35),
      answer: null,
      ...(operation === 'create' &&
        this.order.operation === 'authenticated_charge' && {
          authentication: { stage: 'enrol', session: null, result: null },
        }),
    });
    const send = this.order.steps.at(-1);
    if (send?.kind === 'send' && this.chance(0.35)) this.answer(send);
  }

  answer(send: Send): void {
    const isCreate = send.operation === 'create';
    const kind = this.pick(
      isCreate
        ? creatingKinds(send)
        : send.operation === 'settle'
          ? (['done', 'done', 'done', 'done', 'refused', 'cancelled'] as const)
          : (['done', 'done', 'done', 'refused', 'not_processed'] as const),
    );
    const named = this.pick([...this.pool, 'A10', null]);
    const orderNumber = isCreate ? (kind === 'done' ? (named ?? 'A100') : kind === 'refused' ? named : null) : null;
    if (kind === 'done') {
      const isBooking = send.operation === 'settle' && this.chance(0.4);
      send.answer = {
        at,
        kind,
        orderNumber,
        bookedOn: isBooking ? '2026-12-01' : null,
        elsewhere: !isBooking && !isCreate && this.chance(0.15),
        testsAccepted: this.chance(0.3),
        ...(send.authentication && { authorised: { last4: null, brand: null, isOtherOrder: this.chance(0.2) } }),
        cvs:
          isCreate && this.order.method === 'cvs'
            ? { paymentNumbers: [], payBy: this.pick(['2026-12-01', '2026-12-03', null]), redirectUrl: null }
            : null,
      };
    } else if (kind === 'refused' || kind === 'not_processed' || kind === 'expired')
      send.answer = { at, kind, failure, orderNumber };
    else send.answer = { at, kind };
  }

  book(): void {
    this.add({ ...this.base(), kind: 'booking', orderNumber: this.known(), settlement: this.settlement() });
  }

  decide(): void {
    const { method, amountYen } = this.order;
    const outcome = this.pick(outcomes[method]);
    const mayName = outcome === 'paid' && amountYen > 0 && this.chance(0.4);
    this.add({
      ...this.base(),
      kind: 'decision',
      outcome,
      orderNumber: this.chance(0.3) ? null : this.known(),
      amountYen: mayName ? this.pick([1000, 600]) : null,
    });
  }

  acknowledge(): void {
    const named = this.chance(0.5) ? reasons : reasons.filter(() => this.chance(0.4));
    this.add({ ...this.base(), kind: 'acknowledgement', reasons: named });
  }

  note(): void {
    const kind = this.pick(['settlement_due', 'settlement_due', 'booking_ended'] as const);
    this.add({ ...this.base(), kind, orderNumber: this.known(), day: '2026-12-01', code: null });
  }
}
