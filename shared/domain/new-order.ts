/** An order as it begins. */
import { randomUUID } from 'node:crypto';
import { attemptOf, seenNow } from './facts.ts';
import type { HistoryEntry } from './history.ts';
import type { Callback, Order, Send } from './order.ts';
import { nextNumber, revise, since } from './revise.ts';
import { summarize, withSameFacts } from './summarize.ts';
import type { HistoryEvent, SendOperation } from './words.ts';

/** What of a new order the caller decides. */
export type Draft = Pick<Order, 'orderId' | 'method' | 'operation' | 'amountYen' | 'reference' | 'test' | 'request'> &
  Partial<Pick<Order, 'card' | 'carrier' | 'cvs'>> & {
    actor: string | null;
    /** Of cards: a digest of the token; null: the request has none. */
    token?: string | null;
  };

/** An order's first version. `isSent`: it is claimed by its maker, who sends it to the gateway. */
export function newOrder({ actor, token = null, ...draft }: Draft, isSent: boolean, at: Date): Order {
  const time = at.toISOString();
  const order: Order = {
    card: null,
    carrier: null,
    cvs: null,
    ...draft,
    createdAt: time,
    updatedAt: time,
    version: 1,
    conflicting: false,
    callbacks: [],
    steps: isSent ? [newAttempt(1, draft.operation, token, time)] : [],
    keys: {},
    history: [],
    numbers: [],
    attentionSince: {},
  };
  return withFirstEntry(order, 'api', draft.operation, { actor });
}

function withFirstEntry(
  order: Order,
  source: HistoryEntry['source'],
  event: HistoryEvent,
  { actor = null, note = null }: { actor?: string | null; note?: string | null },
): Order {
  const summary = summarize(order);
  const entry = { at: order.createdAt, source, event, from: null, to: summary.status, code: null, note, actor };
  const attentionSince = since(order, summary, order.createdAt);
  return withSameFacts({ ...order, history: [{ ...entry, count: 1 }], attentionSince }, order);
}

/** What is kept of callbacks about no order of ours, before the first of them is added. */
export function externalOrder(orderId: string, callback: Callback, method: Order['method'], at: Date): Order {
  const order = anExternalOrder(orderId, method, callback.card?.installments ?? '01', at);
  return withFirstEntry({ ...order, version: 0 }, 'callback', 'unmatched', {});
}

/** What is kept of a callback that contradicts itself; none is ever added. */
export function conflictingOrder(orderId: string, method: Order['method'], note: string, at: Date): Order {
  const order = { ...anExternalOrder(orderId, method, '01', at), conflicting: true };
  return withFirstEntry(order, 'callback', 'conflicting_parameters', { note });
}

function anExternalOrder(orderId: string, method: Order['method'], installments: string, at: Date): Order {
  const draft: Draft = {
    orderId,
    method,
    operation: 'external',
    amountYen: 0,
    reference: null,
    test: false,
    request: '',
    actor: null,
    ...(method === 'card' && { card: { cardId: null, installments } }),
    ...(method === 'carrier' && { carrier: { type: null } }),
    ...(method === 'cvs' && { cvs: { store: null } }),
  };
  return newOrder(draft, false, at);
}

/** A send under a fresh claim. */
export const newSend = (number: number, operation: SendOperation, at: string): Send => ({
  kind: 'send',
  number,
  at,
  seen: [],
  operation,
  orderNumber: null,
  settlement: null,
  claim: { id: randomUUID(), at },
  attempts: 1,
  triedAt: null,
  lost: false,
  answer: null,
});

/** An attempt to make the order at the gateway. */
export function newAttempt(number: number, operation: Order['operation'], token: string | null, at: string): Send {
  const isAuthenticated = operation === 'authenticated_charge' || operation === 'authenticated_recurring_charge';
  return {
    ...newSend(number, 'create', at),
    ...(isAuthenticated && { authentication: { stage: 'enrol', session: null, result: null } }),
    ...(token !== null && { token }),
  };
}

/** A further attempt to make an order of which nothing happened. */
export function beginAgain(order: Order, { actor, token = null }: Pick<Draft, 'actor' | 'token'>, at: Date): Order {
  const fresh = newAttempt(nextNumber(order), order.operation, token, at.toISOString());
  const attempt = { ...fresh, seen: seenNow(order) };
  const steps = [...order.steps.filter(step => step !== attemptOf(order)), attempt];
  return revise(order, { at, source: 'api', event: order.operation, actor }, { steps });
}
