/**
 * Contract 1.5 typed out cell by cell, from the contract and from nothing else.
 * M moves, A moves with attention, R repeat, L late, C contradiction.
 */
import type { Method, Status } from '../../shared/domain/order.ts';

export interface Cell {
  method: Method;
  event: string;
  /** What the gateway calls it: OK, 03 … */
  called: string;
  from: Status;
  effect: 'M' | 'A' | 'R' | 'L' | 'C';
  to: Status;
  attention: string | null;
}

const grids: Record<Method, string> = {
  card: `
               to        sending not_processed unknown declined registered paid cancelling cancelled
    OK         paid      M       A             M       A        R          R    L          L
    NG         declined  M       M             M       R        C          C    C          C`,
  carrier: `
               to             unknown awaiting_customer declined authorized settle_scheduled settling settle_failed paid cancelling cancelled
    02         declined       M       M                 R        C          C                C        C             C    C          C
    03         authorized     M       M                 M        R          L                L        L             L    L          L
    06         settle_failed  M       M                 C        M          M                M        R             C    L          L
    07         paid           M       M                 M        M          M                M        A             R    L          L
    08         cancelled      M       M                 M        M          M                M        M             M    M          R
    09         paid           A       A                 A        A          A                A        A             A    A          A`,
  cvs: `
        to                     sending not_processed unknown declined awaiting_customer received paid expired reversed received_after_cancel paid_after_cancel reversed_after_cancel
    01  awaiting_customer      M       M             M       L        R                 L        L    L       L        L                     L                 L
    02  declined               M       M             M       R        C                 C        C    C       C        C                     C                 C
    03  expired                M       L             M       L        M                 L        L    R       L        L                     L                 L
    04  received               M       A             M       A        M                 R        L    M       C        C                     C                 C
    05  paid                   M       A             M       A        M                 M        R    M       A        C                     C                 C
    06  reversed               M       C             M       C        M                 M        C    M       R        C                     C                 C
    11  received_after_cancel  A       A             A       A        A                 A        A    A       A        R                     L                 L
    12  paid_after_cancel      A       A             A       A        A                 A        A    A       A        A                     R                 C
    13  reversed_after_cancel  M       M             M       M        M                 M        M    M       M        M                     C                 R`,
};

/** Where a move's attention is another than `contradiction`. */
const attentions: Record<string, string> = {
  carrier_09: 'cancel_failed',
  cvs_11: 'money_after_cancel',
  cvs_12: 'money_after_cancel',
};

export const contractTable: readonly Cell[] = Object.entries(grids).flatMap(([method, grid]) => {
  const [header = [], ...rows] = grid
    .trim()
    .split('\n')
    .map(line => line.trim().split(/ +/));
  const columns = header.slice(1);
  return rows.flatMap(([called = '', to = '', ...cells]) =>
    cells.map((effect, i) => cell(method, called, to, columns[i] ?? '', effect)),
  );
});

function cell(method: string, called: string, to: string, from: string, effect: string): Cell {
  const event = `${method}_${called.toLowerCase()}`;
  const moves = effect === 'M' || effect === 'A';
  const attention = effect === 'A' ? (attentions[event] ?? 'contradiction') : effect === 'C' ? 'contradiction' : null;
  return { method, event, called, from, effect, to: moves ? to : from, attention } as Cell;
}
