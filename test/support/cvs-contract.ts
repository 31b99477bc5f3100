/**
 * The convenience-store rows of contract 1.5 in the contract's own words, copied from there and from nothing else, and
 * what follows from them. `!` moves too, with attention `contradiction`. "every other" is what no cell of the row names.
 */
interface Words {
  to: string;
  from: string;
  repeat: string;
  late: string;
  contradiction: string;
  attention?: string;
}

const rows: Record<string, Words> = {
  '01': {
    to: 'awaiting_customer',
    from: 'sending, unknown, not_processed',
    repeat: 'awaiting_customer',
    late: 'every other',
    contradiction: '',
  },
  '02': {
    to: 'declined',
    from: 'sending, unknown, not_processed',
    repeat: 'declined',
    late: '',
    contradiction: 'every other',
  },
  '03': {
    to: 'expired',
    from: 'sending, unknown, awaiting_customer',
    repeat: 'expired',
    late: 'every other',
    contradiction: '',
  },
  '04': {
    to: 'received',
    from: 'sending, unknown, not_processed!, awaiting_customer, expired, declined!',
    repeat: 'received',
    late: 'paid',
    contradiction: 'reversed, received_after_cancel, paid_after_cancel, reversed_after_cancel',
  },
  '05': {
    to: 'paid',
    from: 'sending, unknown, not_processed!, awaiting_customer, expired, declined!, received, reversed!',
    repeat: 'paid',
    late: '',
    contradiction: 'received_after_cancel, paid_after_cancel, reversed_after_cancel',
  },
  '06': {
    to: 'reversed',
    from: 'sending, unknown, awaiting_customer, expired, received',
    repeat: 'reversed',
    late: '',
    contradiction: 'paid, every other',
  },
  '11': {
    to: 'received_after_cancel',
    from: 'every other',
    repeat: 'received_after_cancel',
    late: 'paid_after_cancel, reversed_after_cancel',
    contradiction: '',
    attention: 'money_after_cancel',
  },
  '12': {
    to: 'paid_after_cancel',
    from: 'every other',
    repeat: 'paid_after_cancel',
    late: '',
    contradiction: 'reversed_after_cancel',
    attention: 'money_after_cancel',
  },
  '13': {
    to: 'reversed_after_cancel',
    from: 'every other',
    repeat: 'reversed_after_cancel',
    late: '',
    contradiction: 'paid_after_cancel',
  },
};

export const calledStatuses = Object.keys(rows);

/** After an operator's `cancelled`, 04, 05 and 06 move like 11, 12 and 13. */
export const afterOperatorsCancel: Record<string, string> = { '04': '11', '05': '12', '06': '13' };

export interface Standing {
  status: string;
  attention: string | null;
}

type Effect = 'moves' | 'moves!' | 'repeat' | 'late' | 'contradiction';

export function effectOf(status: string, called: string): Effect {
  const row = rows[called];
  if (!row) throw new Error(`The contract has no row ${called}`);
  const cells: [Effect, string][] = [
    ['moves', row.from],
    ['moves!', row.from],
    ['repeat', row.repeat],
    ['late', row.late],
    ['contradiction', row.contradiction],
  ];
  const named = cells.find(([effect, cell]) => words(cell).includes(effect === 'moves!' ? `${status}!` : status));
  const other = cells.find(([effect, cell]) => effect !== 'moves!' && words(cell).includes('every other'));
  const found = named ?? other;
  if (!found) throw new Error(`Row ${called} does not say what happens in ${status}`);
  return found[0];
}

const words = (cell: string): string[] => cell.split(', ').filter(Boolean);

/**
 * Where one call leaves an order. Of attention the contract says (1.4): the first reason stays, but
 * `outcome_unknown` goes by itself when the outcome comes.
 */
export function standingAfter({ status, attention }: Standing, called: string): Standing {
  const effect = effectOf(status, called);
  const row = rows[called] as Words;
  switch (effect) {
    case 'moves':
    case 'moves!': {
      const kept = attention === 'outcome_unknown' ? null : attention;
      const raised = row.attention ?? (effect === 'moves!' ? 'contradiction' : null);
      return { status: row.to, attention: kept ?? raised };
    }
    case 'repeat':
    case 'late':
      return { status, attention };
    case 'contradiction':
      return { status, attention: attention ?? 'contradiction' };
  }
}

export const standingAfterAll = (start: Standing, calls: readonly string[]): Standing =>
  calls.reduce(standingAfter, start);

/** Every order in which some of the calls can arrive, the shorter ones first; `times` bounds how often each does. */
export function* arrivals(calls: readonly string[], times = 1, length = calls.length * times): Generator<string[]> {
  for (let size = 1; size <= length; size += 1) yield* ofLength(calls, times, size);
}

function* ofLength(calls: readonly string[], times: number, size: number, begun: string[] = []): Generator<string[]> {
  if (begun.length === size) yield begun;
  else
    for (const call of calls) {
      if (begun.filter(each => each === call).length < times) yield* ofLength(calls, times, size, [...begun, call]);
    }
}
