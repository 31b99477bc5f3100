import type { Masked } from '../../shared/domain/masked.ts';
import { keyLimit, type Order } from '../../shared/domain/order.ts';
import type { Advance, BlindClaim, CardRecord, DueKey, Written } from '../../shared/orders/ports.ts';

/** A write on its way: applied once by every call, because the client repeats what it heard no answer to. */
export type Write<T> = () => T;

/**
 * The table in memory, for speed: `memory-store.test.ts` holds it against the real one, write by write. Its writes
 * happen at once when they are applied; everything that can go wrong on the way is `faulty-store.ts`.
 */
export interface MemoryTable {
  /** For mutants: a write under a condition that is not ours. */
  update(orderId: string, next: (order: Order) => Order | null): Write<Written>;
  create(order: Order): Write<Written>;
  replace(next: Order): Write<Written>;
  advance(move: Advance): Write<Written>;
  claim(claim: BlindClaim): Write<Written>;
  find(orderId: string): Order | null;
  remember(cardId: string, phone: Masked): Write<void>;
  findCard(cardId: string): CardRecord | null;
  replaceCard(next: CardRecord): Write<boolean>;
  due(by: string): DueKey[];
  orders(): Order[];
  cards(): CardRecord[];
}

/** As in the real table: beyond it, orders are read first. */
const blindHistory = 99;

interface Row {
  order: Order;
  /** Tells a whole write from its own repetition; updates leave it. */
  writeId: symbol;
}

export function memoryTable(): MemoryTable {
  const rows = new Map<string, Row>();
  const cards = new Map<string, CardRecord>();

  function put(order: Order, mayWrite: (existing: Order | null) => boolean): Write<Written> {
    const writeId = Symbol();
    return () => {
      const row = rows.get(order.orderId);
      if (mayWrite(row?.order ?? null)) {
        rows.set(order.orderId, { order, writeId });
        return { stored: order };
      }
      if (!row) return { stored: null, existing: null };
      return row.writeId === writeId ? { stored: row.order } : { stored: null, existing: row.order };
    };
  }

  function update(orderId: string, next: (order: Order) => Order | null): Write<Written> {
    return () => {
      const row = rows.get(orderId);
      const order = row && next(row.order);
      if (!row || !order) return { stored: null, existing: row?.order ?? null };
      rows.set(orderId, { ...row, order });
      return { stored: order };
    };
  }

  return {
    update,
    create: order => put(order, existing => existing === null),
    replace: next => put(next, existing => existing?.version === next.version - 1),
    advance: move => update(move.orderId, order => (mayAdvance(order, move) ? advanced(order, move) : null)),
    claim: claim => update(claim.orderId, order => (mayClaim(order, claim) ? claimed(order, claim) : null)),
    find: orderId => rows.get(orderId)?.order ?? null,
    remember: (cardId, phone) => () => {
      const known = cards.get(cardId) ?? { ...emptyCard, cardId };
      cards.set(cardId, remembered(known, phone));
    },
    findCard: cardId => cards.get(cardId) ?? null,
    replaceCard: next => () => {
      const existing = cards.get(next.cardId) ?? null;
      const mayWrite = next.version === 1 ? existing === null : existing?.version === next.version - 1;
      if (mayWrite) cards.set(next.cardId, next);
      return mayWrite || isOwnCard(existing, next);
    },
    due: by => [
      ...[...rows.values()].filter(({ order }) => isDue(order, by)).map(({ order: { orderId } }) => ({ orderId })),
      ...[...cards.values()].filter(card => isDue(card, by)).map(({ cardId }) => ({ cardId })),
    ],
    orders: () => [...rows.values()].map(({ order }) => order),
    cards: () => [...cards.values()],
  };
}

const isDue = ({ dueAt }: { dueAt: string | null }, by: string): boolean => dueAt !== null && dueAt <= by;

function mayAdvance(order: Order, move: Advance): boolean {
  return (
    order.method === move.method &&
    move.from.includes(order.status) &&
    // Of a call that repeats what is known, only the first moves unread.
    (order.status !== move.to || order.seen.length === 0) &&
    fitsNumbers(order, move) &&
    order.history.length < blindHistory &&
    (order.attention === null || order.attention.reason === 'outcome_unknown') &&
    !order.seen.includes(move.seen) &&
    isExpectedAmount(order, move) &&
    (move.orderNumber === null || order.orderNumber === null || order.orderNumber === move.orderNumber)
  );
}

function fitsNumbers({ cvs }: Order, move: Advance): boolean {
  const called = move.cvs?.paymentNumbers ?? [];
  const known = cvs?.paymentNumbers ?? [];
  const isEqual = ({ label, value }: (typeof known)[number], index: number) =>
    known[index]?.label === label && known[index]?.value === value;
  return called.length === 0 || known.length === 0 || (called.length === known.length && called.every(isEqual));
}

function isExpectedAmount(order: Order, { amountYen, ofSettlement }: Advance): boolean {
  if (amountYen === null) return order.amountYen > 0;
  return amountYen === (ofSettlement ? (order.carrier?.settlement?.amountYen ?? order.amountYen) : order.amountYen);
}

export function advanced(order: Order, move: Advance): Order {
  const { to, card, cvs, settleBy, failure, orderNumber, entry } = move;
  return {
    ...order,
    status: to,
    gatewayStatus: move.gatewayStatus,
    updatedAt: entry.at,
    version: order.version + 1,
    history: [...order.history, entry],
    paidAt: to === 'paid' ? (order.paidAt ?? entry.at) : order.paidAt,
    failure: failure ? (order.failure ?? failure) : null,
    orderNumber: orderNumber ?? order.orderNumber,
    numberBound: orderNumber !== null && !failure ? true : order.numberBound,
    card: order.card && {
      ...order.card,
      last4: order.card.last4 ?? card?.last4 ?? null,
      brand: order.card.brand ?? card?.brand ?? null,
    },
    cvs: order.cvs && {
      ...order.cvs,
      paymentNumbers: cvs && cvs.paymentNumbers.length > 0 ? cvs.paymentNumbers : order.cvs.paymentNumbers,
      payBy: order.cvs.payBy ?? cvs?.payBy ?? null,
    },
    carrier: order.carrier && { ...order.carrier, settleBy: settleBy ?? order.carrier.settleBy },
    dueAt: move.dueAt,
    attention: null,
    pending: null,
    seen: [...order.seen, move.seen],
  };
}

const mayClaim = (order: Order, { method, before, pending }: BlindClaim): boolean =>
  order.method === method &&
  order.status === before &&
  order.orderNumber !== null &&
  !Object.hasOwn(order.keys, pending.key) &&
  Object.keys(order.keys).length < keyLimit &&
  order.history.length < blindHistory;

const claimed = (order: Order, { to, claim, pending, request, entry, dueAt }: BlindClaim): Order => ({
  ...order,
  status: to,
  claim,
  pending,
  keys: { ...order.keys, [pending.key]: { request, at: entry.at, done: false } },
  updatedAt: entry.at,
  version: order.version + 1,
  history: [...order.history, entry],
  dueAt,
});

const emptyCard: Omit<CardRecord, 'cardId'> = {
  phones: [],
  registrations: 0,
  keys: {},
  claim: null,
  deletion: null,
  dueAt: null,
  version: 0,
};

const remembered = (card: CardRecord, phone: Masked): CardRecord => ({
  ...card,
  phones: card.phones.some(each => each.reveal() === phone.reveal()) ? card.phones : [...card.phones, phone],
  registrations: card.registrations + 1,
  deletion: null,
  dueAt: null,
  version: card.version + 1,
});

const isOwnCard = (existing: CardRecord | null, next: CardRecord): boolean =>
  existing?.version === next.version && next.claim !== null && existing.claim?.id === next.claim.id;
