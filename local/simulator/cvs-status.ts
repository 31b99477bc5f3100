/** The life of a payment number (002 p.11 to 15): at the counter, at head office, by time, and by re-issue. */
import { jstDay } from './clock.ts';
import { issueNumbers } from './cvs-numbers.ts';
import {
  book,
  type Callback,
  callbackOf,
  type Gateway,
  isoNow,
  keepOrder,
  moveTo,
  nextOrderNumber,
} from './gateway.ts';
import type { CvsOrder, CvsStatus, LedgerKind } from './state.ts';

/** Two digits of a callback; null: the status is never called. 02 and 03 are called where agreed. */
const STATUS_CODES: Record<CvsStatus, string | null> = {
  unpaid: '01',
  error: '02',
  expired: '03',
  received: '04',
  confirmed: '05',
  reversed: '06',
  cancelled: null,
  received_after_cancel: '11',
  confirmed_after_cancel: '12',
  reversed_after_cancel: '13',
};

export const COUNTER_ACTIONS = ['pay', 'reverse', 'confirm', 'expire', 'reissue'] as const;
export type CounterAction = (typeof COUNTER_ACTIONS)[number];

type Move = { to: CvsStatus; kind: LedgerKind | null };

/** What can happen in a status; whatever is not listed cannot. */
const MOVES: Partial<Record<CvsStatus, Partial<Record<CounterAction, Move>>>> = {
  unpaid: {
    pay: { to: 'received', kind: 'cash_received' },
    expire: { to: 'expired', kind: null },
    reissue: { to: 'cancelled', kind: null },
  },
  expired: { reissue: { to: 'cancelled', kind: null } },
  received: {
    confirm: { to: 'confirmed', kind: 'cash_confirmed' },
    reverse: { to: 'reversed', kind: 'cash_reversed' },
  },
  cancelled: { pay: { to: 'received_after_cancel', kind: 'cash_received' } },
  received_after_cancel: {
    confirm: { to: 'confirmed_after_cancel', kind: 'cash_confirmed' },
    reverse: { to: 'reversed_after_cancel', kind: 'cash_reversed' },
  },
};

export function possibleActions(order: CvsOrder): CounterAction[] {
  return COUNTER_ACTIONS.filter(action => MOVES[order.status]?.[action]);
}

/** Does it and answers the callbacks that follow; throws where the order's status does not allow it. */
export function settleAtCounter(gateway: Gateway, order: CvsOrder, action: CounterAction): Callback[] {
  const move = MOVES[order.status]?.[action];
  if (!move) throw new Error(`counter: ${order.status} allows no ${action}`);
  moveTo(gateway, order, move.to);
  if (move.kind) book(gateway, order, move.kind, order.money);
  return action === 'reissue' ? cvsCallbacks(gateway, replace(gateway, order)) : cvsCallbacks(gateway, order);
}

/** The new order of a re-issue: everything as in the old one but its numbers and deadline. */
function replace(gateway: Gateway, old: CvsOrder): CvsOrder {
  const at = isoNow(gateway);
  const orderNumber = nextOrderNumber(gateway, old.test);
  const order: CvsOrder = {
    ...old,
    orderNumber,
    at,
    status: 'unpaid',
    history: [{ at, status: 'unpaid' }],
    payUrl: '',
  };
  issueNumbers(gateway, order);
  keepOrder(gateway, order, null);
  old.replacedBy = orderNumber;
  return order;
}

/** Unpaid numbers end with the day of their deadline. */
export function expireNumbers(gateway: Gateway): Callback[] {
  const today = jstDay(gateway.clock.now());
  return [...gateway.state.orders.values()]
    .filter(
      (order): order is CvsOrder => order.service === 'cvs' && order.status === 'unpaid' && order.payLimit < today,
    )
    .flatMap(order => settleAtCounter(gateway, order, 'expire'));
}

export function cvsCallbacks(gateway: Gateway, order: CvsOrder): Callback[] {
  const status = STATUS_CODES[order.status];
  const { optionalCallbacks } = gateway.settings;
  if (status === null) return [];
  if (status === '02' && !optionalCallbacks.includes('cvs-02')) return [];
  if (status === '03' && !optionalCallbacks.includes('cvs-03')) return [];
  return [
    callbackOf(order, status, [
      ['clientip', order.clientip],
      ['money', String(order.money)],
      ['username', order.username],
      ['telno', order.telno],
      ['email', order.email],
      ['sendid', order.sendid],
      ['sendpoint', order.sendpoint],
      ['order_no', order.orderNumber],
      ['pay_cvs', order.payCvs],
      ['pay_no1', order.payNo1],
      ['pay_no2', order.payNo2],
      ['pay_limit', order.payLimit],
      ['status', status],
      ['error_code', order.errorCode],
    ]),
  ];
}
