/** Orders of random facts, of every kind and with every value that the types allow, sensible together or not. */
import type { HistoryEntry } from '../../shared/domain/history.ts';
import type { Answer, Callback, Order, SettlementRequest, Step } from '../../shared/domain/order.ts';
import type { Failure } from '../../shared/domain/outcome.ts';
import { decided, listed } from '../../shared/domain/tables.ts';
import { attentionReasons, decisionOutcomes, type Method, statuses } from '../../shared/domain/words.ts';
import { noon } from './orders.ts';

type Random = () => number;

export function anyOrder(random: Random): Order {
  const one = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const maybe = <T>(make: () => T): T | null => (random() < 0.5 ? make() : null);
  const several = <T>(most: number, make: (i: number) => T): T[] =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, (_, i) => make(i));
  const time = () => new Date(noon.getTime() + Math.floor(random() * 1e9)).toISOString();
  const day = () => one(['2026-11-20', '2026-12-01', '2027-01-09']);
  const number = () => maybe(() => one(['N1', 'N2', 'N3TEST']));
  const amount = () => one([0, 1, 5000, 8000]);

  const method = one<Method>(['card', 'carrier', 'cvs']);
  const failure = (): Failure => ({
    reason: one(['refused', 'maintenance', 'operator', 'connection_failed']),
    code: maybe(() => '02130114'),
    parameter: maybe(() => 'phone'),
    message: 'Refused',
    payerMessage: maybe(() => 'ご利用できません'),
  });
  const paymentNumbers = () => [
    { label: '受付番号', value: '12345678' },
    ...several(1, () => ({ label: '確認番号', value: '9' })),
  ];
  const callback = (): Callback => ({
    orderNumber: number(),
    status: one([...Object.keys(listed[method]), 'XX']),
    amountYen: one([null, 'invalid', 0, 5000, 8000] as const),
    ipCode: one(['right', 'other', 'absent'] as const),
    at: time(),
    code: maybe(() => '0008'),
    failure: maybe(failure),
    testId: random() < 0.5,
    testsAccepted: random() < 0.5,
    lacks: several(1, () => one(['amount', 'ipCode', 'orderNumber', 'name'] as const)),
    card: maybe(() => ({ last4: '1111', brand: maybe(() => 'visa' as const), installments: maybe(() => '03') })),
    carrier: maybe(() => one(['docomo', 'au', 'softbank'] as const)),
    cvs: maybe(() => ({ store: maybe(() => 'lawson' as const), paymentNumbers: paymentNumbers(), payBy: maybe(day) })),
  });
  const settlement = (): SettlementRequest => ({
    on: day(),
    amountYen: maybe(amount),
    by: one(['schedule', 'gateway'] as const),
  });
  const answer = (): Answer => {
    const at = time();
    const kind = one(['done', 'cancelled', 'refused', 'not_processed', 'unknown'] as const);
    if (kind === 'refused' || kind === 'not_processed') return { at, kind, failure: failure(), orderNumber: number() };
    if (kind !== 'done') return { at, kind };
    const cvs = {
      paymentNumbers: paymentNumbers(),
      payBy: maybe(day),
      redirectUrl: maybe(() => 'https://pay.example/1'),
    };
    return {
      at,
      kind,
      orderNumber: number(),
      bookedOn: maybe(day),
      elsewhere: random() < 0.5,
      testsAccepted: random() < 0.5,
      cvs: maybe(() => cvs),
    };
  };
  const step = (i: number): Step => {
    const base = { number: i + 1, at: time(), seen: several(2, () => one(['N1\tOK\t8000', 'answer 1 done'])) };
    const kind = one([
      'send',
      'send',
      'booking',
      'decision',
      'acknowledgement',
      'settlement_due',
      'booking_ended',
    ] as const);
    switch (kind) {
      case 'send':
        return {
          ...base,
          kind,
          operation: one(['create', 'cancel', 'settle', 'withdraw', 'return'] as const),
          orderNumber: number(),
          settlement: maybe(settlement),
          claim: maybe(() => ({ id: 'claim', at: time() })),
          attempts: one([1, 2, 7]),
          triedAt: maybe(time),
          lost: random() < 0.5,
          answer: maybe(answer),
        };
      case 'booking':
        return { ...base, kind, orderNumber: number(), settlement: settlement() };
      case 'decision': {
        const outcome = one(decisionOutcomes.filter(each => decided[method][each]));
        return { ...base, kind, outcome, orderNumber: number(), amountYen: maybe(amount) };
      }
      case 'acknowledgement':
        return { ...base, kind, reasons: several(2, () => one(attentionReasons)) };
      default:
        return { ...base, kind, orderNumber: number(), day: day(), code: maybe(() => '010100021') };
    }
  };
  const entry = (): HistoryEntry => ({
    at: time(),
    source: one(['api', 'gateway', 'callback', 'schedule', 'operator'] as const),
    event: 'card_ok',
    from: maybe(() => one(statuses)),
    to: one(statuses),
    code: maybe(() => '1'),
    note: maybe(() => 'note'),
    actor: maybe(() => 'clerk'),
    count: one([1, 2, 9]),
  });
  const key = () => ({ request: 'request', at: time(), step: one([1, 2, 3]) });
  return {
    orderId: Array.from({ length: 32 }, () => one([...'ABCDwxyz0189-_'])).join(''),
    method,
    operation: one(['token_charge', 'recurring_charge', 'carrier_order', 'cvs_order', 'external'] as const),
    amountYen: amount(),
    reference: maybe(() => one(['A-1', '注文 1'])),
    test: random() < 0.5,
    conflicting: random() < 0.1,
    request: one(['', 'digest of the request']),
    card: method === 'card' ? { cardId: maybe(() => 'C1'), installments: '01' } : null,
    carrier: method === 'carrier' ? { type: maybe(() => one(['docomo', 'au', 'softbank'] as const)) } : null,
    cvs: method === 'cvs' ? { store: maybe(() => 'lawson' as const) } : null,
    createdAt: time(),
    updatedAt: time(),
    version: one([1, 2, 100]),
    callbacks: several(4, callback),
    steps: several(5, step),
    keys: Object.fromEntries(several(3, i => [`key ${i}`, key()])),
    history: several(3, entry),
    numbers: several(2, i => ({ number: `N${i + 1}`, version: i + 1 })),
    attentionSince: Object.fromEntries(several(2, () => [one(attentionReasons), time()])),
  };
}
