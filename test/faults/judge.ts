import type {
  CarrierOrder,
  CarrierStatus,
  CvsOrder,
  CvsStatus,
  GatewayOrder,
  LedgerEntry,
  StoredCard,
} from '../../local/simulator/state.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { CardRequest, Delivery } from './world.ts';

/** All that the judge is shown: the gateway's own books, and the orders as they are at rest. */
export interface Evidence {
  ledger: readonly LedgerEntry[];
  gatewayOrders: readonly GatewayOrder[];
  gatewayCards: readonly StoredCard[];
  orders: readonly Order[];
  cards: readonly { cardId: string; phones: { reveal(): string }[]; deletion: unknown }[];
  cardRequests: readonly CardRequest[];
  /** The calls of the gateway, and how each was answered. */
  deliveries: readonly Delivery[];
  /** Whether every call of the gateway came through in the end. */
  allArrived: boolean;
  /** The order ids of the keys that were used. */
  ours: readonly string[];
}

/** What the promise does not allow, in words; empty: it held. */
export function judge(evidence: Evidence): string[] {
  const orders = new Map(evidence.orders.map(order => [order.orderId, order]));
  return [
    ...evidence.ours.flatMap(orderId => judgeOrder(evidence, orderId, orders.get(orderId))),
    ...evidence.orders.flatMap(judgeRest),
    ...judgeHistories(evidence, orders),
    ...judgeCards(evidence),
  ];
}

function judgeOrder(evidence: Evidence, orderId: string, order: Order | undefined): string[] {
  const entries = evidence.ledger.filter(entry => entry.sendpoint === orderId);
  const numbers = evidence.gatewayOrders.filter(each => each.sendpoint === orderId);
  if (!order) return entries.length > 0 ? [`charged without an order: ${orderId}`] : [];
  switch (order.method) {
    case 'card':
      return judgeCharge(evidence, order, entries, numbers);
    case 'carrier':
      return judgeCarrier(evidence, order, numbers);
    case 'cvs':
      return judgeCvs(evidence, order, numbers);
  }
}

/** A person has said what became of the order. What is said by mistake is not the functions' fault. */
const hasWord = ({ history }: Order): boolean =>
  history.some(({ source, event }) => source === 'operator' && event !== 'acknowledged');

const wasAcknowledged = ({ history }: Order): boolean => history.some(({ source }) => source === 'operator');

/**
 * Contract 1.6: maintenance restores the status before the first send, also where that one's answer was lost. Whether it
 * had worked, the caller learns by repeating.
 */
const wasRestored = ({ history }: Order): boolean =>
  history.some(({ event }, index) => {
    const operation = /^(cancel|return|settle|withdraw)_not_processed$/.exec(event)?.[1];
    const claims = history.slice(0, index).filter(each => each.event === operation);
    return claims.reduce((sum, { count }) => sum + count, 0) > 1;
  });

const isListed = (order: Order): boolean => order.attention !== null || wasAcknowledged(order);

function judgeCharge(
  { allArrived }: Evidence,
  order: Order,
  entries: readonly LedgerEntry[],
  numbers: readonly GatewayOrder[],
): string[] {
  const { status, amountYen } = order;
  const of = (kind: LedgerEntry['kind']) => entries.filter(entry => entry.kind === kind);
  const charges = [...of('charge'), ...of('registration')];
  const isCancelled = of('cancel').length > 0;
  const found: string[] = [];
  const fault = (what: string) => found.push(`${what}: ${order.orderId} is ${status}`);
  if (charges.length > 1) fault('charged twice');
  if (charges.some(({ amount }) => amount !== amountYen)) fault('charged another amount');
  if (status === 'unknown' && !isListed(order)) fault('unknown, and nobody is told');
  if (status === 'unknown' && allArrived && numbers.length > 0 && !hasWord(order))
    fault('unknown though its callback came');
  if (hasWord(order)) return found;

  const isCharged = charges.length > 0;
  const paid = amountYen === 0 ? 'registered' : 'paid';
  if (isCharged && isCancelled && status !== 'cancelled' && !wasRestored(order)) fault('cancelled at the gateway only');
  if (isCharged && !isCancelled && status !== paid && status !== 'unknown') fault(`charged but ${status}`);
  if (isCharged && !isCancelled && status === 'unknown' && !isListed(order)) fault('charged, unknown and unlisted');
  if (!isCharged && ['paid', 'registered', 'cancelled'].includes(status)) fault(`never charged but ${status}`);
  return found;
}

const carrierStatuses: Record<CarrierStatus, readonly Order['status'][]> = {
  accepted: ['awaiting_customer'],
  failed: ['declined'],
  authorized: ['authorized', 'settle_scheduled'],
  booked: ['settle_scheduled'],
  settling: ['settling'],
  settle_failed: ['settle_failed'],
  settled: ['paid'],
  cancelled: ['cancelled'],
  cancel_failed: ['paid'],
  auth_cancelled: ['cancelled'],
  // What the payer authorized stands.
  auth_cancel_failed: ['authorized', 'settle_scheduled'],
};

function judgeCarrier({ allArrived }: Evidence, order: Order, numbers: readonly GatewayOrder[]): string[] {
  const found: string[] = [];
  const all = numbers.filter((each): each is CarrierOrder => each.service === 'carrier');
  const own = all.find(({ orderNumber }) => orderNumber === order.orderNumber);
  const fault = (what: string) =>
    found.push(`${what}: ${order.orderId} is ${order.status}, ${own?.status ?? 'nothing'} at the gateway`);
  const reached = (each: CarrierOrder) =>
    each.history.some(({ status }) => status === 'authorized' || status === 'settled');
  const isTold = all
    .filter(reached)
    .some(({ orderNumber }) => order.history.some(({ note }) => note?.includes(orderNumber)));
  if (allArrived && all.filter(reached).length > 1 && !isListed(order) && !isTold)
    fault('paid for twice by its payer, and nobody is told');
  if (allArrived && all.some(reached) && !order.numberBound) fault('authorized unheard of');
  if (own && all.filter(reached).length <= 1 && !wasRestored(order)) {
    const expected = carrierStatuses[own.status];
    const isOpen = order.pending !== null;
    if (allArrived && !expected.includes(order.status) && !(isOpen && order.attention) && !isListedFor(order))
      fault('differs');
    if (!allArrived && isLost(order, own) && !isListed(order)) fault('an outcome is lost');
  }
  if (order.status === 'settle_scheduled' && order.carrier?.settlement?.by === 'schedule' && !isListed(order))
    fault('never settled');
  return found;
}

/** A person was told that two things said of it do not fit; `outcome_unknown` is no such thing. */
const isListedFor = (order: Order): boolean =>
  wasAcknowledged(order) || (order.attention !== null && order.attention.reason !== 'outcome_unknown');

/** Without the gateway's calls: what we asked for ourselves, and the gateway did. */
function isLost(order: Order, own: CarrierOrder): boolean {
  if (own.status === 'settled' || own.status === 'cancel_failed')
    return order.status === 'authorized' || order.status === 'cancelled';
  if (own.status === 'cancelled' || own.status === 'auth_cancelled') return order.status !== 'cancelled';
  return order.status === 'cancelled' || (order.status === 'paid' && own.status !== 'settle_failed');
}

const cvsStatuses: Record<CvsStatus, readonly Order['status'][]> = {
  unpaid: ['awaiting_customer'],
  error: ['declined'],
  expired: ['expired', 'awaiting_customer'],
  received: ['received'],
  confirmed: ['paid'],
  reversed: ['reversed'],
  cancelled: [],
  received_after_cancel: ['received_after_cancel'],
  confirmed_after_cancel: ['paid_after_cancel'],
  reversed_after_cancel: ['reversed_after_cancel'],
};

function judgeCvs({ allArrived }: Evidence, order: Order, numbers: readonly GatewayOrder[]): string[] {
  const found: string[] = [];
  const all = numbers.filter((each): each is CvsOrder => each.service === 'cvs');
  const reissues = all.filter(({ replacedBy }) => replacedBy !== null).length;
  const newest = all.at(-1);
  const fault = (what: string) =>
    found.push(`${what}: ${order.orderId} is ${order.status}, ${newest?.status ?? 'nothing'} at the gateway`);
  const issued = all.filter(({ status }) => status !== 'error');
  if (issued.length - reissues > 1) fault('ordered twice');
  if (order.status === 'unknown' && !isListed(order)) fault('unknown, and nobody is told');
  if (hasWord(order)) return found;
  if (issued.length > 0 && ['declined', 'not_processed'].includes(order.status)) fault(`ordered but ${order.status}`);
  if (newest && allArrived && newest.status === 'error' && order.status === 'unknown') return found;
  // Which of several numbers is the newest, nothing tells where the answer was lost; money would tell.
  if (newest?.status === 'unpaid' && reissues > 0) return found;
  if (newest && allArrived && !cvsStatuses[newest.status].includes(order.status) && !isListedFor(order))
    fault('differs');
  const hasLateMoney = all.some(
    ({ status }) => status === 'received_after_cancel' || status === 'confirmed_after_cancel',
  );
  if (hasLateMoney && allArrived && !isListed(order)) fault('money after a cancel, and nobody is told');
  return found;
}

/** Nothing may wait for what will not come. */
function judgeRest(order: Order): string[] {
  const { status, pending, attention, orderId } = order;
  if (status === 'sending') return [`stuck sending: ${orderId}`];
  const isOpen = pending !== null || status === 'settling' || status === 'cancelling';
  // The gateway will not say what became of it: a person is told, and due work goes on asking.
  if (isOpen && attention === null && !wasAcknowledged(order)) return [`stuck ${status}: ${orderId}`];
  return [];
}

/** A call answered `successok` is in a history, each that differs from the others. */
function judgeHistories({ deliveries }: Evidence, orders: ReadonlyMap<string, Order>): string[] {
  const stored = new Map<string, Delivery>();
  for (const delivery of deliveries) if (delivery.isStored) stored.set(delivery.wire, delivery);
  const counts = new Map<string, { delivery: Delivery; calls: number }>();
  for (const delivery of stored.values()) {
    const key = `${delivery.service}_${delivery.status} ${orderKey(delivery, orders)}`;
    counts.set(key, { delivery, calls: (counts.get(key)?.calls ?? 0) + 1 });
  }
  return [...counts.values()].flatMap(({ delivery, calls }) => {
    const event = `${delivery.service}_${delivery.status.toLowerCase()}`;
    const order =
      orders.get(delivery.sendpoint) ??
      [...orders.values()].find(({ orderNumber }) => orderNumber === delivery.orderNumber);
    const entries = order?.history.filter(entry => entry.source === 'callback' && entry.event === event) ?? [];
    const stored = entries.reduce((sum, { count }) => sum + count, 0);
    return stored >= calls
      ? []
      : [`successok without a trace: ${event} of ${delivery.orderNumber} (${stored} of ${calls})`];
  });
}

const orderKey = ({ sendpoint, orderNumber }: Delivery, orders: ReadonlyMap<string, Order>): string =>
  orders.has(sendpoint) ? sendpoint : orderNumber;

/** A card deleted while its registration was still on its way is the merchant's contradiction, not ours. */
const isDeletedMeanwhile = (requests: readonly CardRequest[], cardId: string): boolean =>
  requests.some(
    registration =>
      !registration.isDeletion &&
      registration.cardId === cardId &&
      requests.some(
        ({ isDeletion, cardId: deleted, begunAt, arrivedAt }) =>
          isDeletion && deleted === cardId && begunAt < registration.arrivedAt && arrivedAt > registration.begunAt,
      ),
  );

function judgeCards({ cards, gatewayCards, cardRequests }: Evidence): string[] {
  const waiting = cards.filter(({ deletion }) => deletion !== null).map(({ cardId }) => `stuck deletion: ${cardId}`);
  const unnoted = gatewayCards
    .filter(({ sendid }) => !isDeletedMeanwhile(cardRequests, sendid))
    .filter(
      ({ sendid, telno }) =>
        !cards.some(({ cardId, phones }) => cardId === sendid && phones.some(phone => phone.reveal() === telno)),
    )
    .map(({ sendid }) => `a card is kept that nobody could delete: ${sendid}`);
  return [...waiting, ...unnoted];
}
