/** Contract 1.5 as data: what the facts about one payment add up to, the first line that applies. */
import type {
  AttentionReason,
  CardStatus,
  CarrierStatus,
  CvsStatus,
  DecisionOutcome,
  Method,
  Status,
} from './words.ts';

/**
 * What a fact about one payment says. Two digits are the status of a callback. `ng_seen`: an NG that the newest attempt
 * had seen when it began. `ok_twice`: OK under more than one number.
 */
export type FactKind =
  | 'ok'
  | 'ok_twice'
  | 'ng'
  | 'ng_seen'
  | 'refused'
  | 'not_processed'
  /** 3-D Secure: no payment has been asked for; the time for it is over. */
  | 'waiting'
  | 'expired'
  | 'cancel_done'
  | CarrierStatus
  | CvsStatus
  | 'return_done'
  | 'settle_done'
  | 'cancelled_by_operator';

export interface Line {
  when: readonly FactKind[];
  status: Status;
  attention?: AttentionReason;
  /** Any of these beside it: attention `contradiction`. Of a card, under any number. */
  contradictedBy?: readonly FactKind[];
}

export const lines: Record<Method, readonly Line[]> = {
  card: [
    { when: ['cancel_done'], status: 'cancelled' },
    {
      when: ['ok'],
      status: 'paid',
      contradictedBy: ['ng', 'ng_seen', 'refused', 'ok_twice', 'not_processed', 'waiting', 'expired'],
    },
    { when: ['refused', 'ng'], status: 'declined' },
  ],
  carrier: [
    { when: ['08'], status: 'cancelled' },
    { when: ['09'], status: 'paid', attention: 'cancel_failed', contradictedBy: ['return_done'] },
    { when: ['return_done'], status: 'cancelled' },
    { when: ['07', 'settle_done'], status: 'paid', contradictedBy: ['06'] },
    { when: ['06'], status: 'settle_failed' },
    { when: ['03'], status: 'authorized' },
    { when: ['cancelled_by_operator'], status: 'cancelled' },
    { when: ['02'], status: 'declined' },
  ],
  cvs: [
    { when: ['12'], status: 'paid_after_cancel', attention: 'money_after_cancel', contradictedBy: ['13'] },
    { when: ['13'], status: 'reversed_after_cancel' },
    { when: ['11'], status: 'received_after_cancel', attention: 'money_after_cancel' },
    { when: ['cancelled_by_operator'], status: 'cancelled' },
    { when: ['05'], status: 'paid' },
    { when: ['06'], status: 'reversed' },
    { when: ['04'], status: 'received' },
    { when: ['03'], status: 'expired' },
    { when: ['01'], status: 'awaiting_customer', contradictedBy: ['02', 'refused'] },
    { when: ['02', 'refused'], status: 'declined' },
  ],
};

/** What fact a callback of each listed status is. */
const facts: {
  card: Record<CardStatus, FactKind>;
  carrier: Record<CarrierStatus, FactKind>;
  cvs: Record<CvsStatus, FactKind>;
} = {
  card: { OK: 'ok', NG: 'ng' },
  carrier: { '02': '02', '03': '03', '06': '06', '07': '07', '08': '08', '09': '09' },
  cvs: {
    '01': '01',
    '02': '02',
    '03': '03',
    '04': '04',
    '05': '05',
    '06': '06',
    '11': '11',
    '12': '12',
    '13': '13',
  },
};

export const listed: Record<Method, Readonly<Record<string, FactKind>>> = facts;

/** The fact that each decision counts as. */
export const decided: Record<Method, Partial<Record<DecisionOutcome, FactKind>>> = {
  card: { paid: 'ok', declined: 'refused', cancelled: 'cancel_done' },
  carrier: { authorized: '03', paid: '07', settle_failed: '06', declined: '02', cancelled: 'return_done' },
  cvs: {
    paid: '05',
    received: '04',
    declined: '02',
    cancelled: 'cancelled_by_operator',
    expired: '03',
    awaiting_customer: '01',
  },
};

/** After an operator cancelled a convenience-store order, cash and its reversal are cash after cancellation. */
export const afterOperatorCancelled: Partial<Record<FactKind, FactKind>> = { '04': '11', '05': '12', '06': '13' };

/** Facts as an operator reads them in the note of a contradiction; callbacks are called by their status. */
export const inWords: Partial<Record<FactKind, string>> = {
  ok_twice: 'OK under another number',
  ng: 'NG',
  ng_seen: 'NG',
  refused: 'a refusal',
  not_processed: 'not processed',
  waiting: 'no payment asked for',
  expired: 'expired',
  return_done: 'a return that succeeded',
};

/** Of several payments the one furthest on is shown. */
export const furthestFirst: readonly Status[] = [
  'paid',
  'received',
  'cancelling',
  'settling',
  'settle_scheduled',
  'authorized',
  'awaiting_customer',
  'paid_after_cancel',
  'received_after_cancel',
  'settle_failed',
  'cancelled',
  'reversed',
  'expired',
  'declined',
  'reversed_after_cancel',
];

/** A second number with one of these is a duplicate payment. */
export const duplicates: Record<Method, readonly FactKind[]> = {
  card: [],
  carrier: ['03', '07', 'settle_done'],
  cvs: ['04', '05'],
};

/** Facts with which the gateway took money. */
export const money: Record<Method, readonly FactKind[]> = {
  card: ['ok'],
  carrier: ['07', 'settle_done', '09'],
  cvs: ['04', '05', '11', '12'],
};

/** In these statuses what was taken has gone back. */
export const returnedStatuses: readonly Status[] = ['cancelled', 'reversed', 'reversed_after_cancel'];

/** An order that leaves one of these after a decision is a contradiction. */
export const endedByDecision: readonly Status[] = ['declined', 'cancelled', 'expired', 'settle_failed'];
