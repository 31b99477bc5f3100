import { type FactKind, furthestFirst, type Line, lines, listed } from '../shared/domain/tables.ts';
import { type Method, type Status, statuses } from '../shared/domain/words.ts';
import { type GeneratedPart, table, writePart } from './support/generated-part.ts';

// npm run readme    writes the grid of docs/order-states.md from shared/domain/tables.ts

export const part: GeneratedPart = { document: 'docs/order-states.md', name: 'order-states' };

const titles: Record<Method, string> = { card: 'Card', carrier: 'Carrier billing', cvs: 'Convenience store' };

/** Facts that are no status of a callback. */
const ownFacts: Record<Exclude<FactKind, `${number}${number}`>, string> = {
  ok: 'a callback OK, or a successful response',
  ok_twice: 'OK under more than one gateway order number',
  ng: 'a callback NG that the newest attempt had not seen when it began',
  ng_seen: 'a callback NG that the newest attempt had seen when it began',
  refused: 'the response refused the newest attempt',
  not_processed: 'nothing happened in the newest attempt',
  cancel_done: 'our cancel succeeded, or was said to be done before',
  return_done: 'our return succeeded, or was said to be done before',
  settle_done: 'our settlement for the same day succeeded, or was said to be done before',
  cancelled_by_operator: 'an operator decided that it is cancelled',
};

/** Statuses of callbacks, in the words of the manuals. */
const callbackMeanings: Record<Method, Record<string, string>> = {
  card: { OK: 'charged', NG: 'refused' },
  carrier: {
    '02': 'the authorization failed',
    '03': 'authorized (provisional sale)',
    '06': 'the settlement failed',
    '07': 'settled',
    '08': 'cancelled or returned',
    '09': 'the cancel or return failed',
  },
  cvs: {
    '01': 'issued, waiting for the payment',
    '02': 'not issued',
    '03': 'expired',
    '04': 'cash received, not final',
    '05': 'paid, final',
    '06': 'the cash was taken back',
    '11': 'cash received after a cancellation, not final',
    '12': 'paid after a cancellation, final',
    '13': 'the cash was taken back after a cancellation',
  },
};

/** Where no line applies. */
const otherwise: Record<Method, string> = {
  card: 'how the newest attempt ended: `not_processed`, `unknown`',
  carrier: '`awaiting_customer`; an external order: `unknown`',
  cvs: 'how the newest attempt ended: `not_processed`, `unknown`',
};

/** Statuses that no line gives. */
const notInGrid: Partial<Record<Status, string>> = {
  sending: 'the request that makes the order is open',
  not_processed: 'nothing happened in the newest attempt',
  unknown: 'the outcome of the newest attempt is not known',
  registered: '`paid` with amount 0',
  awaiting_customer: 'a carrier order of which nothing is known yet',
  settle_scheduled: '`authorized`, and a settlement is booked or a withdrawal is open',
  settling: 'a settlement is open',
  cancelling: 'a cancel or a return is open',
};

const methods = Object.keys(lines) as Method[];
const code = (text: string): string => `\`${text}\``;
const codes = (texts: readonly string[]): string => texts.map(code).join(', ');

export const orderStates = (): string =>
  [
    ...methods.map(gridOf),
    '### Facts\n',
    factTable(),
    '### Of several payments\n',
    order(),
    '### Every status\n',
    all(),
  ]
    .map(block => `\n${block}`)
    .join('')
    .concat('\n');

function gridOf(method: Method): string {
  const rows = lines[method].map(line => [codes(line.when), statusOf(method, line), codes(line.contradictedBy ?? [])]);
  return `### ${titles[method]}\n\n${table(['any of these facts', 'status', '! beside any of'], [...rows, ['otherwise', otherwise[method], '']])}`;
}

function statusOf(method: Method, { status, attention }: Line): string {
  const shown = method === 'card' && status === 'paid' ? '`paid`; with amount 0 `registered`' : code(status);
  return attention ? `${shown}, with ${code(attention)}` : shown;
}

function factTable(): string {
  const callbacks = methods.flatMap(method =>
    Object.entries(listed[method])
      .toSorted()
      .map(([status, kind]) => {
        const meaning = callbackMeanings[method][status];
        if (meaning === undefined) throw new Error(`Say what ${method} ${status} means.`);
        return [code(kind), method, `callback ${status}: ${meaning}`];
      }),
  );
  const own = Object.entries(ownFacts).map(([kind, meaning]) => [code(kind), methodsOf(kind as FactKind), meaning]);
  const isCallback = new Set(callbacks.map(([kind]) => kind));
  const rows = [...callbacks, ...own.filter(([kind = '']) => !isCallback.has(kind))];
  const note = 'A successful response to a charge counts as OK, one to a convenience-store order as 01.';
  return `${note}\n\n${table(['fact', 'method', 'is'], rows)}`;
}

const methodsOf = (kind: FactKind): string =>
  methods
    .filter(method => lines[method].some(each => [...each.when, ...(each.contradictedBy ?? [])].includes(kind)))
    .join(', ');

const order = (): string => `The first of these is shown: ${codes(furthestFirst)}.\n`;

function all(): string {
  const cell = (method: Method, status: Status) =>
    codes(lines[method].filter(line => line.status === status).flatMap(({ when }) => when));
  const rows = statuses.map(status => [
    code(status),
    ...methods.map(method => cell(method, status)),
    notInGrid[status] ?? '',
  ]);
  return table(['status', ...methods, 'or'], rows);
}

if (import.meta.main) writePart(part, orderStates());
