import { type AttentionReason, type Method, type Status, statuses } from '../domain/order.ts';

/**
 * Which event moves an order where: callbacks (contract 1.5), the answers to our own calls, and people.
 * `against` moves too, but contradicts what was known; what no list names is `other`.
 */
export interface Row {
  method: Method;
  event: string;
  to: Status;
  from: readonly Status[];
  against: readonly Status[];
  repeat: readonly Status[];
  late: readonly Status[];
  contradiction: readonly Status[];
  /** Raised with every move of this row. */
  attention: AttentionReason | null;
}

export type Effect =
  | { kind: 'move'; to: Status; attention: AttentionReason | null }
  | { kind: 'repeat' | 'late' | 'contradiction' | 'not_allowed' };

/** The statuses an order of each method can be in. `unknown` of a carrier order: known from callbacks alone. */
export const statusesOf: Record<Method, readonly Status[]> = {
  card: ['sending', 'not_processed', 'unknown', 'declined', 'registered', 'paid', 'cancelling', 'cancelled'],
  carrier: [
    'unknown',
    'declined',
    'awaiting_customer',
    'authorized',
    'settle_scheduled',
    'settling',
    'settle_failed',
    'paid',
    'cancelling',
    'cancelled',
  ],
  cvs: [
    'sending',
    'not_processed',
    'unknown',
    'declined',
    'awaiting_customer',
    'received',
    'paid',
    'cancelled',
    'expired',
    'reversed',
    'received_after_cancel',
    'paid_after_cancel',
    'reversed_after_cancel',
  ],
};

type Words = string;
interface Draft {
  from: Words;
  against?: Words;
  repeat?: Words;
  late?: Words;
  contradiction?: Words;
  attention?: AttentionReason;
}

/** `other` in a list stands for every status of the method that no other list names. */
function row(method: Method, event: string, to: Status, draft: Draft): Row {
  const listed = `${draft.from} ${draft.against ?? ''} ${draft.repeat ?? ''} ${draft.late ?? ''} ${draft.contradiction ?? ''}`;
  const others = statusesOf[method].filter(status => !listed.split(' ').includes(status));
  const read = (words: Words = ''): Status[] =>
    words.split(' ').flatMap(word => (word === 'other' ? others : statuses.filter(status => status === word)));
  return {
    method,
    event,
    to,
    from: read(draft.from),
    against: read(draft.against),
    repeat: read(draft.repeat),
    late: read(draft.late),
    contradiction: read(draft.contradiction),
    attention: draft.attention ?? null,
  };
}

const afterCancel = 'received_after_cancel paid_after_cancel reversed_after_cancel';

export const transitions: readonly Row[] = [
  row('card', 'card_ok', 'paid', {
    from: 'sending unknown',
    against: 'not_processed declined',
    repeat: 'paid registered',
    late: 'cancelling cancelled',
  }),
  row('card', 'card_ng', 'declined', {
    from: 'sending unknown not_processed',
    repeat: 'declined',
    contradiction: 'paid registered cancelling cancelled',
  }),
  row('card', 'not_processed', 'not_processed', { from: 'sending unknown', repeat: 'not_processed', late: 'other' }),
  row('card', 'no_answer', 'unknown', {
    from: 'sending',
    repeat: 'unknown',
    late: 'other',
    attention: 'outcome_unknown',
  }),

  row('card', 'cancel', 'cancelling', { from: 'paid', repeat: 'cancelled' }),
  row('card', 'cancel_done', 'cancelled', { from: 'cancelling' }),
  row('card', 'resolve_paid', 'paid', { from: 'unknown' }),
  row('card', 'resolve_declined', 'declined', { from: 'unknown' }),
  row('card', 'resolve_cancelled', 'cancelled', { from: 'unknown' }),

  row('carrier', 'schedule', 'settle_scheduled', { from: 'authorized' }),
  row('carrier', 'settle', 'settling', { from: 'authorized' }),
  row('carrier', 'settle_due', 'settling', { from: 'settle_scheduled' }),
  row('carrier', 'settle_done', 'paid', { from: 'settling' }),
  row('carrier', 'settle_booked', 'settle_scheduled', { from: 'settling' }),
  row('carrier', 'settle_cancelled', 'cancelled', { from: 'settling' }),
  row('carrier', 'withdraw', 'settle_scheduled', { from: 'settle_scheduled' }),
  row('carrier', 'withdraw_done', 'authorized', { from: 'settle_scheduled' }),
  row('carrier', 'return', 'cancelling', { from: 'authorized settle_scheduled paid', repeat: 'cancelled' }),
  row('carrier', 'return_done', 'cancelled', { from: 'cancelling' }),

  row('carrier', 'carrier_02', 'declined', {
    from: 'awaiting_customer unknown',
    repeat: 'declined',
    contradiction: 'other',
  }),
  row('carrier', 'carrier_03', 'authorized', {
    from: 'awaiting_customer unknown declined',
    repeat: 'authorized',
    late: 'settle_scheduled settling paid cancelling cancelled settle_failed',
  }),
  row('carrier', 'carrier_06', 'settle_failed', {
    from: 'awaiting_customer unknown authorized settle_scheduled settling',
    repeat: 'settle_failed',
    late: 'cancelling cancelled',
    contradiction: 'paid declined',
  }),
  row('carrier', 'carrier_07', 'paid', {
    from: 'awaiting_customer unknown declined authorized settle_scheduled settling',
    against: 'settle_failed',
    repeat: 'paid',
    late: 'cancelling cancelled',
  }),
  row('carrier', 'carrier_08', 'cancelled', { from: 'other', repeat: 'cancelled' }),
  row('carrier', 'carrier_09', 'paid', { from: 'other', attention: 'cancel_failed' }),

  row('carrier', 'resolve_paid', 'paid', { from: 'unknown' }),
  row('carrier', 'resolve_declined', 'declined', { from: 'unknown' }),
  row('carrier', 'resolve_cancelled', 'cancelled', { from: 'unknown' }),

  row('cvs', 'cvs_01', 'awaiting_customer', {
    from: 'sending unknown not_processed',
    repeat: 'awaiting_customer',
    late: 'other',
  }),
  row('cvs', 'cvs_02', 'declined', {
    from: 'sending unknown not_processed',
    repeat: 'declined',
    contradiction: 'other',
  }),
  row('cvs', 'cvs_03', 'expired', { from: 'sending unknown awaiting_customer', repeat: 'expired', late: 'other' }),
  row('cvs', 'cvs_04', 'received', {
    from: 'sending unknown awaiting_customer expired',
    against: 'not_processed declined',
    repeat: 'received',
    late: 'paid',
    contradiction: `reversed cancelled ${afterCancel}`,
  }),
  row('cvs', 'cvs_05', 'paid', {
    from: 'sending unknown awaiting_customer expired received',
    against: 'not_processed declined reversed',
    repeat: 'paid',
    contradiction: `cancelled ${afterCancel}`,
  }),
  row('cvs', 'cvs_06', 'reversed', {
    from: 'sending unknown awaiting_customer expired received',
    repeat: 'reversed',
    contradiction: 'other',
  }),
  row('cvs', 'cvs_11', 'received_after_cancel', {
    from: 'other',
    repeat: 'received_after_cancel',
    late: 'paid_after_cancel reversed_after_cancel',
    attention: 'money_after_cancel',
  }),
  row('cvs', 'cvs_12', 'paid_after_cancel', {
    from: 'other',
    repeat: 'paid_after_cancel',
    contradiction: 'reversed_after_cancel',
    attention: 'money_after_cancel',
  }),
  row('cvs', 'cvs_13', 'reversed_after_cancel', {
    from: 'other',
    repeat: 'reversed_after_cancel',
    contradiction: 'paid_after_cancel',
  }),
  row('cvs', 'resolve_paid', 'paid', { from: 'unknown awaiting_customer' }),
  row('cvs', 'resolve_declined', 'declined', { from: 'unknown awaiting_customer' }),
  row('cvs', 'resolve_cancelled', 'cancelled', { from: 'unknown awaiting_customer' }),
  row('cvs', 'resolve_awaiting_customer', 'awaiting_customer', { from: 'unknown' }),
  row('cvs', 'not_processed', 'not_processed', { from: 'sending unknown', repeat: 'not_processed', late: 'other' }),
  row('cvs', 'no_answer', 'unknown', {
    from: 'sending',
    repeat: 'unknown',
    late: 'other',
    attention: 'outcome_unknown',
  }),
];

export const findRow = (method: Method, event: string): Row | undefined =>
  transitions.find(each => each.method === method && each.event === event);

export function effectOf(row: Row, status: Status): Effect {
  if (row.from.includes(status)) return { kind: 'move', to: row.to, attention: row.attention };
  if (row.against.includes(status)) return { kind: 'move', to: row.to, attention: row.attention ?? 'contradiction' };
  if (row.repeat.includes(status)) return { kind: 'repeat' };
  if (row.late.includes(status)) return { kind: 'late' };
  if (row.contradiction.includes(status)) return { kind: 'contradiction' };
  return { kind: 'not_allowed' };
}
