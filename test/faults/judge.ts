/**
 * What the contract promises, against what could be seen from outside: requests and responses, callbacks, events, and the
 * gateway's own books. A request without a response may have taken effect or not.
 */

import { type Case, type Evidence, isOpen, type ShownOrder } from './evidence.ts';
import { judgeCard, judgeCarrier, judgeCvs } from './judge-payments.ts';
import { judgeDeliveries, judgeEvents, judgeResponses } from './judge-told.ts';
import type { CardRequest } from './world.ts';

/** What breaks the contract; empty: nothing. */
export function judge(evidence: Evidence): string[] {
  const cases = evidence.orders.map(order => caseOf(evidence, order));
  const listed = new Map(evidence.orders.map(order => [order.orderId, order]));
  return [
    ...evidence.ours.flatMap(orderId => judgeOrder(evidence, orderId, listed.get(orderId))),
    ...cases.flatMap(judgeRest),
    ...judgeDeliveries(cases, evidence.deliveries),
    ...(evidence.events ? judgeEvents(evidence.orders, evidence.events) : []),
    ...judgeResponses(evidence.exchanges),
    ...judgeCards(evidence),
  ];
}

const judges = { card: judgeCard, carrier: judgeCarrier, cvs: judgeCvs };

function judgeOrder(evidence: Evidence, orderId: string, order: ShownOrder | undefined): string[] {
  if (order) return judges[order.method](caseOf(evidence, order));
  const isCharged = evidence.ledger.some(entry => entry.sendpoint === orderId);
  return isCharged ? [`charged without an order: ${orderId}`] : [];
}

function caseOf(evidence: Evidence, order: ShownOrder): Case {
  const { orderId } = order;
  const resolutions = evidence.exchanges.filter(({ path }) => path === `/orders/${orderId}/resolution`);
  const isAcknowledged = resolutions.some(({ request }) => request.outcome === 'acknowledged');
  return {
    evidence,
    order,
    entries: evidence.ledger.filter(entry => entry.sendpoint === orderId),
    numbers: evidence.gatewayOrders.filter(({ sendpoint }) => sendpoint === orderId),
    isDecided: resolutions.some(
      ({ request, status }) =>
        request.outcome !== 'acknowledged' && (status === 200 || status === null || status >= 500),
    ),
    isTold: reason =>
      order.attention.some(each => each.reason === reason) ||
      (evidence.events?.some(event => event.orderId === orderId && event.detail.reason === reason) ?? isAcknowledged),
  };
}

/** Nothing waits for what will not come: due work asks until the gateway's outcome is known, and an operator sees it. */
function judgeRest(the: Case): string[] {
  const { orderId, status, attention } = the.order;
  if (isOpen(the.order) && mayStayOpen(the)) return [];
  const isUnknown = attention.some(({ reason }) => reason === 'outcome_unknown');
  if (['sending', 'settling', 'cancelling'].includes(status)) return [`stuck ${status}: ${orderId}`];
  if (status === 'unknown' && !isUnknown && !attention.some(({ reason }) => reason === 'unmatched'))
    return [`unknown without attention: ${orderId}`];
  return isUnknown && status !== 'unknown' ? [`outcome_unknown stands: ${orderId} is ${status}`] : [];
}

/**
 * Where the gateway refuses every repeat and says nothing about the first send: its callback is not there; no callback
 * tells of a withdrawal; 06 does not end a return; what an operator decided by mistake cannot be cancelled.
 */
const mayStayOpen = ({ order, numbers, isDecided, evidence }: Case): boolean =>
  !evidence.allArrived ||
  isDecided ||
  order.status === 'settle_scheduled' ||
  numbers.some(({ status }) => status === 'settle_failed');

/** A card deleted while its registration was still on its way is the merchant's contradiction. */
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

const judgeCards = ({ gatewayCards, cardRequests }: Evidence): string[] =>
  gatewayCards
    .filter(({ sendid }) => !isDeletedMeanwhile(cardRequests, sendid))
    .map(({ sendid }) => `a card that cannot be deleted: ${sendid}`);
