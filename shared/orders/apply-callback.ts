import { externalOrderId, isOrderId } from '../domain/identity.ts';
import { emptyOrder, entryOf, type Order, type Status } from '../domain/order.ts';
import type { Notice } from '../zeus/callbacks/callback.ts';
import { settlementNoticeAt } from './change.ts';
import {
  type CallbackEffect,
  decide,
  digestOf,
  eventOf,
  failureOf,
  isOfSettlement,
  isOtherIpCode,
  settleByOf,
  uncheckedNote,
} from './decide-callback.ts';
import type { Advance, Clock, OrderStore } from './ports.ts';
import { findRow, type Row } from './transitions.ts';

export interface CallbackDeps extends Clock {
  store: OrderStore;
  deploymentId: string;
  /** The IP code contracted for the notice's service. */
  ipCode: string;
}

export interface Applied {
  order: Order;
  effect: CallbackEffect;
}

/**
 * Stores what a callback says, whatever it says; returns only when it is durable.
 *
 *   normal or repeated       1 request   the conditions of the update decide
 *   late, contradictory …    2 requests  decided from the order that the failed condition returned
 *   of no order of ours      2 or 3      kept as an external order under the gateway's number
 *
 * Throws what the store throws: then nothing is stored, and the gateway must not hear `successok`.
 */
export async function applyCallback(deps: CallbackDeps, notice: Notice): Promise<Applied> {
  if (notice.orderId !== null && isOrderId(notice.orderId)) {
    const ours = await applyToOrder(deps, notice.orderId, notice);
    if (ours) return ours;
  }
  return applyToExternal(deps, notice);
}

/** Null: there is no such order of the notice's method. */
async function applyToOrder(deps: CallbackDeps, orderId: string, notice: Notice): Promise<Applied | null> {
  const fast = fastMove(deps, orderId, notice);
  if (!fast) return decideUntilStored(deps, notice, await deps.store.find(orderId));
  const written = await deps.store.advance(fast);
  return written.stored
    ? { order: written.stored, effect: 'moved' }
    : decideUntilStored(deps, notice, written.existing);
}

/** Decides from the order as it stands, again if another write came between. */
async function decideUntilStored(deps: CallbackDeps, notice: Notice, found: Order | null): Promise<Applied | null> {
  let order = found;
  while (order?.method === notice.service) {
    const { effect, next } = decide(order, notice, { ipCode: deps.ipCode, at: deps.now() });
    if (!next) return { order, effect };
    const written = await deps.store.replace(next);
    if (written.stored) return { order: written.stored, effect };
    order = written.existing;
  }
  return null;
}

async function applyToExternal(deps: CallbackDeps, notice: Notice): Promise<Applied> {
  const gatewayName = notice.orderNumber ?? `sendpoint ${notice.orderId}`;
  const orderId = externalOrderId(deps.deploymentId, notice.service, gatewayName);
  const at = deps.now();
  const { effect, next } = decide(externalOrder(orderId, notice, at), notice, { ipCode: deps.ipCode, at });
  if (!next) throw new Error('A call about an order nobody knows always adds to it.');
  const written = await deps.store.create(next);
  if (written.stored) return { order: written.stored, effect };
  const known = await decideUntilStored(deps, notice, written.existing);
  if (!known) throw new Error(`The external order ${orderId} is of another method.`);
  return known;
}

function externalOrder(orderId: string, notice: Notice, at: Date): Order {
  const time = at.toISOString();
  return {
    ...emptyOrder,
    orderId,
    method: notice.service,
    operation: 'external',
    status: 'unknown',
    amountYen: notice.amountYen || 0,
    reference: null,
    test: false,
    attention: { reason: 'unmatched', since: time },
    orderNumber: notice.orderNumber,
    numberBound: notice.orderNumber !== null,
    card: notice.card && { cardId: null, last4: null, brand: null, installments: notice.card.installments ?? '01' },
    carrier: notice.carrier && { type: notice.carrier.type, settlement: null, settleBy: null },
    cvs: notice.cvs && { store: notice.cvs.store, paymentNumbers: [], payBy: null, redirectUrl: null },
    createdAt: time,
    updatedAt: time,
    history: [{ ...entryOf('callback', 'unmatched', 'unknown', time), from: null }],
    request: '',
    version: 0,
  };
}

/** The move that needs no look at the order; null where only the order can tell. */
function fastMove(deps: CallbackDeps, orderId: string, notice: Notice): Advance | null {
  const row = findRow(notice.service, eventOf(notice));
  if (!row || row.attention || Number.isNaN(notice.amountYen) || isOtherIpCode(notice, deps.ipCode)) return null;
  // The order knows under which labels such numbers are shown.
  if (notice.cvs && !notice.cvs.store && notice.cvs.paymentNumbers.length > 0) return null;
  const at = deps.now();
  const to = row.event === 'card_ok' && notice.amountYen === 0 ? 'registered' : row.to;
  const settleBy = to === 'authorized' ? settleByOf(at) : null;
  return {
    orderId,
    method: notice.service,
    from: fastFrom(row, to),
    to,
    amountYen: notice.amountYen,
    ofSettlement: isOfSettlement(row.event),
    orderNumber: notice.orderNumber,
    gatewayStatus: notice.status,
    failure: to === 'declined' ? failureOf(notice) : null,
    seen: digestOf(notice),
    entry: entryOf('callback', row.event, to, at.toISOString(), { code: notice.code, note: uncheckedNote(notice) }),
    card: notice.card,
    cvs: notice.cvs,
    settleBy,
    dueAt: settleBy && settlementNoticeAt(settleBy),
  };
}

/** Where the move may begin unseen. The first call after an answer that said the same is stored as well. */
function fastFrom({ from }: Row, to: Status): readonly Status[] {
  // A second 03 must not prolong its window.
  if (to === 'authorized') return from;
  // A refusal's own failure is kept, but that of `not_processed` must go.
  if (to === 'declined') return [...from.filter(status => status !== 'not_processed'), to];
  return [...from, to];
}
