/**
 * One order is one item: its facts, and beside them what `summarize()` makes of them for the indexes. Null, false and
 * what is empty take no attribute: that keeps indexes sparse and a usual order below 1 KB, beyond which a write costs double.
 */
import { randomBytes } from 'node:crypto';
import { dayOf } from '../domain/days.ts';
import type { HistoryEntry } from '../domain/history.ts';
import type { Answer, Callback, Order, Step } from '../domain/order.ts';
import { expiresAtSeconds } from '../domain/retention.ts';
import type { Authentication } from '../domain/stages.ts';
import { summarize } from '../domain/summarize.ts';
import { expiryAttribute, shardCount, tableKey } from './indexes.ts';

export type Item = Record<string, unknown>;

const orderPrefix = 'order#';

export const keyOf = (orderId: string): Item => ({ [tableKey]: `${orderPrefix}${orderId}` });

export const isOrderItem = (item: Item): boolean => String(item[tableKey]).startsWith(orderPrefix);

export const shards = Array.from({ length: shardCount }, (_, shard) => String(shard));

/** IDs are digests, so any character of one spreads evenly. */
export const shardOf = (id: string): string => String(id.charCodeAt(0) % shardCount);

const sortOf = ({ createdAt, orderId }: Order): string => `${createdAt}#${orderId}`;

/** The order that an index's sort value is about. */
export const orderIdIn = (createdSort: string): string => createdSort.slice(createdSort.indexOf('#') + 1);

/** `writeId` tells a write from its own repetition. */
export function toItem(order: Order, retentionDays: number | null = null): Item {
  const { orderId, createdAt, card, history, steps, ...facts } = order;
  const shard = shardOf(orderId);
  const { status, attention, dueAt } = summarize(order);
  return compact({
    ...facts,
    ...keyOf(orderId),
    // Its card ID is the index's attribute.
    card: card && { ...card, cardId: null },
    steps: steps.map(each => ('attempts' in each && each.attempts === 1 ? { ...each, attempts: null } : each)),
    history: history.map(each => ({ ...each, count: each.count > 1 ? each.count : null })),
    createdSort: sortOf(order),
    monthShard: `${dayOf(new Date(createdAt)).slice(0, 7)}#${shard}`,
    shard,
    statusShard: `${status}#${shard}`,
    attentionShard: attention.length > 0 ? shard : null,
    orderNumber: order.numbers[0]?.number ?? null,
    cardId: card?.cardId ?? null,
    dueAt,
    [expiryAttribute]: expiresAtSeconds(order, retentionDays),
    writeId: randomBytes(9).toString('base64url'),
  }) as Item;
}

/** Finds the order by a further gateway number: the item itself is in the index under its first. */
export const toPointer = (order: Order, orderNumber: string): Item => ({
  [tableKey]: `number#${orderNumber}#${order.orderId}`,
  orderNumber,
  createdSort: sortOf(order),
});

export function fromItem(item: Item): Order {
  const createdSort = String(item.createdSort);
  const stored = item as unknown as Partial<Order> & Pick<Order, 'method' | 'operation' | 'updatedAt' | 'version'>;
  const { method, operation, updatedAt, version } = stored;
  return {
    orderId: orderIdIn(createdSort),
    method,
    operation,
    amountYen: stored.amountYen ?? 0,
    reference: stored.reference ?? null,
    test: stored.test ?? false,
    conflicting: stored.conflicting ?? false,
    request: stored.request ?? '',
    card: stored.card ? { ...stored.card, cardId: (item.cardId as string | undefined) ?? null } : null,
    carrier: method === 'carrier' ? { type: stored.carrier?.type ?? null } : null,
    cvs: method === 'cvs' ? { store: stored.cvs?.store ?? null } : null,
    createdAt: createdSort.slice(0, createdSort.indexOf('#')),
    updatedAt,
    version,
    callbacks: (stored.callbacks ?? []).map(callbackFrom),
    steps: (stored.steps ?? []).map(stepFrom),
    keys: stored.keys ?? {},
    history: (stored.history ?? []).map(entryFrom),
    numbers: stored.numbers ?? [],
    attentionSince: stored.attentionSince ?? {},
  };
}

const absentFromCallback = { orderNumber: null, amountYen: null, code: null, failure: null, carrier: null } as const;

const callbackFrom = ({ card, cvs, ...said }: Partial<Callback>): Callback => ({
  ...({ ...absentFromCallback, testId: false, testsAccepted: false, lacks: [], ...said } as Callback),
  failure: said.failure ? failureFrom(said.failure) : null,
  card: card ? { last4: card.last4 ?? null, brand: card.brand ?? null, installments: card.installments ?? null } : null,
  cvs: cvs ? { store: cvs.store ?? null, paymentNumbers: cvs.paymentNumbers ?? [], payBy: cvs.payBy ?? null } : null,
});

const failureFrom = <T extends object>(failure: T): T => ({
  code: null,
  parameter: null,
  payerMessage: null,
  ...failure,
});

function stepFrom(stored: Partial<Step>): Step {
  const base = { seen: [], orderNumber: null };
  switch (stored.kind) {
    case 'send': {
      const { answer, settlement, authentication } = stored;
      return {
        ...base,
        claim: null,
        triedAt: null,
        lost: false,
        attempts: 1,
        ...stored,
        settlement: settlement ? { ...settlement, amountYen: settlement.amountYen ?? null } : null,
        answer: answer ? answerFrom(answer) : null,
        ...(authentication && { authentication: authenticationFrom(authentication) }),
      } as Step;
    }
    case 'booking': {
      const { settlement } = stored;
      return { ...base, ...stored, settlement: { ...settlement, amountYen: settlement?.amountYen ?? null } } as Step;
    }
    case 'decision':
      return { ...base, amountYen: null, ...stored } as Step;
    case 'acknowledgement':
      return { seen: [], reasons: [], ...stored } as unknown as Step;
    default:
      return { ...base, code: null, ...stored } as Step;
  }
}

const authenticationFrom = ({ stage, session = null, result = null }: Authentication): Authentication => ({
  stage,
  session,
  result: result && { kind: result.kind, code: result.code ?? null },
});

function answerFrom(stored: Partial<Answer>): Answer {
  switch (stored.kind) {
    case 'done': {
      const cvs =
        stored.cvs && ({ paymentNumbers: [], payBy: null, redirectUrl: null, ...(stored.cvs as object) } as const);
      const least = { last4: null, brand: null, isOtherOrder: false };
      const authorised = stored.authorised && Object.assign(least, stored.authorised);
      const done = { orderNumber: null, bookedOn: null, elsewhere: false, testsAccepted: false };
      return { ...done, ...stored, cvs: cvs ?? null, ...(authorised && { authorised }) } as Answer;
    }
    case 'refused':
    case 'not_processed':
    case 'expired':
      return { orderNumber: null, ...stored, failure: stored.failure && failureFrom(stored.failure) } as Answer;
    default:
      return stored as Answer;
  }
}

const entryFrom = (stored: Partial<HistoryEntry>): HistoryEntry =>
  ({ from: null, code: null, note: null, actor: null, count: 1, ...stored }) as HistoryEntry;

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === false ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** Without what is null, false or empty, at any depth. */
function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, compact(each)] as const);
  return Object.fromEntries(entries.filter(([, each]) => !isEmpty(each)));
}
