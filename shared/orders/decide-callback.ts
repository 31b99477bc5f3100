import { addDays, dayOf } from '../domain/days.ts';
import { digest } from '../domain/identity.ts';
import type { AttentionReason, Order, Status } from '../domain/order.ts';
import type { Failure } from '../domain/outcome.ts';
import { type Notice, type PaymentNumber, sameIpCode } from '../zeus/callbacks/callback.ts';
import { cardDeclined } from '../zeus/wire/card-declined.ts';
import { failureOfCvsCode } from '../zeus/wire/cvs-codes.ts';
import { relabelled } from '../zeus/wire/cvs-stores.ts';
import { change } from './change.ts';
import { effectOf, findRow, type Row } from './transitions.ts';

/** What a call did. `stored_before`: nothing, because all of it was stored already. */
export type CallbackEffect =
  | 'moved'
  | 'repeat'
  | 'late'
  | 'contradiction'
  | 'mismatch'
  | 'unlisted'
  | 'other_payment'
  | 'stored_before';

export interface Decision {
  effect: CallbackEffect;
  /** Null: nothing to store. */
  next: Order | null;
}

/** What the call is compared with besides the order. `ipCode`: the one contracted for its service. */
export interface Evidence {
  ipCode: string;
  at: Date;
}

/** Days from authorization within which the gateway settles (manual 001, settlement, row 7). */
const settleDays = 50;
/** A call's own name for a payment that failed: such a number is not the payment's. */
const failures = ['card_ng', 'carrier_02', 'cvs_02'];
/** After a person cancelled the order, cash and its reversal mean what they mean after a re-issue. */
const afterOperatorsCancel: Record<string, string> = { cvs_04: 'cvs_11', cvs_05: 'cvs_12', cvs_06: 'cvs_13' };

const cardResults: Record<string, string> = { OK: 'card_ok', NG: 'card_ng' };

/** The event in the transition table; for a status that no manual lists, one that is in none. */
export const eventOf = ({ service, status }: Notice): string =>
  service === 'card' ? (cardResults[status] ?? 'card_unlisted') : `${service}_${status}`;
export const settleByOf = (authorizedAt: Date): string => addDays(dayOf(authorizedAt), settleDays);
export const isOfSettlement = (event: string): boolean => /^carrier_0[6-9]$/.test(event);
export const isOtherIpCode = (notice: Notice, ipCode: string): boolean =>
  notice.ipCode !== null && !sameIpCode(notice.ipCode, ipCode);

/** Tells one call from another; holds nothing of the payer. */
export const digestOf = ({
  service,
  status,
  orderId,
  orderNumber,
  ipCode,
  amountYen,
  code,
  card,
  carrier,
  cvs,
}: Notice): string =>
  digest(JSON.stringify([service, status, orderId, orderNumber, ipCode, amountYen, code, card, carrier, cvs]), 10);

export function uncheckedNote({ amountYen, ipCode }: Notice): string | null {
  const absent = [...(amountYen === null ? ['amount'] : []), ...(ipCode === null ? ['IP code'] : [])];
  return absent.length === 0 ? null : `unchecked, not in the call: ${absent.join(', ')}`;
}

/** The same as where the answer brings it. */
export function failureOf({ service, code, codeMeaning }: Notice): Failure {
  switch (service) {
    case 'card':
      return cardDeclined;
    case 'cvs':
      return failureOfCvsCode(code);
    case 'carrier': {
      const message = codeMeaning ?? 'The gateway reported that the payment failed';
      return { reason: 'refused', code, parameter: null, message, payerMessage: null };
    }
  }
}

/**
 * Contract 1.5, in this order: is the status listed, does the IP code agree, is it this payment's number, does its
 * amount agree, what does the transition table say. Pure.
 */
export function decide(order: Order, notice: Notice, { ipCode, at }: Evidence): Decision {
  const called = eventOf(notice);
  const row = findRow(notice.service, (order.cancelledByOperator && afterOperatorsCancel[called]) || called);
  const digested = digestOf(notice);
  const isSeen = order.seen.includes(digested);
  const said = { at, source: 'callback' as const, event: row ? called : 'unlisted', code: notice.code };
  const seen = isSeen ? order.seen : [...order.seen, digested];

  const stay = (effect: CallbackEffect, attention: AttentionReason | null, note: string): Decision => ({
    effect,
    next: change(order, { ...said, attention, note, fill: { seen } }),
  });
  const late = (): Decision => (isSeen ? { effect: 'stored_before', next: null } : stay('late', null, 'late'));
  const moveTo = (
    to: Status,
    attention: AttentionReason | null,
    fill: Partial<Order>,
    note: string | null,
  ): Decision => ({
    effect: 'moved',
    next: change(order, { ...said, to, attention, note, fill: { ...fill, seen } }),
  });

  if (!row) return stay('unlisted', 'unlisted_status', `status ${notice.status}`);
  if (isOtherIpCode(notice, ipCode)) return stay('mismatch', 'ip_code_mismatch', 'another IP code');
  const rule = isOtherNumber(order, notice) ? ruleOfOtherNumber(order, notice, row) : 'own';
  const isOfThisPayment = rule === 'own' || rule === 'reissue';
  if (isOfThisPayment && isOtherAmount(order, notice, row)) {
    return stay('mismatch', 'amount_mismatch', `amount ${notice.amountYen}`);
  }

  if (rule !== 'own') {
    const note = `order number ${notice.orderNumber}`;
    if (rule === 'late') return late();
    if (rule === 'reissue') return moveTo(row.to, null, reissued(order, notice), `re-issued as ${note}`);
    return stay(rule.effect, rule.attention, note);
  }

  const learned = { ...missing(order, notice, row, at), gatewayStatus: notice.status };
  const isKnownCancelFailure =
    row.event === 'carrier_09' && order.status === 'paid' && order.attention?.reason === 'cancel_failed';
  const effect = isKnownCancelFailure ? ({ kind: 'repeat' } as const) : effectOf(row, order.status);
  switch (effect.kind) {
    case 'move': {
      const to = isRegistration(order, notice, row) ? 'registered' : effect.to;
      const fill = to === 'declined' ? { ...learned, failure: failureOf(notice) } : learned;
      return moveTo(to, effect.attention, fill, uncheckedNote(notice));
    }
    case 'repeat':
      if (isSeen) return { effect: 'stored_before', next: null };
      return {
        effect: 'repeat',
        next: change(order, { ...said, note: uncheckedNote(notice), fill: { ...learned, seen } }),
      };
    case 'late':
      return late();
    case 'contradiction':
    case 'not_allowed':
      return stay('contradiction', 'contradiction', `contradicts ${order.status}`);
  }
}

/** An external order whose first call named no amount takes the first that is named. */
const lacksAmount = (order: Order): boolean => order.operation === 'external' && order.amountYen === 0;

const isRegistration = (order: Order, notice: Notice, row: Row): boolean =>
  row.event === 'card_ok' && order.amountYen === 0 && (!lacksAmount(order) || notice.amountYen === 0);

function isOtherAmount(order: Order, notice: Notice, row: Row): boolean {
  if (notice.amountYen === null) return false;
  if (Number.isNaN(notice.amountYen)) return true;
  if (lacksAmount(order)) return false;
  const settled = isOfSettlement(row.event) ? order.carrier?.settlement : null;
  return notice.amountYen !== (settled?.amountYen ?? order.amountYen);
}

/** A card's failed order keeps its number for good; elsewhere only a success binds one. */
const isOtherNumber = (order: Order, notice: Notice): boolean =>
  notice.orderNumber !== null &&
  order.orderNumber !== null &&
  notice.orderNumber !== order.orderNumber &&
  !isWholeOf(order, notice.orderNumber) &&
  (order.numberBound || order.method === 'card');

/** An answer whose end nothing marks may break off within the number; the call then brings the whole of it. */
const isWholeOf = ({ method, orderNumber }: Order, called: string): boolean =>
  method !== 'carrier' && orderNumber !== null && called.startsWith(orderNumber);

type OtherNumberRule =
  | 'own'
  | 'late'
  | 'reissue'
  | { effect: 'contradiction' | 'other_payment'; attention: AttentionReason | null };

/** The payer submitted twice, or the store order was issued again: what a call of a number other than the bound one does. */
function ruleOfOtherNumber(order: Order, notice: Notice, row: Row): OtherNumberRule {
  const contradiction = { effect: 'contradiction', attention: 'contradiction' } as const;
  const otherPayment = (attention: AttentionReason | null) => ({ effect: 'other_payment', attention }) as const;
  switch (row.event) {
    case 'card_ok':
      return contradiction;
    case 'carrier_02':
      return 'late';
    case 'carrier_03':
    case 'carrier_07':
      return otherPayment('duplicate_payment');
    case 'carrier_06':
    case 'carrier_08':
      return otherPayment(null);
    case 'carrier_09':
      return otherPayment('cancel_failed');
    case 'cvs_01': {
      const isReplaced = order.earlierNumbers.includes(notice.orderNumber ?? '');
      const mayReissue = order.status === 'awaiting_customer' || order.status === 'expired';
      return mayReissue && !isReplaced ? 'reissue' : 'late';
    }
    case 'cvs_03':
    case 'cvs_04':
    case 'cvs_05':
    case 'cvs_06':
      return contradiction;
    case 'cvs_11':
    case 'cvs_12':
    case 'cvs_13':
      return otherPayment('money_after_cancel');
    default:
      return 'own';
  }
}

function reissued(order: Order, notice: Notice): Partial<Order> {
  return {
    orderNumber: notice.orderNumber,
    earlierNumbers: [...order.earlierNumbers, ...(order.orderNumber ? [order.orderNumber] : [])],
    gatewayStatus: notice.status,
    cvs: order.cvs && {
      store: notice.cvs?.store ?? order.cvs.store,
      paymentNumbers: numbersIn(notice, order),
      payBy: notice.cvs?.payBy ?? null,
      redirectUrl: null,
    },
  };
}

/** What the call knows and the order does not. */
function missing(order: Order, notice: Notice, row: Row, at: Date): Partial<Order> {
  const isFailure = failures.includes(row.event);
  const isHalf =
    notice.orderNumber !== null && notice.orderNumber !== order.orderNumber && isWholeOf(order, notice.orderNumber);
  const numberKnown = order.orderNumber !== null && !isHalf && (order.numberBound || isFailure);
  return {
    ...(notice.orderNumber !== null && !numberKnown && { orderNumber: notice.orderNumber, numberBound: !isFailure }),
    ...(lacksAmount(order) && notice.amountYen !== null && { amountYen: notice.amountYen }),
    ...(order.card &&
      notice.card && {
        card: {
          ...order.card,
          last4: order.card.last4 ?? notice.card.last4,
          brand: order.card.brand ?? notice.card.brand,
        },
      }),
    ...(order.carrier && {
      carrier: {
        ...order.carrier,
        type: order.carrier.type ?? notice.carrier?.type ?? null,
        settleBy: order.carrier.settleBy ?? (row.event === 'carrier_03' ? settleByOf(at) : null),
      },
    }),
    ...(order.cvs &&
      notice.cvs && {
        cvs: {
          ...order.cvs,
          paymentNumbers: completed(order.cvs.paymentNumbers, numbersIn(notice, order)),
          payBy: order.cvs.payBy ?? notice.cvs.payBy,
        },
      }),
  };
}

/** The call's numbers where they go on from those that are known: an answer may break off within one. */
function completed(known: PaymentNumber[], called: PaymentNumber[]): PaymentNumber[] {
  const goesOn = known.every(({ value }, i) => called[i]?.value.startsWith(value));
  return goesOn ? called : known;
}

/** Under the labels of the order's own store, for the merchant may not have asked for the store in the call. */
function numbersIn({ cvs }: Notice, order: Order): PaymentNumber[] {
  const called = cvs?.paymentNumbers ?? [];
  return cvs?.store ? called : relabelled(order.cvs?.store ?? null, called);
}
