import type { GatewayOrder, LedgerEntry, StoredCard } from '../../local/simulator/state.ts';
import type { OrderEvent } from '../../shared/orders/events.ts';
import type { CardRequest, Delivery, Exchange } from './world.ts';

/** An order as the API shows it, as far as the judge looks at it. */
export interface ShownOrder {
  orderId: string;
  method: 'card' | 'carrier' | 'cvs';
  operation: string;
  status: string;
  amount: number;
  attention: { reason: string }[];
  paid: { amount: number | null } | null;
  otherPayments: { orderNumber: string | null; status: string; paid: { amount: number | null } | null }[];
  gateway: { orderNumber: string | null };
  carrier?: { settlement: { by: string } | null };
}

/** All that the judge sees. */
export interface Evidence {
  ledger: readonly LedgerEntry[];
  gatewayOrders: readonly GatewayOrder[];
  /** What the gateway still stores after every card was deleted through the API. */
  gatewayCards: readonly StoredCard[];
  cardRequests: readonly CardRequest[];
  /** Every order that the API lists at rest. */
  orders: readonly ShownOrder[];
  /** Changing requests to the API. */
  exchanges: readonly Exchange[];
  /** Null: events were not looked at. */
  events: readonly OrderEvent[] | null;
  deliveries: readonly Delivery[];
  /** Whether every callback was answered `successok` in the end. */
  allArrived: boolean;
  /** The IDs that the keys used for creating calls lead to. */
  ours: readonly string[];
}

/** One order, and all that is known about it elsewhere. */
export interface Case {
  evidence: Evidence;
  order: ShownOrder;
  entries: LedgerEntry[];
  numbers: GatewayOrder[];
  /** An operator decided, or may have: what is decided by mistake is not the functions' fault. */
  isDecided: boolean;
  /** Whether a reason stands, or was published before it was acknowledged. */
  isTold(reason: string): boolean;
}

/** Whether a send of ours may stay open: no answer to a repeat proves anything, and the callback that would is not there. */
export const isOpen = ({ status, attention }: ShownOrder): boolean =>
  attention.some(({ reason }) => reason === 'outcome_unknown') &&
  ['settling', 'cancelling', 'settle_scheduled'].includes(status);
