/**
 * The convenience-store rows of contract 1.5, copied from there and from nothing else, and what follows from them for
 * one gateway order number: the first line of which a status is known. `-` where a column says nothing.
 */
const rows = `
  known                status                  attention            contradicted by
  12                   paid_after_cancel       money_after_cancel   13
  13                   reversed_after_cancel   -                    -
  11                   received_after_cancel   money_after_cancel   -
  cancelled            cancelled               -                    -
  05                   paid                    -                    -
  06                   reversed                -                    -
  04                   received                -                    -
  03                   expired                 -                    -
  01                   awaiting_customer       -                    02
  02                   declined                -                    -`;

const lines = rows
  .trim()
  .split('\n')
  .slice(1)
  .map(line => line.trim().split(/ +/) as [known: string, status: string, attention: string, against: string]);

/** The nine statuses of a callback; `cancelled` is what an operator decides. */
export const calledStatuses = lines.map(([known]) => known).filter(known => known !== 'cancelled');

/** After an operator's `cancelled`, callbacks that it had not seen count as these. */
export const afterOperatorsCancel: Record<string, string> = { '04': '11', '05': '12', '06': '13' };

/** How the attempt that made the order ended; an answer counts as the callback of the same meaning. */
export const attempts: Record<string, string[]> = {
  sending: [],
  unknown: [],
  not_processed: [],
  declined: ['02'],
  awaiting_customer: ['01'],
};

export interface Standing {
  status: string;
  reasons: string[];
}

/** What the order stands at: how its attempt ended, and the callbacks known, in whatever order and however often. */
export function standingOf(attempt: string, callbacks: readonly string[]): Standing {
  const known = new Set([...(attempts[attempt] ?? []), ...callbacks]);
  const line = lines.find(([each]) => known.has(each));
  if (!line) return { status: attempt, reasons: attempt === 'unknown' ? ['outcome_unknown'] : [] };
  const [, status, attention, against] = line;
  const reasons = [...(known.has(against) ? ['contradiction'] : []), ...(attention === '-' ? [] : [attention])];
  return { status, reasons };
}

/** Every order in which some of the callbacks can arrive, the shorter ones first; `times` bounds how often each does. */
export function* arrivals(calls: readonly string[], times = 1, length = calls.length * times): Generator<string[]> {
  for (let size = 1; size <= length; size += 1) yield* ofLength(calls, times, size);
}

/** Every order in which all of them can arrive, each once. */
export const permutations = <T>(all: readonly T[]): T[][] =>
  all.length === 0 ? [[]] : all.flatMap((first, i) => permutations(all.toSpliced(i, 1)).map(rest => [first, ...rest]));

function* ofLength(calls: readonly string[], times: number, size: number, begun: string[] = []): Generator<string[]> {
  if (begun.length === size) yield begun;
  else
    for (const call of calls) {
      if (begun.filter(each => each === call).length < times) yield* ofLength(calls, times, size, [...begun, call]);
    }
}
